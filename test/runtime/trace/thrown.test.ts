import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { isAbortError, saidBy } from '../../../runtime/src/trace/thrown.ts'

const written = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace') ?? {}
afterEach(() => {
  Object.defineProperty(Error, 'prepareStackTrace', written)
})

describe('what was thrown, as text', () => {
  it('gives an error without its stack', () => {
    expect(saidBy(new RangeError('too far'))).toBe('RangeError: too far')
    expect(saidBy(new RangeError())).toBe('RangeError')
  })

  it.each([
    ['a string', 'out of luck', 'out of luck'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 7, '7'],
    ['a symbol', Symbol('lost'), 'Symbol(lost)'],
    ['a function', () => 1, '(a function)'],
    ['an object', {}, '(an object)'],
    ['an object with a message', { name: 'Problem', message: 'no' }, 'Problem: no'],
  ])('gives %s', (_what, thrown, text) => {
    expect(saidBy(thrown)).toBe(text)
  })

  it('gives an AbortError, and knows it for one', () => {
    const reason: unknown = AbortSignal.abort().reason
    expect(saidBy(reason).split('\n')[0]).toBe('AbortError: This operation was aborted')
    expect(isAbortError(reason)).toBe(true)
    expect(isAbortError(Object.assign(new Error('x'), { name: 'AbortError' }))).toBe(true)
    expect(isAbortError(new Error('AbortError'))).toBe(false)
    expect(isAbortError('AbortError')).toBe(false)
  })

  it('gives an error of another realm', () => {
    expect(saidBy(runInNewContext('new TypeError("elsewhere")')).split('\n')[0]).toBe('TypeError: elsewhere')
  })
})

describe('code of the program', () => {
  it.each([
    ['toString', (bomb: () => never) => ({ toString: bomb })],
    [
      'a getter for the message',
      (bomb: () => never) => Object.defineProperty(new Error('x'), 'message', { get: bomb }),
    ],
    ['a getter for the stack', (bomb: () => never) => Object.defineProperty(new Error('x'), 'stack', { get: bomb })],
    [
      'a getter for the name',
      (bomb: () => never) =>
        new (class extends Error {
          override get name(): string {
            return bomb()
          }
        })(),
    ],
    [
      'a proxy',
      (bomb: () => never) =>
        new Proxy(new Error('x'), { get: bomb, getPrototypeOf: bomb, getOwnPropertyDescriptor: bomb }),
    ],
    [
      'a proxy that is revoked',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      },
    ],
    [
      'an object behind a proxy',
      (bomb: () => never): unknown =>
        Object.create(
          new Proxy(DOMException.prototype, { get: bomb, getPrototypeOf: bomb, getOwnPropertyDescriptor: bomb }),
        ),
    ],
    [
      'an abort error with getters of its own',
      (bomb: () => never): unknown =>
        Object.defineProperties(AbortSignal.abort().reason as object, { name: { get: bomb }, message: { get: bomb } }),
    ],
    [
      'a prototype that is a proxy',
      (bomb: () => never): unknown =>
        Object.setPrototypeOf(new Error(), new Proxy({}, { get: bomb, getOwnPropertyDescriptor: bomb })),
    ],
  ])('is not called: %s', (_what, make) => {
    let called = 0
    const bomb = (): never => {
      called++
      throw new Error('called')
    }
    const thrown: unknown = make(bomb)
    expect(saidBy(thrown)).toBeTypeOf('string')
    isAbortError(thrown)
    expect(called).toBe(0)
  })

  it('is not called to write a stack, and writes it later as if nothing had looked', () => {
    let called = 0
    const error = new Error('quiet')
    expect(saidBy(error)).toBe('Error: quiet')
    Error.prepareStackTrace = () => {
      called++
      return 'written by the program'
    }
    expect(saidBy(error)).toBe('Error: quiet')
    expect(called).toBe(0)
    expect(error.stack).toBe('written by the program')
  })
})
