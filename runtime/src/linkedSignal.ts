import { afterAbort, beforeAbort, TRACES } from '#traced'
import type { Cause } from './trace/format.ts'
import type { Caller } from './trace/probe.ts'

/**
 * A signal of our own that follows others while it is asked to. `AbortSignal.any` does the same in one call,
 * but costs hundreds of times as much on a long-lived source and lets the heap grow (nodejs/node#54614).
 */
export class LinkedSignal implements EventListenerObject {
  readonly #controller = new AbortController()
  /** Made at once: engines keep what they optimised for signals only while there are some. */
  readonly signal: AbortSignal = this.#controller.signal
  readonly #sources: readonly AbortSignal[]
  readonly #onAbort: ((reason: unknown) => void) | undefined
  readonly #parent: LinkedSignal | undefined
  /** Adding to a set takes the same time however many there are already, unlike adding a listener. */
  #children: Set<LinkedSignal> | undefined
  #following = false
  #aborted = false

  /**
   * @param onAbort runs once, after the signal's own listeners.
   * @param parent one more source, asked before the others.
   */
  constructor(
    sources: readonly (AbortSignal | undefined)[], onAbort?: (reason: unknown) => void, parent?: LinkedSignal,
  ) {
    this.#sources = sources.filter(source => source !== undefined)
    this.#onAbort = onAbort
    this.#parent = parent
  }

  /** As `signal.aborted`, without the checks that the platform makes. */
  get aborted(): boolean {
    return this.#aborted
  }

  /** Listens to the sources; one that has aborted already aborts this signal now. Harmless when repeated. */
  follow(): void {
    if (this.#following || this.#aborted) return
    if (this.#parent?.aborted === true) {
      this.abort(this.#parent.signal.reason, 'parent')
      return
    }
    if (this.#sources.some(source => source.aborted)) {
      this.handleEvent()
      return
    }
    this.#following = true
    for (const source of this.#sources) source.addEventListener('abort', this, { once: true })
    if (this.#parent !== undefined) (this.#parent.#children ??= new Set()).add(this)
  }

  /** Stops listening, so that a long-lived source does not hold on to this signal. */
  release(): void {
    if (!this.#following) return
    this.#following = false
    for (const source of this.#sources) source.removeEventListener('abort', this)
    if (this.#parent !== undefined) this.#parent.#children?.delete(this)
  }

  /** @param cause why and @param from by which function of ours, for recordings. */
  abort(reason: unknown, cause: Cause = 'called', from?: Caller): void {
    if (this.#aborted) return
    this.#aborted = true
    this.release()
    const outer = TRACES ? beforeAbort(this.signal, cause, reason, from) : undefined
    this.#controller.abort(reason)
    const given: unknown = this.signal.reason
    for (const child of this.#children ?? []) child.abort(given)
    this.#onAbort?.(given)
    if (TRACES) afterAbort(outer)
  }

  handleEvent(): void {
    // Node clears the event's targets when one listener removes another, so the sources are asked instead.
    this.abort(this.#sources.find(source => source.aborted)?.reason, 'parent')
  }
}
