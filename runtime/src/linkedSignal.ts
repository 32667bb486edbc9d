import { audienceOf, listen, unlisten } from './audience.ts'
import { afterAbort, beforeAbort, TRACES } from '#traced'
import type { Cause } from './trace/format.ts'
import type { Caller } from './trace/probe.ts'

/** Those that have heard that what they follow aborts, while an audience is told. */
let hearing: LinkedSignal[] | undefined

/**
 * A signal of our own that follows others while it is asked to. `AbortSignal.any` does the same in one call,
 * but costs hundreds of times as much on a long-lived source and lets the heap grow (nodejs/node#54614).
 */
export class LinkedSignal {
  readonly #controller = new AbortController()
  /** Made at once: engines keep what they optimised for signals only while there are some. */
  readonly signal: AbortSignal = this.#controller.signal
  readonly #audience = audienceOf(this.signal)
  readonly #sources: readonly AbortSignal[]
  readonly #onAbort: ((reason: unknown) => void) | undefined
  readonly #hear = () => {
    if (hearing !== undefined) hearing.push(this)
    // Node clears the event's targets when one listener removes another, so the sources are asked instead.
    else this.abort(this.#sources.find((source) => source.aborted)?.reason, 'parent')
  }
  #following = false
  #aborted = false

  /** @param onAbort runs once, after all that listens to the signal, or follows it, has been told. */
  constructor(sources: readonly (AbortSignal | undefined)[], onAbort?: (reason: unknown) => void) {
    this.#sources = sources.filter((source) => source !== undefined)
    this.#onAbort = onAbort
  }

  /** As `signal.aborted`, without the checks that the platform makes. */
  get aborted(): boolean {
    return this.#aborted
  }

  /** Listens to the sources; one that has aborted already aborts this signal now. Harmless when repeated. */
  follow(): void {
    if (this.#following || this.#aborted) return
    if (this.#sources.some((source) => source.aborted)) {
      this.#hear()
      return
    }
    this.#following = true
    for (const source of this.#sources) listen(source, this.#hear)
  }

  /** Stops listening, so that a long-lived source does not hold on to this signal. */
  release(): void {
    if (!this.#following) return
    this.#following = false
    for (const source of this.#sources) unlisten(source, this.#hear)
  }

  /** Aborts because the time is up. */
  expire(message: string): void {
    this.abort(new DOMException(message, 'TimeoutError'), 'timedOut')
  }

  /**
   * Aborts, and with it all that follows: one after the other, because calls within calls would overflow the stack
   * where thousands of scopes are nested.
   *
   * @param cause why and @param from by which function of ours, for recordings.
   */
  abort(reason: unknown, cause: Cause = 'called', from?: Caller): void {
    if (this.#aborted) return
    this.#following = true
    const reached: LinkedSignal[] = [this]
    const told: LinkedSignal[] = []
    let outer: ReturnType<typeof beforeAbort>
    for (const link of reached) {
      // It may have let go while others were told.
      if (!link.#following) continue
      link.#aborted = true
      link.release()
      const before = TRACES ? beforeAbort(link.signal, link === this ? cause : 'parent', reason, from) : undefined
      if (link === this) outer = before
      link.#controller.abort(reason)
      told.push(link)
      reason = link.signal.reason
      hearing = reached
      link.#audience.handleEvent()
      hearing = undefined
    }
    for (const link of told.reverse()) link.#onAbort?.(reason)
    if (TRACES) afterAbort(outer)
  }
}
