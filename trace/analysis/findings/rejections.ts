import type { Trace } from '../../model/trace.ts'
import type { TraceFinding } from '../finding.ts'
import { taskLocation } from '../names.ts'

/** Rejections that nobody handled: one finding for those with the same message and place. */
export function unhandledRejections(trace: Trace): TraceFinding[] {
  const { unhandled, strings, locations } = trace
  const findings = new Map<string, Rejection>()
  for (let row = 0; row < unhandled.length; row++) {
    const task = (unhandled.task[row] ?? 0) - 1
    const [error = ''] = strings.at(unhandled.error[row] ?? 0).split('\n')
    const key = `${String(unhandled.location[row] ?? 0)}\n${error}`
    const found = findings.get(key)
    if (found === undefined) {
      findings.set(key, {
        error,
        count: 1,
        tasks: task < 0 ? [] : [task],
        scope: task < 0 ? -1 : (trace.tasks.scope[task] ?? 0) - 1,
        location: locations.at(unhandled.location[row] ?? 0) ?? (task < 0 ? null : taskLocation(trace, task)),
      })
      continue
    }
    found.count++
    if (task >= 0) found.tasks.push(task)
  }
  return Array.from(findings.values(), ({ error, count, ...rest }) => ({
    kind: 'unhandled-rejection',
    message:
      count === 1
        ? `A promise was rejected and nobody handled it: ${error}`
        : `${String(count)} promises were rejected and nobody handled them: ${error}`,
    ...rest,
  }))
}

interface Rejection extends Pick<TraceFinding, 'location' | 'scope'> {
  readonly error: string
  readonly tasks: number[]
  count: number
}
