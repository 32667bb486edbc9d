import { expectFunction, signalOf, unexpected } from './expect.ts'
import type { WaitOptions } from './task.ts'
import { endTask, failTask, inTask, openScope, startTask, traceLevel, traceLine, TRACES } from '#traced'
import { WaitQueue } from './waitQueue.ts'

/**
 * Counts work that is under way and lets others wait until there is none. May be used again after that. It knows
 * nothing of failures: where tasks can fail, a `group` is the better choice.
 *
 * The idea comes from Go's sync.WaitGroup.
 */
export class WaitGroup {
  readonly #waiting = new WaitQueue()
  #count = 0

  constructor() {
    openScope(this, 'waitGroup', undefined, 0, WaitGroup)
    if (TRACES) traceLine(this.#waiting, 'group', this)
  }

  /** Work under way. */
  get count(): number {
    return this.#count
  }

  /**
   * Adds to the count.
   *
   * @param n may be negative. Default: 1.
   * @throws RangeError when the count would fall below zero; it is then left as it was.
   */
  add(n = 1): void {
    if (!Number.isSafeInteger(n)) throw unexpected('n', 'an integer', n)
    const count = this.#count + n
    if (count < 0) {
      throw new RangeError(`The count would fall to ${count}: \`done\` was called more often than \`add\``)
    }
    this.#count = count
    if (TRACES) traceLevel(this, count, this.#waiting.size)
    if (count === 0) this.#waiting.resolveAll()
  }

  /**
   * Takes one off the count.
   *
   * @throws RangeError when the count is zero already.
   */
  done(): void {
    this.add(-1)
  }

  /**
   * Waits until the count is zero.
   *
   * @throws the signal's reason when it aborts first.
   */
  wait(options?: WaitOptions): Promise<void> {
    const signal = signalOf(options)
    return this.#waiting.waitWhile(this.#count > 0, signal)
  }

  /**
   * Counts `fn` until it has ended.
   *
   * @returns the promise of `fn`: a failure, a synchronous throw included, is the caller's to handle.
   */
  go<R>(fn: () => R | PromiseLike<R>): Promise<Awaited<R>> {
    expectFunction('fn', fn)
    return this.#go(fn)
  }

  async #go<R>(fn: () => R | PromiseLike<R>): Promise<Awaited<R>> {
    this.add()
    const traced = TRACES ? startTask(this, undefined, 'go') : undefined
    try {
      const value = await (TRACES && traced !== undefined ? inTask(traced, fn) : fn())
      endTask(traced)
      return value
    } catch (error) {
      failTask(traced, error)
      throw error
    } finally {
      this.done()
    }
  }
}
