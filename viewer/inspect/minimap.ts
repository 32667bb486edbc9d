import { TASK_STATES } from '@forkline/trace'
import { isLeaked, STATE_BITS } from '../model/lane.ts'
import type { Minimap } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'

/** Everything in so many columns. Each failure, cancellation and leak marks the column in which it ended. */
export function minimapOf({ trace, tracks }: Session, columns: number): Minimap {
  const marks = new Uint8Array(columns)
  const active = new Float32Array(columns)
  const rising = new Float64Array(columns + 1)
  const step = Math.max(trace.end, 0.001) / columns
  const columnOf = (time: number): number => Math.min(Math.max(Math.floor(time / step), 0), columns - 1)
  const { state } = trace.tasks
  for (const { lanes } of tracks.list) {
    for (const lane of lanes) {
      for (let place = 0; place < lane.length; place++) {
        const row = lane.task(place)
        const start = lane.start(place)
        const end = lane.end(place)
        const first = columnOf(start)
        const last = columnOf(end)
        if (state[row] === TASK_STATES.failed) mark(marks, last, STATE_BITS.failed)
        else if (state[row] === TASK_STATES.cancelled) mark(marks, last, STATE_BITS.cancelled)
        if (isLeaked(trace, row)) mark(marks, last, STATE_BITS.leaked)
        // Shares of the outer columns; the whole ones between them by what rises and falls.
        if (first === last) add(active, first, (end - start) / step)
        else {
          add(active, first, first + 1 - start / step)
          add(active, last, end / step - last)
          add(rising, first + 1, 1)
          add(rising, last, -1)
        }
      }
    }
  }
  let level = 0
  for (let column = 0; column < columns; column++) {
    level += rising[column] ?? 0
    add(active, column, level)
  }
  return { active, marks }
}

function mark(marks: Uint8Array, column: number, bit: number): void {
  marks[column] = (marks[column] ?? 0) | bit
}

function add(cells: Float32Array | Float64Array, column: number, value: number): void {
  cells[column] = (cells[column] ?? 0) + value
}
