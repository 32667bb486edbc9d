import type { Trace } from '../../model/trace.ts'
import { lastSeen } from '../endings.ts'
import type { TraceFinding } from '../finding.ts'
import { greatest } from '../load.ts'
import { counted, milliseconds, scopeLabel, taskLocation } from '../names.ts'
import type { ScopeTasks } from '../scopeTasks.ts'

/** A task that is told to stop may take so long to tidy up, in ms. */
const GRACE = 100

/** Tasks that ran on after their scope had been cancelled: one finding per cancelled scope. */
export function unheededCancellations(trace: Trace, scopeTasks: ScopeTasks): TraceFinding[] {
  const { cancels, tasks } = trace
  const findings: TraceFinding[] = []
  const seen = new Set<number>()
  for (let row = 0; row < cancels.length; row++) {
    const scope = (cancels.scope[row] ?? 0) - 1
    const time = cancels.time[row] ?? 0
    if (scope < 0 || seen.has(scope)) continue
    seen.add(scope)
    const ranOn = Array.from(scopeTasks.of(scope)).filter((task) =>
      tasks.state[task] !== 0 && (tasks.start[task] ?? 0) < time && lastSeen(trace, task) > time + GRACE)
    const [first] = ranOn
    if (first === undefined) continue
    const longest = greatest(ranOn.map((task) => lastSeen(trace, task) - time))
    findings.push({
      kind: 'cancellation-not-reached',
      message: `${counted(ranOn.length, 'task')} ran on after ${scopeLabel(trace, scope)} was cancelled, the longest `
        + `for ${milliseconds(longest)}: the work does not obey its signal.`,
      location: taskLocation(trace, first),
      tasks: ranOn,
      scope,
    })
  }
  return findings
}
