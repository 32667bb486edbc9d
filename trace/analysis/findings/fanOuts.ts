import type { Trace } from '../../model/trace.ts'
import type { TraceFinding } from '../finding.ts'
import { loadOf } from '../load.ts'
import { scopeKind, scopeLabel, scopeLocation } from '../names.ts'
import type { ScopeTasks } from '../scopeTasks.ts'

/** From so many at once on, sockets, file handles and rate limits of the other side begin to matter. */
const MANY = 100

const FAN_OUTS: readonly string[] = ['group', 'all', 'allSettled', 'any', 'waitGroup']

/** Scopes without a limit in which very many tasks ran at once. */
export function unboundedFanOuts(trace: Trace, scopeTasks: ScopeTasks): TraceFinding[] {
  const findings: TraceFinding[] = []
  for (let scope = 0; scope < trace.scopes.length; scope++) {
    const rows = scopeTasks.of(scope)
    if (rows.length < MANY || trace.scopes.limit[scope] !== 0 || !FAN_OUTS.includes(scopeKind(trace, scope))) continue
    const { peakActive } = loadOf(trace, rows)
    if (peakActive < MANY) continue
    findings.push({
      kind: 'unbounded-fan-out',
      message: `${String(peakActive)} tasks of ${scopeLabel(trace, scope)} ran at once: nothing limits them.`,
      location: scopeLocation(trace, scope),
      tasks: Array.from(rows),
      scope,
    })
  }
  return findings
}
