import type { Choose, Footprint, Pending } from './scheduler.ts'

/** An event that may come next: which task goes on, and whether by a failure. */
type EventKey = number

/** A point of a run where the world chooses. */
interface Point {
  readonly events: readonly EventKey[]
  /** Events that need not come next, with what they touch: a run in which they did has shown all that could come of it. */
  readonly asleep: Map<EventKey, Footprint>
  chosen: number
  touched: Footprint | undefined
}

/**
 * Goes depth first through the orders in which the events of a run may come, leaving out those that differ from one seen
 * before only in the order of neighbours that touch nothing in common: nobody can tell them apart (sleep sets).
 *
 * @param run Does a run from its beginning, letting this choose; what it has touched since the last event comes at its end.
 * @returns Whether that came to the end before the limit.
 */
export function forEachOrder(limit: number, run: (choose: Choose, choices: readonly number[]) => Footprint): boolean {
  const path: Point[] = []
  for (let count = 0; count < limit; count++) {
    let depth = 0
    const choices: number[] = path.map(({ chosen }) => chosen)
    const choose: Choose = (ending, failing, footprint) => {
      const last = path[depth - 1]
      if (last) last.touched ??= { ...footprint }
      let point = path[depth]
      if (point === undefined) {
        const events = [
          ...ending.map(({ task }) => keyOf(task, false)),
          ...failing.map(({ task }) => keyOf(task, true)),
        ]
        const asleep = last ? stillAsleep(last) : new Map<EventKey, Footprint>()
        point = { events, asleep, chosen: events.findIndex((event) => !asleep.has(event)), touched: undefined }
        if (point.chosen < 0) return undefined
        path.push(point)
        choices.push(point.chosen)
      }
      depth++
      return point.chosen
    }
    const footprint = run(choose, choices)
    const last = path.at(-1)
    if (last) last.touched ??= { ...footprint }
    if (!advance(path)) return true
  }
  return false
}

function keyOf({ id }: Pending['task'], fails: boolean): EventKey {
  return id * 2 + Number(fails)
}

/** What has nothing to do with the event that was chosen can come after it as well as before. */
function stillAsleep({ events, asleep, chosen, touched }: Point): Map<EventKey, Footprint> {
  const event = events[chosen] as EventKey
  return new Map(
    [...asleep].filter(([other, footprint]) => other >> 1 !== event >> 1 && !meet(footprint, touched as Footprint)),
  )
}

function meet(one: Footprint, other: Footprint): boolean {
  return (one.writes & (other.reads | other.writes)) !== 0 || (other.writes & one.reads) !== 0
}

/** Turns to the next event of the last point that has one; gives whether there is any. */
function advance(path: Point[]): boolean {
  for (let point = path.at(-1); point; point = path.at(-1)) {
    const { events, asleep, chosen, touched } = point
    asleep.set(events[chosen] as EventKey, touched as Footprint)
    point.chosen = events.findIndex((event) => !asleep.has(event))
    point.touched = undefined
    if (point.chosen >= 0) return true
    path.pop()
  }
  return false
}
