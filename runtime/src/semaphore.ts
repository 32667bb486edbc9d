import { dispose } from './disposal.ts'
import { expectFunction, expectPositiveInteger, signalOf } from './expect.ts'
import { StallWatch, WATCHES } from '#stall'
import { openOwnScope, traceLevel, traceLine, TRACES, type TracedScope } from '#traced'
import type { WaitOptions } from './task.ts'
import type { Caller } from './trace/probe.ts'
import { WaitQueue } from './waitQueue.ts'

/** Permits that are held: call it, or declare it with `using`, to give them back. Twice is an error. */
export interface Permit extends Disposable {
  (): void
}

function disposePermit(this: Permit): void {
  this()
}

/**
 * A number of permits, each request taking one or more of them. Strictly first come, first served: a large
 * request is never passed by smaller ones that would fit, so it is never starved.
 *
 * The idea comes from Go's x/sync/semaphore. Waiting for permits while holding some can end
 * in a dead-lock. Once all are held by calls of `use` that wait for more, Node gives those an error that says where.
 *
 * ```ts
 * const connections = new Semaphore(10)
 * const release = await connections.acquire(1, { signal })
 * try { await query() } finally { release() }
 * ```
 */
export class Semaphore {
  /** How many permits there are in all. */
  readonly permits: number
  // Each brings how many it waits for; below zero when no permit is to be made, since `use` needs none.
  // One that leaves the head of the line may have been too large for what smaller ones behind it can have.
  readonly #queue = new WaitQueue<Permit | undefined, number>(() => {
    this.#serve()
  })
  #available: number
  /** Calls of `use` that hold permits, and how many these are. */
  #users = 0
  #used = 0
  readonly #label: string
  /** Undefined while it is not recorded. */
  readonly #scope: TracedScope | undefined
  /** Engines forget shapes that nothing has, and with them the code that they optimised for permits. */
  readonly #shape = this.#permit(0)
  #watch: StallWatch | undefined

  /**
   * @param label How errors call it.
   * @throws TypeError when `permits` is no positive integer.
   */
  constructor(permits: number, label = 'The semaphore', from: Caller = Semaphore) {
    expectPositiveInteger('permits', permits)
    this.#label = label
    this.permits = permits
    this.#available = permits
    if (TRACES) {
      const lock = from !== Semaphore
      this.#scope = openOwnScope(this, lock ? 'mutex' : 'semaphore', undefined, permits, from)
      traceLine(this.#queue, lock ? 'lock' : 'permit', this.#scope ?? this)
    }
  }

  /** Permits that nobody holds. They may be promised to the first in line, who waits for more. */
  get available(): number {
    return this.#available
  }

  /** Requests in line. */
  get waiting(): number {
    return this.#queue.size
  }

  /**
   * Waits for `n` permits.
   *
   * @param n Default: 1.
   * @returns the permit, to be given back once.
   * @throws RangeError at the call when there are fewer than `n` permits in all; the signal's reason when it
   * aborts first, even when permits are free: the request has then left the line.
   */
  acquire(n = 1, options?: WaitOptions): Promise<Permit> {
    this.#expectAmount(n)
    const signal = signalOf(options)
    if (this.#take(n, signal)) return Promise.resolve(this.#permit(n))
    return this.#line(n, signal) as Promise<Permit>
  }

  /** As `acquire`, but gives `undefined` instead of waiting, also when others wait. */
  tryAcquire(n = 1): Permit | undefined {
    this.#expectAmount(n)
    return this.#take(n) ? this.#permit(n) : undefined
  }

  /**
   * Runs `fn` while holding permits, and gives them back however it ends.
   *
   * @param options `n`: how many, 1 by default; `signal`: ends the wait for them, and no more than that.
   */
  use<R>(fn: () => R | PromiseLike<R>, options?: WaitOptions & { readonly n?: number }): Promise<Awaited<R>> {
    expectFunction('fn', fn)
    const signal = signalOf(options)
    const { n = 1 } = options ?? {}
    this.#expectAmount(n)
    if (this.#take(n, signal)) return this.#hold(fn, n)
    return this.#line(-n, signal).then(() => this.#hold(fn, n))
  }

  readonly #hold = async <R>(fn: () => R | PromiseLike<R>, n: number): Promise<Awaited<R>> => {
    if (WATCHES) this.#count(1, n)
    try {
      return await fn()
    } finally {
      if (WATCHES) this.#count(-1, -n)
      this.#give(n)
    }
  }

  #count(users: number, used: number): void {
    this.#users += users
    this.#used += used
  }

  #line(load: number, signal: AbortSignal | undefined): Promise<Permit | undefined> {
    if (WATCHES) {
      this.#watch ??= new StallWatch(
        {
          label: this.#label,
          holding: [this.#hold],
          holders: () => (this.permits - this.#available === this.#used ? this.#users : undefined),
          abortable: (own) => own !== undefined,
        },
        this.#queue,
      )
      this.#watch.arm()
    }
    const wait = this.#queue.wait(signal, load)
    if (TRACES) traceLevel(this.#scope, this.permits - this.#available, this.#queue.size)
    return wait
  }

  #take(n: number, signal?: AbortSignal): boolean {
    if (this.#queue.size > 0 || this.#available < n || signal?.aborted === true) return false
    this.#available -= n
    if (TRACES) traceLevel(this.#scope, this.permits - this.#available, this.#queue.size)
    return true
  }

  #give(n: number): void {
    this.#available += n
    if (this.#queue.size > 0) this.#serve()
    if (TRACES) traceLevel(this.#scope, this.permits - this.#available, this.#queue.size)
  }

  #serve(): void {
    for (let first = this.#queue.first; first !== undefined; first = this.#queue.first) {
      const n = Math.abs(first.load)
      if (n > this.#available) return
      this.#available -= n
      this.#queue.resolveFirst(first.load > 0 ? this.#permit(n) : undefined)
    }
  }

  #permit(n: number): Permit {
    let held = true
    const release = () => {
      if (!held) throw new Error('This permit was released before')
      held = false
      this.#give(n)
    }
    release[dispose] = disposePermit
    return release
  }

  #expectAmount(n: number): void {
    expectPositiveInteger('n', n)
    if (n > this.permits) {
      throw new RangeError(`${n} permits were asked for, but the semaphore has ${this.permits} in all`)
    }
  }
}
