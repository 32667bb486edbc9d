import type { Trace } from '../../model/trace.ts'
import { scopeLabel } from '../names.ts'

/** What a finding says of all runs of one construct: a function that is called a thousand times has one mistake. */
export interface Place {
  /** The first of its scopes, as a row; -1 for the tasks that are in none. */
  readonly scope: number
  readonly tasks: number[]
  /** In how many of its scopes it was so. */
  scopes: number
  /** The greatest of what is measured. */
  most: number
}

/** Puts the scopes together that come from the same place and have the same name. */
export class Places {
  readonly #trace: Trace
  readonly #places = new Map<string, Place>()

  constructor(trace: Trace) {
    this.#trace = trace
  }

  /** @param sort tells apart what is not to be put together. */
  add(scope: number, tasks: readonly number[], most: number, sort = ''): void {
    const label = scope < 0 ? '' : scopeLabel(this.#trace, scope)
    const key = `${sort}\n${String(this.#trace.scopes.location[scope] ?? 0)}\n${label}`
    const place = this.#places.get(key)
    if (place === undefined) {
      this.#places.set(key, { scope, tasks: [...tasks], scopes: 1, most })
      return
    }
    for (const task of tasks) place.tasks.push(task)
    place.scopes++
    place.most = Math.max(place.most, most)
  }

  [Symbol.iterator](): Iterator<Place> {
    return this.#places.values()
  }
}

/** To be put behind what is said of the first run: nothing when there is only one. */
export function inRuns({ scopes }: Place): string {
  return scopes === 1 ? '' : `, in ${String(scopes)} of its runs together`
}
