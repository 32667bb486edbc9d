import { LinkedSignal } from './linkedSignal.ts'

/** A linked signal that several have in hand. */
export interface SharedLink {
  readonly source: AbortSignal
  readonly link: LinkedSignal
  users: number
}

/**
 * For each signal that callers bring, one that follows it and a common parent. Callers who bring the same signal
 * share it: ten thousand tasks of one request cost that request's signal a single listener.
 */
export class SharedLinks {
  readonly #parent: AbortSignal
  readonly #links = new Map<AbortSignal, SharedLink>()

  constructor(parent: AbortSignal) {
    this.#parent = parent
  }

  /** To be given back with `release`. */
  take(source: AbortSignal): SharedLink {
    let shared = this.#links.get(source)
    if (shared === undefined) {
      shared = { source, link: new LinkedSignal([this.#parent, source]), users: 0 }
      shared.link.follow()
      this.#links.set(source, shared)
    }
    shared.users++
    return shared
  }

  release(shared: SharedLink): void {
    if (--shared.users > 0) return
    shared.link.release()
    this.#links.delete(shared.source)
  }
}
