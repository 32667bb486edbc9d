import type { TracedCompany } from './tracedCompany.ts'

/**
 * Called when a signal aborts. Must abort nothing and run no code of users, but for linked signals: they know when to.
 */
export type Told = () => void

/** Those of ours who are to be told that a signal has aborted. */
export class Audience extends Set<Told> implements EventListenerObject {
  /** Whether the signal is ours, and whoever aborts it calls `handleEvent`; otherwise the platform does. */
  own = false
  /** For recordings, and only there while one is made: the tasks that the signal is known to tell to stop. */
  declare company?: TracedCompany

  handleEvent(): void {
    // One may leave while others are told.
    for (const told of this) told()
    this.clear()
  }
}

/** Gives back what it is given, for fields to be put on. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- only classes can be derived from
class Same {
  constructor(object: object) {
    return object
  }
}

/** A private field of the signals themselves, since a WeakMap of so many grows. */
class Heard extends Same {
  readonly #audience = new Audience()

  static by(signal: AbortSignal): Audience {
    return (#audience in signal ? signal : new Heard(signal)).#audience
  }
}

/** Those who are to be told by a signal, whosever it is. */
export function heardBy(signal: AbortSignal): Audience {
  return Heard.by(signal)
}

/** Of one of our own signals. */
export function audienceOf(signal: AbortSignal): Audience {
  const audience = Heard.by(signal)
  audience.own = true
  return audience
}

/**
 * Has a signal tell when it aborts. However many listen, a signal of users gets one listener: to add one more, the
 * platform would walk through all that there are, and Node 20 warns of more than ten.
 */
export function listen(signal: AbortSignal, told: Told): void {
  const audience = Heard.by(signal)
  if (audience.size === 0 && !audience.own) signal.addEventListener('abort', audience, { once: true })
  audience.add(told)
}

/** Takes back `listen`. The last one takes the listener off the signal. */
export function unlisten(signal: AbortSignal, told: Told): void {
  const audience = Heard.by(signal)
  if (audience.delete(told) && audience.size === 0) signal.removeEventListener('abort', audience)
}
