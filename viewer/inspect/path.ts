import { criticalPath, taskLabel } from '@forkline/trace'
import type { PathStep } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { scopesOf } from './scopes.ts'

/** What decided how long the longest scope of a track took. */
export function pathOf(session: Session, track: number): PathStep[] {
  const { trace, scopeTasks } = session
  const [scope] = scopesOf(session, track).sort((one, other) => lengthOf(session, other) - lengthOf(session, one))
  if (scope === undefined) return []
  return criticalPath(trace, scope, scopeTasks).map((step) => {
    const where = session.find(step.task)
    return { ...step, label: taskLabel(trace, step.task), track: where?.track ?? -1, lane: where?.lane ?? -1 }
  })
}

function lengthOf({ trace: { scopes, end } }: Session, scope: number): number {
  const until = scopes.end[scope] ?? NaN
  return (Number.isNaN(until) ? end : until) - (scopes.start[scope] ?? 0)
}
