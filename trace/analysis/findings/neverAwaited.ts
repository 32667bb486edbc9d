import type { Trace } from '../../model/trace.ts'
import type { TraceFinding } from '../finding.ts'
import { counted, taskLocation } from '../names.ts'

/** Promises that nobody waited for: one finding for those that were created in the same place. */
export function neverAwaited(trace: Trace): TraceFinding[] {
  const { unawaited, tasks } = trace
  const byPlace = new Map<string, number[]>()
  for (let row = 0; row < unawaited.length; row++) {
    const task = (unawaited.task[row] ?? 0) - 1
    const key = `${String(tasks.location.at(task))} ${String(tasks.scope[task] ?? 0)}`
    const known = byPlace.get(key)
    if (known === undefined) byPlace.set(key, [task])
    else known.push(task)
  }
  return Array.from(byPlace.values(), (rows) => {
    const [first = 0] = rows
    return {
      kind: 'never-awaited',
      message:
        `${counted(rows.length, 'promise')} that nobody ever waited for: what goes wrong in `
        + `${
          rows.length === 1
            ? 'it is lost, and the program may end before it does'
            : 'them is lost, and the program may ' + 'end before they do'
        }.`,
      location: taskLocation(trace, first),
      tasks: rows,
      scope: (tasks.scope[first] ?? 0) - 1,
    }
  })
}
