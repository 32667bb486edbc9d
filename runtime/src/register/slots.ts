/** Gives tasks that run at once different small numbers, used again when they are free. */
export class Slots {
  readonly #free: number[] = []
  #next = 0

  take(): number {
    return this.#free.pop() ?? this.#next++
  }

  give(slot: number): void {
    this.#free.push(slot)
  }
}
