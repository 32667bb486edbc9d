import { Semaphore, type Permit } from './semaphore.ts'
import type { WaitOptions } from './task.ts'

/**
 * Lets one at a time into a section of code that awaits. First come, first served; not re-entrant: waiting for
 * the lock while holding it is a dead-lock, in which Node rejects the wait when the holder is `runExclusive`.
 *
 * The idea comes from Go's sync.Mutex.
 */
export class Mutex {
  readonly #semaphore = new Semaphore(1, 'The mutex', Mutex)

  /** Whether somebody holds the lock. */
  get locked(): boolean {
    return this.#semaphore.available === 0
  }

  /**
   * Waits for the lock.
   *
   * @returns what unlocks it, to be called once or declared with `using`.
   * @throws the signal's reason when it aborts first.
   */
  lock(options?: WaitOptions): Promise<Permit> {
    return this.#semaphore.acquire(1, options)
  }

  /** As `lock`, but gives `undefined` when it is locked. */
  tryLock(): Permit | undefined {
    return this.#semaphore.tryAcquire()
  }

  /**
   * Runs `fn` while holding the lock, and unlocks however it ends. The signal ends the wait for the lock only.
   *
   * @throws what `fn` throws; the signal's reason when it aborts before the lock was had.
   */
  runExclusive<R>(fn: () => R | PromiseLike<R>, options?: WaitOptions): Promise<Awaited<R>> {
    return this.#semaphore.use(fn, options)
  }
}
