/**
 * Who may start a task that was sent to a worker: the worker, or the pool when it takes the task back. Both decide
 * by a compare-and-swap on memory that they share, so that each task is started once, by one of them, while the
 * worker is too busy to be asked. A claim is the task's number times 4, plus one of these; numbers are never used
 * twice, places are. Behind the claims are the times of when each task started and ended, in ms since the Unix epoch.
 */
export const SENT = 1
export const STARTED = 2
export const DONE = 3

/** How many tasks can be at one worker. */
export const PLACES = 512

/** The claims of the tasks at one worker, as the pool sees them. */
export class Claims {
  readonly memory = new SharedArrayBuffer(PLACES * (Int32Array.BYTES_PER_ELEMENT + 2 * Float64Array.BYTES_PER_ELEMENT))
  readonly #claims = new Int32Array(this.memory, 0, PLACES)
  readonly #times = new Float64Array(this.memory, PLACES * Int32Array.BYTES_PER_ELEMENT)
  readonly #free = Array.from({ length: PLACES }, (_, place) => place)

  take(number: number): number {
    const place = this.#free.pop()
    if (place === undefined) throw new RangeError('More tasks were sent to a worker than it has places for')
    Atomics.store(this.#claims, place, number * 4 + SENT)
    return place
  }

  free(place: number): void {
    this.#free.push(place)
  }

  /** Whether the task was not started; it then never will be. */
  withdraw(place: number, number: number): boolean {
    return Atomics.compareExchange(this.#claims, place, number * 4 + SENT, 0) === number * 4 + SENT
  }

  running(place: number, number: number): boolean {
    return Atomics.load(this.#claims, place) === number * 4 + STARTED
  }

  done(place: number, number: number): boolean {
    return Atomics.load(this.#claims, place) === number * 4 + DONE
  }

  /** When the task at a place started, once it has. */
  startOf(place: number): number {
    return this.#times[place * 2] ?? NaN
  }

  /** When the task at a place ended, once it has. */
  endOf(place: number): number {
    return this.#times[place * 2 + 1] ?? NaN
  }
}
