import type { Trace } from '../../model/trace.ts'
import type { TraceFinding } from '../finding.ts'
import { IDLE_REASONS, type IdleReason, type IdleTime, idleTimeOf } from '../idleTime.ts'
import { milliseconds, scopeKind, scopeLabel, scopeLocation } from '../names.ts'
import { ScopeEvents } from '../scopeEvents.ts'
import type { ScopeTasks } from '../scopeTasks.ts'

/** A scope that is open for less than this is not worth a word, in ms. */
const SHORTEST = 250
/** A pool that works more than this share of its time is no problem. */
const BUSY_ENOUGH = 0.5
const KINDS: readonly string[] = ['pool', 'threads', 'stage', 'limiter', 'queue', 'group']

const WHY: Readonly<Record<IdleReason, string>> = {
  blocked: 'the event loop was blocked',
  paused: 'it was paused',
  cancelled: 'it was cancelled and waited for its tasks to stop',
  rate: 'tasks waited for the rate limit: more places will not make it faster',
  producer: 'there was nothing to do: the work comes in slower than it is done',
  tail: 'the last tasks took long and nothing was left for the other places: start the long ones first',
}

/** Limiters are there for as long as the program is: that nobody needs one for a while means nothing. */
const LASTING: readonly string[] = ['limiter', 'queue']

/** Pools that did nothing for most of their time, and why. */
export function idlePools(trace: Trace, scopeTasks: ScopeTasks): TraceFinding[] {
  const findings: TraceFinding[] = []
  const events = new ScopeEvents(trace)
  for (let scope = 0; scope < trace.scopes.length; scope++) {
    if ((trace.scopes.limit[scope] ?? 0) < 2 || !KINDS.includes(scopeKind(trace, scope))) continue
    const rows = scopeTasks.of(scope)
    const limit = trace.scopes.limit[scope] ?? 0
    // With fewer tasks than places, some must be empty.
    if (rows.length <= limit) continue
    const time = idleTimeOf(trace, scope, rows, events)
    if (time === undefined || time.utilisation >= BUSY_ENOUGH || time.capacity < SHORTEST * limit) continue
    const reason = mainReason(time)
    const lasting = LASTING.includes(scopeKind(trace, scope)) || trace.scopes.outcome[scope] === 0
    if (reason === 'producer' && lasting) continue
    findings.push({
      kind: 'idle-pool',
      message: describe(trace, scope, time, reason),
      location: scopeLocation(trace, scope),
      tasks: [],
      scope,
    })
  }
  return findings
}

function mainReason({ idle }: IdleTime): IdleReason {
  return IDLE_REASONS.reduce((main, reason) => (idle[reason] > idle[main] ? reason : main))
}

function describe(trace: Trace, scope: number, { capacity, utilisation }: IdleTime, reason: IdleReason): string {
  const limit = trace.scopes.limit[scope] ?? 0
  const share = Math.round(100 * utilisation)
  return (
    `The ${String(limit)} places of ${scopeLabel(trace, scope)} were used ${String(share)} % of the `
    + `${milliseconds(capacity / limit)} that it was open, mostly because ${WHY[reason]}.`
  )
}
