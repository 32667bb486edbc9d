import type { Trace } from '../model/trace.ts'
import { lastSeen } from './endings.ts'
import { scopeKind } from './names.ts'
import { RowGroups } from './rowGroups.ts'

/** What one worker of a thread pool did. */
export interface Worker {
  readonly slot: number
  /** How many tasks it ran, ended or not. */
  readonly tasks: number
  /** For how long, in ms. */
  readonly busy: number
  /** How many tasks it took from others, by the slots of these; each time counts. */
  readonly stole: ReadonlyMap<number, number>
}

interface Tally {
  tasks: number
  busy: number
  readonly stole: Map<number, number>
}

/** What the workers of thread pools did, in the order of their slots. */
export class Workers {
  readonly #trace: Trace
  readonly #steals: RowGroups
  readonly #starts: RowGroups

  constructor(trace: Trace) {
    this.#trace = trace
    const { steals, starts, scopes, tasks } = trace
    const scopeOf = (task: number): number => (tasks.scope[task] ?? 0) - 1
    const isPool = Array.from({ length: scopes.length }, (_, scope) => scopeKind(trace, scope) === 'threads')
    this.#steals = new RowGroups(steals.length, scopes.length, (row) => scopeOf((steals.task[row] ?? 0) - 1))
    this.#starts = new RowGroups(starts.length, scopes.length, (row) => {
      const scope = scopeOf(starts.task[row] ?? 0)
      return isPool[scope] === true ? scope : -1
    })
  }

  /** Undefined for a scope that is no thread pool. */
  of(scope: number): Worker[] | undefined {
    if (scopeKind(this.#trace, scope) !== 'threads') return undefined
    const { tasks, starts, steals, scopes } = this.#trace
    const tallies = new Map<number, Tally>()
    const tally = (slot: number): Tally => {
      const known = tallies.get(slot) ?? { tasks: 0, busy: 0, stole: new Map<number, number>() }
      tallies.set(slot, known)
      return known
    }
    for (const start of this.#starts.of(scope)) {
      const row = starts.task[start] ?? 0
      const worker = tally(tasks.slot[row] ?? 0)
      worker.tasks++
      worker.busy += lastSeen(this.#trace, row) - (tasks.start[row] ?? 0)
    }
    for (const row of this.#steals.of(scope)) {
      const { stole } = tally(steals.to[row] ?? 0)
      const from = steals.from[row] ?? 0
      stole.set(from, (stole.get(from) ?? 0) + 1)
    }
    const limit = scopes.limit[scope] ?? 0
    return Array.from(tallies, ([slot, found]) => ({ slot, ...found }))
      .filter(({ slot }) => limit === 0 || slot < limit)
      .sort((one, other) => one.slot - other.slot)
  }
}
