import { StallWatch, WATCHES, type Limited } from '#stall'
import { WaitQueue } from './waitQueue.ts'

/** Never used: engines forget a shape that nothing has, and with it the code that they optimised for it. */
let kept: Places | undefined

/** Room for so many at once, and the line before it. Who waits may bring a load, which it is given with the place. */
export class Places<L = undefined> {
  readonly size: number
  /** How many are taken. */
  taken = 0
  /** While it is set, nobody in line is given a place. */
  paused = false
  readonly line: WaitQueue<L, L>
  readonly #watched: Omit<Limited, 'holders'> | undefined
  #watch: StallWatch | undefined

  /**
   * @param watched what a dead-lock is known by; undefined where nobody looks.
   * @param onLeave runs for each that is rejected, after it has left the line.
   */
  constructor(size: number, watched: Omit<Limited, 'holders'> | undefined, onLeave?: (load: L) => void) {
    this.size = size
    this.#watched = watched
    this.line = new WaitQueue(onLeave)
    if (kept === undefined) {
      kept = this as unknown as Places
      kept = new Places(0, undefined)
    }
  }

  /** Takes a place, if there is one. To be given back with `free`. */
  take(): boolean {
    if (this.paused || this.taken >= this.size) return false
    this.taken++
    return true
  }

  /** Waits for a place, which is taken as the wait ends. */
  wait(signal: AbortSignal | undefined, load: L): Promise<L> {
    if (WATCHES && this.#watched !== undefined) {
      this.#watch ??= new StallWatch(
        {
          ...this.#watched,
          holders: () => (this.paused || this.taken < this.size ? undefined : this.taken),
        },
        this.line,
      )
      this.#watch.arm()
    }
    return this.line.wait(signal, load)
  }

  /** Gives a place to the first in line, or back. */
  free(): void {
    if (this.paused || !this.#serve()) this.taken--
  }

  resume(): void {
    this.paused = false
    while (this.taken < this.size && this.#serve()) this.taken++
  }

  /** Gives everybody in line a place, also beyond the size. */
  serveAll(): void {
    while (this.#serve()) this.taken++
  }

  #serve(): boolean {
    return this.line.resolveFirst(this.line.first?.load as L)
  }
}
