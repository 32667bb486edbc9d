import { criticalPath, lastSeen } from '@forkline/trace'
import type { PathStep } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { scopesOf } from './scopes.ts'
import { taskName } from './texts.ts'

/** What decided how long the longest scope of a track took. */
export function pathOf(session: Session, track: number): PathStep[] {
  const { trace, scopeTasks } = session
  const [scope] = scopesOf(session, track).sort((one, other) => lengthOf(session, other) - lengthOf(session, one))
  if (scope === undefined) return []
  return criticalPath(trace, scope, scopeTasks).map((step) => {
    const where = session.find(step.task)
    return { ...step, label: taskName(trace, step.task), track: where?.track ?? -1, lane: where?.lane ?? -1 }
  })
}

/** In ms. A scope that is never closed, as most pools, counts until its last task had ended. */
function lengthOf({ trace, scopeTasks }: Session, scope: number): number {
  const { start, end } = trace.scopes
  let until = end[scope] ?? NaN
  if (Number.isNaN(until)) {
    until = start[scope] ?? 0
    for (const task of scopeTasks.of(scope)) until = Math.max(until, lastSeen(trace, task))
  }
  return until - (start[scope] ?? 0)
}
