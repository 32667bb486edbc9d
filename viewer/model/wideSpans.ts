import type { Lane } from './lane.ts'

/**
 * The places of all spans of a lane that last at least `shortest` ms and lie at least partly between two times. A span
 * that is so long covers one of the moments `shortest` apart: those alone are looked at, however many short spans lie
 * between them.
 */
export function wideSpans(lane: Lane, start: number, end: number, shortest: number): number[] {
  const found: number[] = []
  if (!(shortest > 0)) return found
  let time = start
  let place = lane.firstEndingAfter(time)
  while (place < lane.length && lane.start(place) < end) {
    const from = lane.start(place)
    const to = lane.end(place)
    if (to - from >= shortest) {
      found.push(place++)
      time = to
    } else {
      // A long one behind it begins later than `time`, so it ends later than this:
      time = Math.max(time + shortest, from)
    }
    place = lane.firstEndingAfter(time, place)
  }
  return found
}
