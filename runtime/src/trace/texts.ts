import type { Ring } from './ring.ts'

/** A program must not fill the memory with names: beyond so many UTF-16 units new strings are not told apart. */
const MOST_TEXT = 2 << 20

/** Longer ones are cut, in UTF-16 units. */
const LONGEST_STRING = 4096

const TOO_MANY = '(more strings than are recorded)'

/** Gives each string of a thread a number, and puts it into the ring the first time. */
export class Texts {
  readonly #ring: Ring
  readonly #numbers = new Map<string, number>()
  readonly #encoder = new TextEncoder()
  #kept = 0

  constructor(ring: Ring) {
    this.#ring = ring
  }

  /** The number of a string; 0 for an empty one, and for one that finds no room now. */
  number(text: string | undefined): number {
    if (text === undefined || text === '') return 0
    const short = text.length > LONGEST_STRING ? `${text.slice(0, LONGEST_STRING)}…` : text
    const known = this.#numbers.get(short)
    if (known !== undefined) return known
    return this.#put(this.#kept < MOST_TEXT ? short : TOO_MANY)
  }

  #put(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#numbers.size + 1
    if (!this.#ring.putText(number, this.#encoder.encode(text))) return 0
    this.#numbers.set(text, number)
    this.#kept += text.length
    return number
  }
}
