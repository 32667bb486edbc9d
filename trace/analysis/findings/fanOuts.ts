import type { Trace } from '../../model/trace.ts'
import { scopeLastSeen } from '../endings.ts'
import type { TraceFinding } from '../finding.ts'
import { HeldBack } from '../heldBack.ts'
import { loadOf } from '../load.ts'
import { scopeKind, scopeLabel, scopeLocation } from '../names.ts'
import type { ScopeTasks } from '../scopeTasks.ts'
import { inRuns, Places } from './places.ts'

/** From so many at once on, sockets, file handles and rate limits of the other side begin to matter. */
const MANY = 100

const FAN_OUTS: readonly string[] = ['group', 'all', 'allSettled', 'any', 'waitGroup']

/**
 * Scopes without a limit in which very many tasks ran at once. The promises of a `Promise.all` may be those of a
 * limiter, which does hold them back: where anything like that was seen at work meanwhile, nothing is said.
 */
export function unboundedFanOuts(trace: Trace, scopeTasks: ScopeTasks): TraceFinding[] {
  const places = new Places(trace)
  let heldBack: HeldBack | undefined
  for (let scope = 0; scope < trace.scopes.length; scope++) {
    const rows = scopeTasks.of(scope)
    if (rows.length < MANY || trace.scopes.limit[scope] !== 0 || !FAN_OUTS.includes(scopeKind(trace, scope))) continue
    const { peakActive } = loadOf(trace, rows)
    if (peakActive < MANY) continue
    heldBack ??= new HeldBack(trace)
    const held = heldBack.during(trace.scopes.start[scope] ?? 0, scopeLastSeen(trace, scope))
    if (peakActive - held >= MANY) places.add(scope, Array.from(rows), peakActive)
  }
  return Array.from(places, (place) => ({
    kind: 'unbounded-fan-out',
    message:
      `${String(place.most)} tasks of ${scopeLabel(trace, place.scope)} were in flight at once${inRuns(place)}: `
      + 'no limit held them back.',
    location: scopeLocation(trace, place.scope),
    tasks: place.tasks,
    scope: place.scope,
  }))
}
