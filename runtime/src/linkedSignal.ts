/**
 * A signal of our own that follows others while it is asked to. `AbortSignal.any` does the same in one call,
 * but costs hundreds of times as much on a long-lived source and lets the heap grow (nodejs/node#54614).
 */
export class LinkedSignal implements EventListenerObject {
  readonly #controller = new AbortController()
  readonly #sources: readonly AbortSignal[]
  readonly #onAbort: ((reason: unknown) => void) | undefined
  #following = false

  /** @param onAbort runs once, after the signal's own listeners. */
  constructor(sources: readonly (AbortSignal | undefined)[], onAbort?: (reason: unknown) => void) {
    this.#sources = sources.filter(source => source !== undefined)
    this.#onAbort = onAbort
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Listens to the sources; one that has aborted already aborts this signal now. Harmless when repeated. */
  follow(): void {
    if (this.#following || this.signal.aborted) return
    if (this.#sources.some(source => source.aborted)) {
      this.handleEvent()
      return
    }
    this.#following = true
    for (const source of this.#sources) source.addEventListener('abort', this, { once: true })
  }

  /** Stops listening, so that a long-lived source does not hold on to this signal. */
  release(): void {
    if (!this.#following) return
    this.#following = false
    for (const source of this.#sources) source.removeEventListener('abort', this)
  }

  abort(reason: unknown): void {
    if (this.signal.aborted) return
    this.release()
    this.#controller.abort(reason)
    this.#onAbort?.(this.signal.reason)
  }

  handleEvent(): void {
    // Node clears the event's targets when one listener removes another, so the sources are asked instead.
    this.abort(this.#sources.find(source => source.aborted)?.reason)
  }
}
