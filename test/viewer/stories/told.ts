import { IDLE_REASONS, waitKind } from '@forkline/trace'
import { cancellationsOf } from '../../../viewer/inspect/cancellations.ts'
import { minimapOf } from '../../../viewer/inspect/minimap.ts'
import { pathOf } from '../../../viewer/inspect/path.ts'
import { poolOf } from '../../../viewer/inspect/pool.ts'
import { scopesOf } from '../../../viewer/inspect/scopes.ts'
import { stateOf } from '../../../viewer/inspect/tasks.ts'
import { waitCausesOf } from '../../../viewer/inspect/waits.ts'
import { STATE_BITS } from '../../../viewer/model/lane.ts'
import { Session } from '../../../viewer/worker/session.ts'
import type { CancelStory, Count, ProblemStory, Story, TrackStory } from './stories.ts'

/** As wide as a page is, in pixels. */
const COLUMNS = 1200

/** The recording as the page holds it. */
export function openSession(files: readonly Uint8Array[]): Session {
  const session = new Session()
  for (const [number, bytes] of files.entries()) session.push(number, bytes)
  for (const number of files.keys()) session.end(number)
  session.overview()
  return session
}

/** Says where the timeline does not reveal what the story tells, in words; empty when it tells all of it. */
export function notTold(session: Session, story: Story): string[] {
  return [
    ...story.tracks.flatMap((track) => notOnTrack(session, track)),
    ...notListed(session, story.problems ?? []),
    ...notCancelled(session, story.cancellations ?? []),
    ...notWaited(session, story.waits ?? []),
    ...(story.blocked === true && session.trace.stalls.length === 0 ? ['the event loop was never blocked'] : []),
    ...notMarked(session),
  ]
}

function notOnTrack(session: Session, story: TrackStory): string[] {
  const { list } = session.tracks
  const found = [...list.keys()].filter(
    (track) =>
      list[track]?.label === story.label && (story.in === undefined || list[track].location?.function === story.in),
  )
  const [number] = found
  const track = list[number ?? -1]
  const where = story.in === undefined ? story.label : `${story.label} in ${story.in}`
  if (number === undefined || track === undefined || found.length > 1) {
    return [`there are ${String(found.length)} tracks "${where}" among ${list.map(({ label }) => label).join(', ')}`]
  }
  const states = { ok: 0, failed: 0, cancelled: 0, leaked: 0 }
  const wrong: string[] = []
  const say = (what: string, value: number, count: Count): void => {
    if (!isCounted(value, count)) wrong.push(`${where}: ${what} is ${String(value)}, not ${String(count)}`)
  }
  for (const lane of track.lanes) {
    for (let place = 0; place < lane.length; place++) {
      const task = lane.task(place)
      const state = stateOf(session.trace, task, false)
      if (state in states) states[state as keyof typeof states]++
      else wrong.push(`${where}: task ${String(task)} is ${state}`)
      const error = session.trace.strings.at(session.trace.tasks.error.at(task))
      if (state === 'failed' && story.error?.test(error) === false) wrong.push(`${where}: a red task says "${error}"`)
    }
  }
  for (const state of ['ok', 'failed', 'cancelled', 'leaked'] as const) say(state, states[state], story[state] ?? 0)
  say('scopes', track.scopes, story.scopes ?? 1)
  if (story.lanes !== undefined) say('lanes', track.lanes.length, story.lanes)
  return [...wrong, ...notIdle(session, number, story), ...notCritical(session, number, story)]
}

function notIdle(session: Session, track: number, { label, idle }: TrackStory): string[] {
  if (idle === undefined || !keptUp(session, track)) return []
  const use = poolOf(session, track)?.use
  const main = use && IDLE_REASONS.reduce((most, reason) => (use.idle[reason] > use.idle[most] ? reason : most))
  return main === idle ? [] : [`${label} was idle because of ${String(main)}, not ${idle}`]
}

/** Whether most tasks of a track had to wait for the rate. On a slow machine they come later than it allows. */
function keptUp({ trace, tracks, taskWaits }: Session, track: number): boolean {
  const waited =
    tracks.list[track]?.lanes.map((lane) => {
      let count = 0
      for (let place = 0; place < lane.length; place++) {
        if (taskWaits.of(lane.task(place)).some((wait) => waitKind(trace, wait) === 'rate')) count++
      }
      return count
    }) ?? []
  return waited.reduce((sum, count) => sum + count, 0) > 0.6 * (tracks.list[track]?.tasks ?? 0)
}

/** The steps of the critical path follow one another, and cover what the longest scope of the track took. */
function notCritical(session: Session, track: number, { label, critical }: TrackStory): string[] {
  if (critical !== true) return []
  const {
    trace: { tasks },
    scopeTasks,
  } = session
  const path = pathOf(session, track)
  const longest = scopesOf(session, track)
    .map((scope) => {
      const rows = Array.from(scopeTasks.of(scope))
      return {
        start: Math.min(...rows.map((row) => tasks.start[row] ?? NaN)),
        end: Math.max(...rows.map((row) => tasks.end[row] ?? NaN)),
      }
    })
    .reduce((most, one) => (one.end - one.start > most.end - most.start ? one : most))
  const covered = path.reduce((sum, { start, end }) => sum + end - start, 0)
  const overlapping = path.some(({ start }, step) => start < (path[step - 1]?.end ?? 0))
  const wrong: string[] = []
  if (overlapping) wrong.push(`${label}: steps of the critical path overlap`)
  if (path.at(-1)?.end !== longest.end) wrong.push(`${label}: the critical path does not end with its last task`)
  if (covered < 0.7 * (longest.end - longest.start)) {
    wrong.push(`${label}: the critical path explains ${String(covered)} of ${String(longest.end - longest.start)} ms`)
  }
  return wrong
}

function notListed({ findings }: Session, problems: readonly ProblemStory[]): string[] {
  const missing = problems.filter(
    ({ kind, says, unless }) =>
      unless === undefined && !findings.some((finding) => finding.kind === kind && says.test(finding.message)),
  )
  // Whatever else the machine does may hold up the event loop too.
  const more = findings.filter(
    ({ kind, message }) =>
      !(kind === 'blocked-event-loop' || message.includes('event loop was blocked'))
      && !problems.some((problem) => problem.kind === kind && problem.says.test(message)),
  )
  return [
    ...missing.map(({ kind, says }) => `no problem ${kind} says ${String(says)}`),
    ...more.map(({ kind, message }) => `a problem that is none: ${kind}: ${message}`),
  ]
}

function notCancelled(session: Session, stories: readonly CancelStory[]): string[] {
  const cancellations = cancellationsOf(session)
  const told = new Set<number>()
  const wrong = stories.flatMap((story) => {
    const same = cancellations.filter(
      ({ number, scope, cause, reason, reachedCount }) =>
        !told.has(number)
        && scope === story.of
        && cause === story.because
        && story.reason.test(reason)
        && isCounted(reachedCount, story.reached),
    )
    for (const { number } of same) told.add(number)
    return isCounted(same.length, story.times ?? 1)
      ? []
      : [`${story.of} was cancelled ${String(same.length)} times like that`]
  })
  const more = cancellations
    .filter(({ number }) => !told.has(number))
    .map(
      ({ scope, cause, reason, reachedCount }) =>
        `a cancellation too many: ${scope}, because ${cause}, reached ${String(reachedCount)}: ${reason.slice(0, 80)}`,
    )
  return [...wrong, ...more]
}

function notWaited(session: Session, stories: NonNullable<Story['waits']>): string[] {
  const causes = waitCausesOf(session)
  return stories.flatMap(({ kind, what, times }) => {
    const count = causes
      .filter((cause) => cause.kind === kind && cause.what === what)
      .reduce((sum, cause) => sum + cause.count, 0)
    return isCounted(count, times) ? [] : [`${String(count)} waits of ${kind} for ${what}, not ${String(times)}`]
  })
}

/** The minimap has a tick wherever something failed, was cancelled or leaked, and nowhere else. */
export function notMarked(session: Session): string[] {
  const { trace } = session
  const { marks } = minimapOf(session, COLUMNS)
  const expected = new Uint8Array(COLUMNS)
  for (let task = 0; task < trace.tasks.length; task++) {
    const state = stateOf(trace, task, false)
    if (state !== 'failed' && state !== 'cancelled' && state !== 'leaked') continue
    const end = trace.tasks.end[task] ?? NaN
    const column = Math.min(COLUMNS - 1, Math.floor(((Number.isNaN(end) ? trace.end : end) / trace.end) * COLUMNS))
    expected[column] = (expected[column] ?? 0) | STATE_BITS[state]
  }
  const missing = expected.findIndex((bits, column) => ((marks[column] ?? 0) & bits) !== bits)
  return missing < 0 ? [] : [`the minimap lacks a tick at column ${String(missing)}`]
}

function isCounted(value: number, count: Count): boolean {
  const [least, most] = typeof count === 'number' ? [count, count] : count
  return value >= least && value <= most
}
