import type { Trace } from '../../model/trace.ts'
import type { TraceFinding } from '../finding.ts'
import { counted, milliseconds, scopeKind } from '../names.ts'

/** From so long on a blocked event loop is felt by whoever waits, in ms. */
const LONG = 200

/**
 * When nothing else could run: one finding for all of a recording. While a program is loaded, nothing else is there to
 * run, so what was blocked before its first scope does not count.
 */
export function longStalls(trace: Trace): TraceFinding[] {
  const { stalls, locations } = trace
  const begun = beginnings(trace)
  let longest = 0
  let count = 0
  let location = 0
  for (let row = 0; row < stalls.length; row++) {
    const start = stalls.start[row] ?? 0
    const waitedFrom = Math.max(start, begun.get(stalls.thread[row] ?? 0) ?? Infinity)
    const duration = start + (stalls.duration[row] ?? 0) - waitedFrom
    if (!(duration >= LONG)) continue
    count++
    if (duration > longest) {
      longest = duration
      location = stalls.location[row] ?? 0
    }
  }
  if (count === 0) return []
  return [
    {
      kind: 'blocked-event-loop',
      message:
        `The event loop was blocked ${counted(count, 'time')}, the longest for ${milliseconds(longest)}: nothing `
        + 'else could run meanwhile.',
      location: locations.at(location),
      tasks: [],
      scope: -1,
    },
  ]
}

/** When each thread opened its first scope, in ms, apart from the one that holds all promises from the beginning. */
function beginnings(trace: Trace): Map<number, number> {
  const { scopes } = trace
  const begun = new Map<number, number>()
  for (let scope = 0; scope < scopes.length; scope++) {
    if (scopeKind(trace, scope) === 'promises') continue
    const thread = scopes.thread[scope] ?? 0
    begun.set(thread, Math.min(begun.get(thread) ?? Infinity, scopes.start[scope] ?? 0))
  }
  return begun
}
