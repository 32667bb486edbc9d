import { WaitQueue } from '../waitQueue.ts'

/** Back-pressure: passes are given out up to a number, and again as earlier ones are used up. */
export class Gate {
  readonly #signal: AbortSignal
  readonly #waiting = new WaitQueue()
  #passes: number

  constructor(passes: number, signal: AbortSignal) {
    this.#passes = passes
    this.#signal = signal
  }

  /** Undefined when the way is free. */
  enter(): Promise<void> | undefined {
    if (this.#passes === 0) return this.#waiting.wait(this.#signal)
    this.#passes--
    return undefined
  }

  open(): void {
    if (!this.#waiting.resolveFirst()) this.#passes++
  }
}
