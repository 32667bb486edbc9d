import { taskLocation, waitLastSeen } from '@forkline/trace'
import type { TableColumn, TableRow } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { endOf, stateOf } from './tasks.ts'
import { scopeName, taskName } from './texts.ts'

/** The tasks as a table: the same that the canvas shows, for the keyboard and for screen readers. */
export class TaskTable {
  readonly #session: Session
  #order: Uint32Array = new Uint32Array(0)

  constructor(session: Session) {
    this.#session = session
  }

  /** Sorts the tasks that the filter lets through, and gives how many there are. */
  sort(column: TableColumn, descending: boolean): number {
    const rows = this.#session.accepted()
    const key = this.#keyOf(column)
    const keys = new Map<number | string, number>()
    if (column === 'task' || column === 'scope' || column === 'state' || column === 'location') {
      // Equal texts are many: each is compared once, and their ranks as numbers.
      const texts = new Set<string>()
      for (const row of rows) texts.add(key(row) as string)
      for (const [rank, text] of [...texts].sort((one, other) => one.localeCompare(other)).entries())
        keys.set(text, rank)
    }
    const sign = descending ? -1 : 1
    const ranks = new Float64Array(this.#session.trace.tasks.length)
    for (const row of rows) {
      const own = key(row)
      ranks[row] = sign * (typeof own === 'number' ? own : (keys.get(own) ?? 0))
    }
    this.#order = rows.sort((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0) || one - other)
    return this.#order.length
  }

  rows(from: number, to: number): TableRow[] {
    return Array.from(this.#order.subarray(from, to), (task) => this.#row(task))
  }

  /** Where a task is in the table; -1 when it is not. */
  rowOf(task: number): number {
    return this.#order.indexOf(task)
  }

  #row(task: number): TableRow {
    const { trace, live } = this.#session
    const { tasks } = trace
    const start = tasks.start[task] ?? 0
    return {
      task,
      label: taskName(trace, task),
      scope: scopeName(trace, (tasks.scope[task] ?? 0) - 1),
      state: stateOf(trace, task, live),
      start,
      duration: endOf(trace, task) - start,
      queued: tasks.queued[task] ?? 0,
      waited: waitedBy(this.#session, task),
      lane: this.#session.find(task)?.lane ?? -1,
      location: taskLocation(trace, task),
    }
  }

  #keyOf(column: TableColumn): (task: number) => number | string {
    const { trace, live } = this.#session
    const { tasks } = trace
    switch (column) {
      case 'task':
        return (task) => trace.strings.at(tasks.name.at(task))
      case 'scope':
        return (task) => scopeName(trace, (tasks.scope[task] ?? 0) - 1)
      case 'state':
        return (task) => stateOf(trace, task, live)
      case 'start':
        return (task) => tasks.start[task] ?? 0
      case 'duration':
        return (task) => endOf(trace, task) - (tasks.start[task] ?? 0)
      case 'queued':
        return (task) => tasks.queued[task] ?? 0
      case 'waited':
        return (task) => waitedBy(this.#session, task)
      case 'lane': {
        const lanes = lanesOf(this.#session)
        return (task) => lanes[task] ?? -1
      }
      case 'location':
        return (task) => {
          const location = taskLocation(trace, task)
          return location === null ? '' : `${location.file}:${String(location.line).padStart(7, '0')}`
        }
    }
  }
}

/** How long a task waited for something while it ran, in ms. */
function waitedBy({ trace, taskWaits }: Session, task: number): number {
  const { waits } = trace
  let total = 0
  for (const row of taskWaits.of(task)) total += waitLastSeen(trace, row) - (waits.start[row] ?? 0)
  return total
}

/** The lane of every task; -1 for those that are on none. */
function lanesOf({ trace, tracks }: Session): Int32Array {
  const lanes = new Int32Array(trace.tasks.length).fill(-1)
  for (const track of tracks.list) {
    for (const [number, lane] of track.lanes.entries()) {
      for (let place = 0; place < lane.length; place++) lanes[lane.task(place)] = number
    }
  }
  return lanes
}
