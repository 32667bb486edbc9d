import type { Trace } from '../../model/trace.ts'
import type { TraceFinding } from '../finding.ts'
import { counted, milliseconds } from '../names.ts'

/** From so long on a blocked event loop is felt by whoever waits, in ms. */
const LONG = 200

/** When nothing else could run: one finding for all of a recording. */
export function longStalls({ stalls, locations }: Trace): TraceFinding[] {
  let longest = 0
  let count = 0
  let location = 0
  for (let row = 0; row < stalls.length; row++) {
    const duration = stalls.duration[row] ?? 0
    if (duration < LONG) continue
    count++
    if (duration > longest) {
      longest = duration
      location = stalls.location[row] ?? 0
    }
  }
  if (count === 0) return []
  return [{
    kind: 'blocked-event-loop',
    message: `The event loop was blocked ${counted(count, 'time')}, the longest for ${milliseconds(longest)}: nothing `
      + 'else could run meanwhile.',
    location: locations.at(location),
    tasks: [],
    scope: -1,
  }]
}
