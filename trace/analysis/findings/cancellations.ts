import type { Trace } from '../../model/trace.ts'
import { isGapless, lastSeen } from '../endings.ts'
import { ScopeEvents } from '../scopeEvents.ts'
import type { TraceFinding } from '../finding.ts'
import { greatest } from '../load.ts'
import { counted, milliseconds, scopeKind, scopeLabel, taskLocation } from '../names.ts'
import type { ScopeTasks } from '../scopeTasks.ts'
import { inRuns, Places } from './places.ts'

/** A task that is told to stop may take so long to tidy up, in ms, and while the event loop is blocked it cannot. */
const GRACE = 100

/** Tasks that ran on after their scope had been cancelled: one finding a place. */
export function unheededCancellations(trace: Trace, scopeTasks: ScopeTasks): TraceFinding[] {
  const { cancels, tasks } = trace
  const places = new Places(trace)
  const seen = new Set<number>()
  let events: ScopeEvents | undefined
  const reached = new Set(trace.reaches.task.subarray(0, trace.reaches.length))
  const blocked = (task: number, from: number): number =>
    (events ??= new ScopeEvents(trace)).blockedBetween(tasks.thread[task] ?? 0, from, lastSeen(trace, task))
  for (let row = 0; row < cancels.length; row++) {
    const scope = (cancels.scope[row] ?? 0) - 1
    const time = cancels.time[row] ?? 0
    if (scope < 0 || seen.has(scope)) continue
    seen.add(scope)
    // A pool serves many calls, and one that is cancelled is no matter of the others' tasks.
    const shared = scopeKind(trace, scope) === 'pool'
    const ranOn = Array.from(scopeTasks.of(scope)).filter(
      (task) =>
        tasks.state[task] !== 0
        && (tasks.start[task] ?? 0) < time
        && lastSeen(trace, task) > time + GRACE
        && lastSeen(trace, task) - time - blocked(task, time) > GRACE
        && isKnown(trace, task)
        && (!shared || reached.has(task + 1)),
    )
    if (ranOn.length > 0) places.add(scope, ranOn, greatest(ranOn.map((task) => lastSeen(trace, task) - time)))
  }
  return Array.from(places, (place) => ({
    kind: 'cancellation-not-reached',
    message:
      `${counted(place.tasks.length, 'task')} ran on after ${scopeLabel(trace, place.scope)} was cancelled, the `
      + `longest for ${milliseconds(place.most)}${inRuns(place)}: the work does not obey its signal.`,
    location: taskLocation(trace, place.tasks[0] ?? 0),
    tasks: place.tasks,
    scope: place.scope,
  }))
}

/** Whether it is certain that the task ran for so long: its end may be among what was dropped. */
function isKnown(trace: Trace, task: number): boolean {
  return !Number.isNaN(trace.tasks.end[task] ?? NaN) || isGapless(trace, trace.tasks.thread[task] ?? 0)
}
