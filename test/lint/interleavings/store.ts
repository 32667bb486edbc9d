import type { CellKind } from './program.ts'

/** One write to a place, by one activation. */
export interface WriteEvent {
  readonly activation: number
  readonly before: unknown
  readonly after: unknown
}

/** A place that holds a value, with all that was written to it. */
export class Place {
  value: unknown
  readonly writes: WriteEvent[] = []
  /** The bit of the variable that it is, or is part of, in the footprint of a step. */
  readonly mark: number

  constructor(value: unknown, mark: number) {
    this.value = value
    this.mark = mark
  }

  get version(): number {
    return this.writes.length
  }

  valueAt(version: number): unknown {
    return version < this.writes.length ? this.writes[version]?.before : this.value
  }

  write(activation: number, value: unknown): void {
    this.writes.push({ activation, before: this.value, after: value })
    this.value = value
  }

  /** Whether another activation has changed the value since a version. */
  changedSince(version: number, activation: number): boolean {
    return this.writes.some(
      (write, index) => index >= version && write.activation !== activation && write.before !== write.after,
    )
  }
}

const INITIAL: Readonly<Record<CellKind, unknown>> = {
  counter: 1,
  flag: false,
  slot: undefined,
  promise: undefined,
  mutex: undefined,
  map: 0,
  set: 0,
  list: 0,
}

/** A shared variable; of a collection, the number of its items is the value, and each entry is a place of its own. */
export class Variable extends Place {
  readonly kind: CellKind
  readonly #entries = new Map<number, Place>()

  constructor(kind: CellKind, mark: number) {
    super(INITIAL[kind], mark)
    this.kind = kind
  }

  entry(key: number): Place {
    let place = this.#entries.get(key)
    if (place === undefined) this.#entries.set(key, (place = new Place(undefined, this.mark)))
    return place
  }

  /** Puts an entry in, as `set` and `add` do. */
  put(activation: number, key: number, value: number): void {
    const place = this.entry(key)
    if (place.value === undefined) this.write(activation, (this.value as number) + 1)
    place.write(activation, value)
  }

  /** Whether a place is the variable, or one of its entries. */
  owns(place: Place): boolean {
    return place === this || [...this.#entries.values()].includes(place)
  }

  append(activation: number): void {
    this.write(activation, (this.value as number) + 1)
  }

  /** What is in it at the end, for comparison. */
  snapshot(): unknown {
    const entries = [...this.#entries].filter(([, place]) => place.value !== undefined).sort(([a], [b]) => a - b)
    return this.kind === 'map' || this.kind === 'set' ? entries.map(([key, place]) => [key, place.value]) : this.value
  }
}
