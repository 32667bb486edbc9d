import { afterEach, beforeEach, expect, vi } from 'vitest'
import { settle } from '../deferred.ts'
import { listeners } from '../listeners.ts'

const { FORKLINE_RUNS } = process.env

/** Times each property is tried. `FORKLINE_RUNS=5000` is for a night. */
const RUNS = Number(FORKLINE_RUNS ?? 150)

/** For `fc.assert`: `share` makes a dear property be tried less often than others. */
export function tries(share = 1): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.round(RUNS * share)) }
}

/** What a piece of work does. */
export interface Work {
  /** How long it takes. */
  readonly ms: number
  readonly fails: boolean
  /** Whether it stops as soon as its signal aborts; else it runs to its end. */
  readonly obeys: boolean
}

/** The error of a piece of work. */
export class Failure extends Error {
  readonly id: number

  constructor(id: number) {
    super(`work ${id} failed`)
    this.id = id
  }
}

/** The reason of an abort that the test caused. */
export class Cancelled extends Error {}

export type Settled = { readonly value: unknown } | { readonly error: unknown }

/** How often what still waits when all timers have fired is looked at again. */
const LOOKS = 20

/** The platform's, before the virtual clock takes its place. */
const { setTimeout: later } = globalThis

function realPause(): Promise<void> {
  return new Promise((resolve) => {
    later(resolve, 1)
  })
}

/**
 * One random program under a virtual clock: it says what runs, notices what is left behind, and when no timer is
 * left, what still waits is a dead-lock.
 */
export class World {
  /** What happened, in order. */
  readonly log: { readonly event: 'start' | 'end' | 'fail' | 'stop' | 'abort'; readonly id: number }[] = []
  active = 0
  peak = 0
  readonly #controllers: AbortController[] = []
  readonly #pending = new Map<string, Promise<unknown>>()
  #count = 0
  #planned = 0

  constructor() {
    // What a failed try left must not confuse the search for a smaller one.
    vi.clearAllTimers()
  }

  /** Milliseconds on the virtual clock. */
  get now(): number {
    return performance.now()
  }

  /** A signal that aborts at a time, or never; no listener may be left on it at the end. */
  signal(abortAt?: number, onAbort?: () => void): AbortSignal {
    const controller = new AbortController()
    this.#controllers.push(controller)
    if (abortAt !== undefined) {
      this.at(abortAt, () => {
        this.log.push({ event: 'abort', id: -1 })
        onAbort?.()
        controller.abort(new Cancelled('aborted by the test'))
      })
    }
    return controller.signal
  }

  /** Plans something; not counted among the timers that the primitives leave behind. */
  at(ms: number, act: () => void): void {
    this.#planned++
    setTimeout(() => {
      this.#planned--
      act()
    }, ms)
  }

  /** A pause of the test's own, which no signal ends: as `at`. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(ms, resolve)
    })
  }

  /** Does a piece of work, and gives its id. */
  async work(id: number, { ms, fails, obeys }: Work, signal: AbortSignal): Promise<number> {
    this.log.push({ event: 'start', id })
    this.peak = Math.max(this.peak, ++this.active)
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', stop)
          resolve()
        }, ms)
        const stop = () => {
          clearTimeout(timer)
          this.log.push({ event: 'stop', id })
          reject(signal.reason as Error)
        }
        if (obeys) signal.addEventListener('abort', stop, { once: true })
      })
      if (fails) {
        this.log.push({ event: 'fail', id })
        throw new Failure(id)
      }
      this.log.push({ event: 'end', id })
      return id
    } finally {
      this.active--
    }
  }

  /** Has to settle before the end. Gives how. */
  expectEnd(name: string, promise: Promise<unknown>): Promise<Settled> {
    const key = `${name} #${this.#count++}`
    const settled = promise.then(
      (value: unknown) => ({ value }),
      (error: unknown) => ({ error }),
    )
    this.#pending.set(key, settled)
    void settled.then(() => this.#pending.delete(key))
    return settled
  }

  /**
   * Lets time pass until nothing is left to happen, then looks for what should not be there.
   *
   * @param others whose work may still go on.
   */
  async finish(...others: readonly World[]): Promise<void> {
    await this.#passTime(others)
    // On a busy machine the watch for dead-locks looks at lines by real time, and whoever it looks at hears a little later.
    for (let looks = 0; looks < LOOKS && this.#pending.size > 0; looks++) {
      await realPause()
      await this.#passTime(others)
    }
    expect([...this.#pending.keys()], 'what waits for ever').toEqual([])
    expect(this.active, 'what still runs').toBe(0)
    const left = this.#controllers.map(({ signal }) => listeners(signal))
    expect(left, 'listeners left').toEqual(left.map(() => 0))
  }

  async #passTime(others: readonly World[]): Promise<void> {
    await settle()
    while (vi.getTimerCount() > 0) {
      const idle =
        this.#pending.size === 0 && this.#planned === 0 && [this, ...others].every((world) => world.active === 0)
      expect(idle, 'only forgotten timers are left').toBe(false)
      vi.advanceTimersToNextTimer()
      await settle()
    }
  }

  ids(event: 'start' | 'end' | 'fail' | 'stop'): number[] {
    return this.log.filter((entry) => entry.event === event).map(({ id }) => id)
  }
}

/** Puts the virtual clock up for the tests of a file. `setImmediate` stays real, and takes no time on it. */
export function useVirtualClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}
