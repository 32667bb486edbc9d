interface Waiter<T> {
  readonly weight: number
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
  previous: Waiter<T> | undefined
  next: Waiter<T> | undefined
  /** Stops listening to the waiter's signal. */
  release: (() => void) | undefined
}

/**
 * Callers waiting in line, first come, first served. One that gives up leaves from any place in constant time,
 * with its listener; whoever hands something over settles the waiter that is first.
 */
export class WaitQueue<T = void> {
  #first: Waiter<T> | undefined
  #last: Waiter<T> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  /** What the first in line asked for; 0 when nobody waits. */
  get firstWeight(): number {
    return this.#first?.weight ?? 0
  }

  /**
   * Joins the end of the line.
   *
   * @param onLeave runs when the signal took this waiter out of the line.
   */
  wait(signal?: AbortSignal, weight = 1, onLeave?: () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error)
        return
      }
      const waiter: Waiter<T> = { weight, resolve, reject, previous: this.#last, next: undefined, release: undefined }
      if (this.#last === undefined) this.#first = waiter
      else this.#last.next = waiter
      this.#last = waiter
      this.#size++
      if (signal === undefined) return
      const leave = () => {
        this.#remove(waiter)
        reject(signal.reason as Error)
        onLeave?.()
      }
      signal.addEventListener('abort', leave, { once: true })
      waiter.release = () => { signal.removeEventListener('abort', leave) }
    })
  }

  /** Serves the first in line. Returns whether there was one. */
  resolveFirst(value: T): boolean {
    const waiter = this.#first
    if (waiter === undefined) return false
    this.#remove(waiter)
    waiter.resolve(value)
    return true
  }

  resolveAll(value: T): void {
    while (this.resolveFirst(value)) continue
  }

  rejectAll(reason: unknown): void {
    for (let waiter = this.#first; waiter !== undefined; waiter = this.#first) {
      this.#remove(waiter)
      waiter.reject(reason)
    }
  }

  #remove(waiter: Waiter<T>): void {
    if (waiter.previous === undefined) this.#first = waiter.next
    else waiter.previous.next = waiter.next
    if (waiter.next === undefined) this.#last = waiter.previous
    else waiter.next.previous = waiter.previous
    this.#size--
    waiter.release?.()
  }
}
