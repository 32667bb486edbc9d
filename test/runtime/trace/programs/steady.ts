/** Runs short tasks all the time, and tells on its standard output when each has ended, until it is killed. */
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { group } from '@forkline/runtime'
import { record } from '@forkline/runtime/trace'

record(process.argv[2] ?? '')
const forever = group({ name: 'open when the end comes' })
void forever.go(() => new Promise<void>(() => undefined))
for (;;) {
  await group.run(async tasks => { await tasks.go(() => setImmediate()) }, { name: 'one turn' })
  writeSync(1, new Float64Array([performance.timeOrigin + performance.now()]))
}
