import type { Viewport } from '../layout/viewport.ts'

/** Where the view was. */
export interface Place {
  readonly viewport: Viewport
  readonly scrollTop: number
}

/** How many places are remembered. */
const MOST = 200

/** The places that were looked at, to go back and forth between, as a browser does. */
export class Navigation {
  #places: Place[] = []
  #at = -1

  /** Remembers a place. What lay ahead is forgotten. */
  visit(place: Place): void {
    this.#places = [...this.#places.slice(0, this.#at + 1), place].slice(-MOST)
    this.#at = this.#places.length - 1
  }

  back(): Place | undefined {
    if (this.#at <= 0) return undefined
    return this.#places[--this.#at]
  }

  forward(): Place | undefined {
    if (this.#at >= this.#places.length - 1) return undefined
    return this.#places[++this.#at]
  }
}
