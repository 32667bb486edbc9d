import { endingOf } from '../analysis/endings.ts'
import { scopeLabel, taskLocation } from '../analysis/names.ts'
import type { Location } from '../model/location.ts'
import type { Trace } from '../model/trace.ts'

/** What a task is called where many stand side by side: its own name, or that of its scope. */
export function shortTaskLabel(trace: Trace, task: number): string {
  const name = trace.strings.at(trace.tasks.name.at(task))
  const scope = (trace.tasks.scope[task] ?? 0) - 1
  return name !== '' ? name : scope < 0 ? 'task' : scopeLabel(trace, scope)
}

/** What else is worth knowing of a task, as far as there is anything. */
export function taskDetails(trace: Trace, task: number): Record<string, string | number> {
  const error = trace.strings.at(trace.tasks.error.at(task))
  const queued = trace.tasks.queued[task] ?? 0
  const location = taskLocation(trace, task)
  return {
    task,
    outcome: endingOf(trace, task),
    ...(queued > 0 ? { queuedMs: queued } : {}),
    ...(location === null ? {} : { location: locationText(location) }),
    ...(error === '' ? {} : { error }),
  }
}

export function locationText(location: Location): string {
  const { file, line, column, function: name } = location
  return `${name === '' ? '' : `${name} `}${file}:${String(line)}:${String(column)}`
}
