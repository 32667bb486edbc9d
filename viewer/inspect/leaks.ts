import { endingOf, taskLocation } from '@forkline/trace'
import type { LeakReport } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { endOf, rowOf } from './tasks.ts'
import { scopeName, taskName } from './texts.ts'

/** So many of each kind are told. */
const MOST = 1000

/** What went on though nobody waited for it any more, was never seen, or kept the process alive. */
export function leaksOf(session: Session): LeakReport[] {
  return [...unhandled(session), ...alive(session), ...leaked(session)]
}

function leaked({ trace, tracks }: Session): LeakReport[] {
  const reports: LeakReport[] = []
  const { tasks, scopes } = trace
  for (let task = 0; task < tasks.length && reports.length < MOST; task++) {
    if (endingOf(trace, task) !== 'leaked') continue
    const scope = (tasks.scope[task] ?? 0) - 1
    const scopeEnd = scope < 0 ? NaN : (scopes.end[scope] ?? NaN)
    const end = endOf(trace, task)
    const label = taskName(trace, task)
    const shared = { task, location: taskLocation(trace, task), time: tasks.start[task] ?? 0 }
    if (tracks.ofScope(scope) >= 0 && !Number.isNaN(scopeEnd)) {
      const text = `${label} went on after ${scopeName(trace, scope)} had ended.`
      reports.push({ ...shared, kind: 'outlived', text, for: end - scopeEnd })
    } else {
      reports.push({ ...shared, kind: 'never ended', text: `${label} never ended.`, for: end - shared.time })
    }
  }
  return reports
}

function unhandled({ trace }: Session): LeakReport[] {
  const { unhandled: rejections, strings, locations } = trace
  return Array.from({ length: Math.min(rejections.length, MOST) }, (_, row) => {
    const task = rowOf(rejections.task[row])
    const [first = ''] = strings.at(rejections.error[row] ?? 0).split('\n', 1)
    return {
      kind: 'unhandled' as const,
      text: `Nobody handled a rejection: ${first.slice(0, 500)}`,
      task,
      location: locations.at(rejections.location[row] ?? 0) ?? (task === null ? null : taskLocation(trace, task)),
      time: rejections.time[row] ?? 0,
      for: null,
    }
  })
}

function alive({ trace }: Session): LeakReport[] {
  const { alive: rows, strings } = trace
  return Array.from({ length: Math.min(rows.length, MOST) }, (_, row) => ({
    kind: 'alive' as const,
    text:
      `Kept the process alive: ${strings.at(rows.what[row] ?? 0).slice(0, 500)} `
      + `(${String(rows.count[row] ?? 0)} of it).`,
    task: null,
    location: null,
    time: rows.time[row] ?? 0,
    for: null,
  }))
}
