import type { Trace } from '../../model/trace.ts'
import type { TraceFinding } from '../finding.ts'
import { parseLocation } from '../location.ts'
import { taskLocation } from '../names.ts'

/** Rejections that nobody handled. */
export function unhandledRejections(trace: Trace): TraceFinding[] {
  const { unhandled, strings } = trace
  return Array.from({ length: unhandled.length }, (_, row) => {
    const task = (unhandled.task[row] ?? 0) - 1
    const [message] = strings.at(unhandled.error[row] ?? 0).split('\n')
    return {
      kind: 'unhandled-rejection',
      message: `A promise was rejected and nobody handled it: ${message ?? ''}`,
      location: parseLocation(strings.at(unhandled.location[row] ?? 0)) ?? (task < 0 ? null : taskLocation(trace, task)),
      tasks: task < 0 ? [] : [task],
      scope: task < 0 ? -1 : (trace.tasks.scope[task] ?? 0) - 1,
    }
  })
}
