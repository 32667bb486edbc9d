import { afterAbort, beforeAbort, TRACES } from '#traced'
import type { Cause } from './trace/format.ts'
import type { Caller } from './trace/probe.ts'

/** Gives back what it is given, for fields to be put on. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- only classes can be derived from
class Same {
  constructor(object: object) {
    return object
  }
}

/** Whose signal a signal is, for those that are ours: kept on the signal, since a WeakMap of so many grows. */
class Owned extends Same {
  readonly #link: LinkedSignal

  constructor(signal: AbortSignal, link: LinkedSignal) {
    super(signal)
    this.#link = link
  }

  static linkOf(signal: AbortSignal): LinkedSignal | undefined {
    return #link in signal ? signal.#link : undefined
  }
}

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
  /** Those that follow this one. Adding to a set takes the same time however many there are, unlike adding a listener. */
  #children: Set<LinkedSignal> | undefined
  #following = false
  #aborted = false

  /** @param onAbort runs once, after all that listens to the signal, or follows it, has been told. */
  constructor(sources: readonly (AbortSignal | undefined)[], onAbort?: (reason: unknown) => void) {
    this.#sources = sources.filter(source => source !== undefined)
    this.#onAbort = onAbort
    new Owned(this.signal, this)
  }

  /** As `signal.aborted`, without the checks that the platform makes. */
  get aborted(): boolean {
    return this.#aborted
  }

  /** Listens to the sources; one that has aborted already aborts this signal now. Harmless when repeated. */
  follow(): void {
    if (this.#following || this.#aborted) return
    if (this.#sources.some(source => source.aborted)) {
      this.handleEvent()
      return
    }
    this.#following = true
    for (const source of this.#sources) {
      const link = Owned.linkOf(source)
      if (link === undefined) source.addEventListener('abort', this)
      else (link.#children ??= new Set()).add(this)
    }
  }

  /** Stops listening, so that a long-lived source does not hold on to this signal. */
  release(): void {
    if (!this.#following) return
    this.#following = false
    for (const source of this.#sources) {
      const link = Owned.linkOf(source)
      if (link === undefined) source.removeEventListener('abort', this)
      else link.#children?.delete(this)
    }
  }

  /**
   * Aborts, and with it all that follows: one after the other, because calls within calls would overflow the stack where
   * thousands of scopes are nested.
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
      for (const child of link.#children ?? []) reached.push(child)
    }
    for (const link of told.reverse()) link.#onAbort?.(reason)
    if (TRACES) afterAbort(outer)
  }

  handleEvent(): void {
    // Node clears the event's targets when one listener removes another, so the sources are asked instead.
    this.abort(this.#sources.find(source => source.aborted)?.reason, 'parent')
  }
}
