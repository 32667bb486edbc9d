/** How often it tells, in ms: text that changes more often cannot be read. */
const EVERY = 60

/** Passes on what happens in every frame, but only some times a second, and always the last of it. */
export class Ticker {
  readonly #told: () => void
  #last = 0
  #late: ReturnType<typeof setTimeout> | undefined

  constructor(told: () => void) {
    this.#told = told
  }

  tell(): void {
    if (performance.now() - this.#last > EVERY) this.#now()
    else
      this.#late ??= setTimeout(() => {
        this.#now()
      }, EVERY)
  }

  #now(): void {
    clearTimeout(this.#late)
    this.#late = undefined
    this.#last = performance.now()
    this.#told()
  }
}
