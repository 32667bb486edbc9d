import type { Trace } from '../../model/trace.ts'
import { endingOf, lastSeen } from '../endings.ts'
import type { TraceFinding } from '../finding.ts'
import { greatest } from '../load.ts'
import { counted, milliseconds, scopeLabel, taskLocation } from '../names.ts'
import type { ScopeTasks } from '../scopeTasks.ts'

/** Work that was still going on when its scope had ended, or when the program had: one finding per scope. */
export function leaks(trace: Trace, scopeTasks: ScopeTasks): TraceFinding[] {
  const findings: TraceFinding[] = []
  for (let scope = -1; scope < trace.scopes.length; scope++) {
    const leaked = Array.from(scopeTasks.of(scope)).filter((task) => endingOf(trace, task) === 'leaked')
    const [first] = leaked
    if (first === undefined) continue
    findings.push({ kind: 'leak', message: describe(trace, scope, leaked), location: taskLocation(trace, first),
      tasks: leaked, scope })
  }
  return findings
}

function describe(trace: Trace, scope: number, leaked: readonly number[]): string {
  const scopeEnd = scope < 0 ? NaN : trace.scopes.end[scope] ?? NaN
  const many = counted(leaked.length, 'task')
  if (Number.isNaN(scopeEnd)) {
    const where = scope < 0 ? '' : ` of ${scopeLabel(trace, scope)}`
    return `${many}${where} never ended: the program ended first, and took the work with it.`
  }
  const longest = greatest(leaked.map((task) => lastSeen(trace, task) - scopeEnd))
  return `${many} of ${scopeLabel(trace, scope)} went on after it had ended, the longest for ${milliseconds(longest)}.`
}
