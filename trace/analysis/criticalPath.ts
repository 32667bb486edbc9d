import type { Trace } from '../model/trace.ts'
import { lastSeen } from './endings.ts'
import type { ScopeTasks } from './scopeTasks.ts'

/** One stretch of what decided how long a scope took. */
export interface Step {
  /** The task that ran, or that was queued. */
  readonly task: number
  readonly what: 'ran' | 'queued'
  /** In ms. */
  readonly start: number
  readonly end: number
  /** How much sooner it could have ended, at most, before another task had decided instead. In ms. */
  readonly slack: number
}

/**
 * What decided the total time of a scope, walked back from its end: the task that ended last; while it was queued,
 * the one whose end made room for it; before it was created, the one that created it.
 *
 * @returns the steps in the order of time.
 */
export function criticalPath(trace: Trace, scope: number, scopeTasks: ScopeTasks): Step[] {
  const rows = Array.from(scopeTasks.of(scope)).filter((row) => trace.tasks.state[row] !== 0)
  const byEnd = rows.sort((one, other) => lastSeen(trace, one) - lastSeen(trace, other))
  const places = new Map(byEnd.map((row, place) => [row, place]))
  const steps: Step[] = []
  const seen = new Set<number>()
  for (let task = byEnd.at(-1); task !== undefined && !seen.has(task);) {
    seen.add(task)
    const { start, created } = timesOf(trace, task)
    const end = Math.min(lastSeen(trace, task), steps.at(-1)?.start ?? Infinity)
    steps.push({ task, what: 'ran', start, end, slack: slackOf(trace, byEnd, places.get(task) ?? 0, start, seen) })
    // What made room: the task that ended last before this one started, while this one was waiting.
    const freed = byEnd[lastEndedBy(trace, byEnd, start)]
    const waited = start > created
    if (waited && freed !== undefined && lastSeen(trace, freed) > created) {
      task = freed
      continue
    }
    if (waited) steps.push({ task, what: 'queued', start: created, end: start, slack: 0 })
    const parent = (trace.tasks.parent[task] ?? 0) - 1
    const from = waited ? created : start
    const byParent = places.has(parent) && timesOf(trace, parent).start <= from
    task = byParent ? parent : startedBy(trace, freed, task, freed === undefined ? 0 : start - lastSeen(trace, freed))
  }
  return steps.reverse()
}

/** A task that starts in the moment that another one ends, as workers and chains do, waited for it. */
function startedBy({ scopes, tasks }: Trace, freed: number | undefined, task: number, gap: number): number | undefined {
  const limited = (scopes.limit[(tasks.scope[task] ?? 0) - 1] ?? 0) > 0
  return freed !== undefined && gap <= (limited ? WORKER_HANDOVER : HANDOVER) ? freed : undefined
}

/** From the end of one task to the start of the next that waited for it, at most, in ms. */
const HANDOVER = 0.5
/** The same where workers take tasks from a source, which may have to be asked, and only when a result was taken. */
const WORKER_HANDOVER = 20

function timesOf({ tasks }: Trace, task: number): { readonly start: number; readonly created: number } {
  const start = tasks.start[task] ?? 0
  return { start, created: start - (tasks.queued[task] ?? 0) }
}

/** How much earlier the next to last task ended, as long as that was while this one ran. */
function slackOf(
  trace: Trace,
  byEnd: readonly number[],
  place: number,
  start: number,
  seen: ReadonlySet<number>,
): number {
  const end = lastSeen(trace, byEnd[place] ?? 0)
  for (let before = place - 1; before >= 0; before--) {
    const other = byEnd[before] ?? 0
    if (!seen.has(other)) return end - Math.max(start, lastSeen(trace, other))
  }
  return end - start
}

/** The place of the last task that had ended by a time; -1 when there is none. */
function lastEndedBy(trace: Trace, byEnd: readonly number[], time: number): number {
  let low = 0
  let high = byEnd.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (lastSeen(trace, byEnd[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}
