import { deferred, type Deferred } from './deferred.ts'

/** Counts from 0 for ever, and tells how often it was asked and whether it was closed. */
export function counter() {
  const seen = { asked: 0, closed: false }
  async function* count() {
    try {
      for (;;) {
        await Promise.resolve()
        yield seen.asked++
      }
    } finally {
      seen.closed = true
    }
  }
  return { seen, source: count() }
}

/** A stage function whose calls the test ends one by one. */
export function stepwise() {
  const gates: Deferred<void>[] = []
  const fn = async <T>(item: T): Promise<T> => {
    const gate = deferred()
    gates.push(gate)
    await gate.promise
    return item
  }
  return { gates, fn }
}
