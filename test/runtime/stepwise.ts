import type { Task } from '@forkline/runtime'
import { deferred, type Deferred } from './deferred.ts'

/** A function whose calls the test ends one by one. */
export function stepwise(): { gates: Deferred<string>[]; fn: (item: unknown, task: Task) => Promise<string> } {
  const gates: Deferred<string>[] = []
  const fn = () => {
    const gate = deferred<string>()
    gates.push(gate)
    return gate.promise
  }
  return { gates, fn }
}
