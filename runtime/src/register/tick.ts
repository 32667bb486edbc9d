import type { Recorder } from '../trace/recorder.ts'

/** How often it is looked whether the event loop turns, in ms. */
const EVERY = 20

/** A loop that turns this much too late was busy, in ms. */
const LONG = 30

/** Such things as are looked at now and then, because nobody tells of them: each so many ticks. */
const LOOKED_AFTER = 25

const setInterval = globalThis.setInterval

/** What is looked at twice a second. */
export const nowAndThen = new Set<() => void>()

/** Records when the event loop of this thread was busy for long. The timer keeps no process alive. */
export function recordStalls(recorder: Recorder): void {
  let last = performance.now()
  let ticks = 0
  setInterval(() => {
    const now = performance.now()
    const late = now - last - EVERY
    last = now
    if (late > LONG) recorder.stall(late)
    if (++ticks % LOOKED_AFTER === 0) for (const look of nowAndThen) look()
  }, EVERY).unref()
}
