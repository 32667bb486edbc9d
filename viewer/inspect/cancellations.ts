import { scopeLocation, TASK_STATES } from '@forkline/trace'
import type { CancelReport } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { causeOf } from './causes.ts'
import { endOf, rowOf } from './tasks.ts'
import { beginning, scopeName, taskName } from './texts.ts'

/** So many cancellations are told, and so many tasks of each: a screen shows fewer, and the counts are whole. */
const MOST = 1000
const MOST_TASKS = 200
/** Of a reason no more than this is told, in characters. */
const LONGEST_REASON = 2000
/** Who stops within this long was reached at once, in ms. */
const AT_ONCE = 1

/** Every cancellation: where it came from and why, whom it reached and how soon, and who went on all the same. */
export function cancellationsOf(session: Session): CancelReport[] {
  const { trace, tracks, scopeTasks } = session
  const { cancels, tasks, strings } = trace
  const reaches = reachesByScope(session)
  return Array.from({ length: Math.min(cancels.length, MOST) }, (_, number) => {
    const scope = (cancels.scope[number] ?? 0) - 1
    const time = cancels.time[number] ?? 0
    const by = rowOf(cancels.by[number])
    const reached = (reaches.get(scope) ?? []).filter((row) => (trace.reaches.time[row] ?? 0) >= time)
    const ranOn: { task: number; label: string; for: number }[] = []
    let last = time
    for (const task of scope < 0 ? [] : scopeTasks.of(scope)) {
      if (tasks.state[task] === TASK_STATES.queued || (tasks.start[task] ?? 0) > time) continue
      const end = endOf(trace, task)
      last = Math.max(last, end)
      if (end > time + AT_ONCE) ranOn.push({ task, label: '', for: end - time })
    }
    ranOn.sort((one, other) => other.for - one.for)
    return {
      number,
      scope: scopeName(trace, scope),
      track: scope < 0 ? -1 : tracks.ofScope(scope),
      cause: causeOf(trace, number),
      reason: beginning(strings.at(cancels.reason[number] ?? 0), LONGEST_REASON),
      by,
      byLabel: by === null ? '' : taskName(trace, by),
      time,
      location: scope < 0 ? null : scopeLocation(trace, scope),
      reached: reached.slice(0, MOST_TASKS).map((row) => {
        const task = (trace.reaches.task[row] ?? 1) - 1
        return { task, label: taskName(trace, task), after: (trace.reaches.time[row] ?? 0) - time }
      }),
      reachedCount: reached.length,
      ranOn: ranOn
        .slice(0, MOST_TASKS)
        .map(({ task, for: length }) => ({ task, label: taskName(trace, task), for: length })),
      ranOnCount: ranOn.length,
      stoppedAfter: last - time,
    }
  })
}

function reachesByScope({ trace: { reaches, tasks } }: Session): Map<number, number[]> {
  const byScope = new Map<number, number[]>()
  for (let row = 0; row < reaches.length; row++) {
    const scope = (reaches.scope[row] ?? 0) - 1
    // One that came from further out has cancelled the scope around its task as well.
    const own = (tasks.scope[(reaches.task[row] ?? 0) - 1] ?? 0) - 1
    for (const reached of own === scope ? [scope] : [scope, own]) {
      const rows = byScope.get(reached)
      if (rows === undefined) byScope.set(reached, [row])
      else rows.push(row)
    }
  }
  return byScope
}
