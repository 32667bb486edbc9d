/** Lets `burst` requests through at once and `perSecond` in the long run. */
export class RateLimit {
  readonly #perSecond: number
  readonly #burst: number
  #left: number
  #refilled = performance.now()

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#left = burst
  }

  tryTake(): boolean {
    const now = performance.now()
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#refilled) * this.#perSecond) / 1_000)
    this.#refilled = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
