import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { locationOf } from '../../../runtime/src/trace/location.ts'

function here(): string | undefined {
  return locationOf(here)
}

/** As often as `depth` says, called by itself. */
function inner(depth: number, from: () => unknown): string | undefined {
  return depth === 0 ? locationOf(from) : inner(depth - 1, from)
}

describe('the location of a call', () => {
  it('is that of the caller, with the function, the line and the column', () => {
    function caller(): string | undefined {
      return here()
    }
    const found = /^caller@(.+):(\d+):(\d+)$/.exec(caller() ?? '')
    expect(basename(found?.[1]?.replace(/^file:.*$/u, (url) => fileURLToPath(url)) ?? '')).toBe('location.test.ts')
    expect(Number(found?.[2])).toBeGreaterThan(1)
  })

  it('leaves out what the called function calls itself', () => {
    function start(): string | undefined {
      return inner(20, start)
    }
    function caller(): string | undefined {
      return start()
    }
    expect(caller()).toMatch(/^caller@/)
  })

  it('is missing when that function is not being called, and nothing is left behind', () => {
    const before = Object.getOwnPropertyDescriptors(Error)
    expect(locationOf(() => undefined)).toBeUndefined()
    expect(Object.getOwnPropertyDescriptors(Error)).toEqual(before)
  })

  it('does not run what the program writes its stacks with', () => {
    const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace') ?? {}
    let called = 0
    const own = (): string => {
      called++
      return ''
    }
    Error.prepareStackTrace = own
    try {
      expect(here()).toContain('location.test.ts')
      expect(Reflect.get(Error, 'prepareStackTrace')).toBe(own)
    } finally {
      Object.defineProperty(Error, 'prepareStackTrace', before)
    }
    expect(called).toBe(0)
  })

  describe.each(['prepareStackTrace', 'stackTraceLimit'] as const)('leaves %s as it is', (name) => {
    const before = Object.getOwnPropertyDescriptor(Error, name)
    afterEach(() => {
      Reflect.deleteProperty(Error, name)
      if (before !== undefined) Object.defineProperty(Error, name, before)
    })

    it('when there is none', () => {
      Reflect.deleteProperty(Error, name)
      expect(here()).toContain('location.test.ts')
      expect(Object.hasOwn(Error, name)).toBe(false)
    })

    it('when it is set to nothing', () => {
      Object.defineProperty(Error, name, { value: undefined, writable: true, configurable: true, enumerable: false })
      const own = Object.getOwnPropertyDescriptor(Error, name)
      expect(here()).toContain('location.test.ts')
      expect(Object.getOwnPropertyDescriptor(Error, name)).toEqual(own)
    })

    it('when the program watches it', () => {
      let noticed = 0
      const own = {
        get: () => {
          noticed++
        },
        set: () => {
          noticed++
        },
        configurable: true,
        enumerable: false,
      }
      Object.defineProperty(Error, name, own)
      expect(here()).toBeUndefined()
      expect(Object.getOwnPropertyDescriptor(Error, name)).toEqual(own)
      expect(noticed).toBe(0)
    })

    it('when it cannot be changed', () => {
      const own = { value: undefined, writable: false, configurable: true, enumerable: false }
      Object.defineProperty(Error, name, own)
      expect(here()).toBeUndefined()
      expect(Object.getOwnPropertyDescriptor(Error, name)).toEqual(own)
    })
  })

  it('is found behind parts of the language that call for the program', () => {
    function caller(): (string | undefined)[] {
      return [1].map(here)
    }
    expect(caller()).toEqual([expect.stringMatching(/^caller@.*location\.test\.ts:\d+:\d+$/u)])
  })

  it('tells callers on one line apart, however often they are asked for', () => {
    const both = (): (string | undefined)[] => [here(), here()]
    const [one, other] = both()
    expect(one).not.toBe(other)
    expect(both()).toEqual([one, other])
  })
})
