import type { Session } from '../worker/session.ts'
import { rowOf } from './tasks.ts'

/** What a task came from: who created it. -1 when nobody that is known did. */
export function causeOfTask({ trace }: Session, task: number): number {
  return rowOf(trace.tasks.parent[task]) ?? -1
}

/** The first task that this one created; -1 when there is none. */
export function effectOfTask({ trace: { tasks } }: Session, task: number): number {
  for (let row = 0; row < tasks.length; row++) if (tasks.parent[row] === task + 1) return row
  return -1
}
