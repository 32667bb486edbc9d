import { SCOPES } from '@forkline/runtime/trace-format'
import type { Trace } from '../../model/trace.ts'
import { endingOf, lastSeen } from '../endings.ts'
import type { TraceFinding } from '../finding.ts'
import { greatest } from '../load.ts'
import { counted, milliseconds, scopeLabel, taskLocation } from '../names.ts'
import type { ScopeTasks } from '../scopeTasks.ts'
import { inRuns, type Place, Places } from './places.ts'

/** A race has losers by its nature; one that goes on for longer than this, in ms, is worth a word. */
const LOSER_GRACE = 100

/** What ends within so many ms after its scope was about to end anyway. */
const ON_ITS_WAY_OUT = 5

const RACES: readonly number[] = [SCOPES.race, SCOPES.any]

/** Work that was still going on when its scope had ended, or when its process had: one finding a place. */
export function leaks(trace: Trace, scopeTasks: ScopeTasks): TraceFinding[] {
  const places = new Places(trace)
  for (let scope = -1; scope < trace.scopes.length; scope++) {
    const ended = !Number.isNaN(scope < 0 ? NaN : (trace.scopes.end[scope] ?? NaN))
    const leaked = Array.from(scopeTasks.of(scope)).filter(
      (task) => endingOf(trace, task) === 'leaked' && !isHarmless(trace, scope, task),
    )
    if (leaked.length === 0) continue
    if (trace.scopes.kind[scope] === SCOPES.promises) {
      for (const [place, made] of byPlace(trace, leaked)) places.add(scope, made, 0, `promises ${String(place)}`)
      continue
    }
    const longest = ended ? greatest(leaked.map((task) => lastSeen(trace, task) - (trace.scopes.end[scope] ?? 0))) : 0
    places.add(scope, leaked, longest, String(ended))
  }
  return Array.from(places, (place) => ({
    kind: 'leak',
    message: describe(trace, place),
    location: taskLocation(trace, place.tasks[0] ?? 0),
    tasks: place.tasks,
    scope: place.scope,
  }))
}

/** Promises by where they were made. Those that come of another one, by `await` or `then`, only wait for that one. */
function byPlace({ tasks }: Trace, promises: readonly number[]): Map<number, number[]> {
  const places = new Map<number, number[]>()
  for (const task of promises) {
    const place = tasks.location.at(task)
    const made = places.get(place)
    if (made !== undefined) made.push(task)
    else if (place !== 0) places.set(place, [task])
  }
  return places
}

/** What never ends may be a signal that is raced against on purpose, over and over. */
function isHarmless({ scopes, tasks }: Trace, scope: number, task: number): boolean {
  const after = (tasks.end[task] ?? NaN) - (scopes.end[scope] ?? NaN)
  if (!RACES.includes(scopes.kind[scope] ?? 0)) return after < ON_ITS_WAY_OUT
  return Number.isNaN(after) || after < LOSER_GRACE
}

function describe(trace: Trace, place: Place): string {
  const { scope, tasks, most } = place
  const isPromises = trace.scopes.kind[scope] === SCOPES.promises
  if (isPromises) return `${counted(tasks.length, 'promise')} never settled: the program ended first.`
  const many = counted(tasks.length, 'task')
  if (Number.isNaN(scope < 0 ? NaN : (trace.scopes.end[scope] ?? NaN))) {
    const where = scope < 0 ? '' : ` of ${scopeLabel(trace, scope)}`
    return `${many}${where} never ended: the program ended first, and took the work with it.`
  }
  return (
    `${many} of ${scopeLabel(trace, scope)} went on after it had ended, the longest for ${milliseconds(most)}`
    + `${inRuns(place)}.`
  )
}
