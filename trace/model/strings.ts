/** All strings of a trace, by number. 0 is the empty one, and stands for "none". */
export class Strings {
  readonly #texts: string[] = ['']
  readonly #numbers = new Map<string, number>([['', 0]])

  get size(): number {
    return this.#texts.length
  }

  add(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#texts.push(text) - 1
    this.#numbers.set(text, number)
    return number
  }

  /** The text of a number; the empty one when there is none such. */
  at(number: number): string {
    return this.#texts[number] ?? ''
  }
}
