/** Runs short tasks until it is killed, and tells on its standard output, each millisecond, when the last one ended. */
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { group } from '@forkline/runtime'
import { record } from '@forkline/runtime/trace'

// The promise holds from when the writer has come up, which takes it some ten milliseconds.
record(process.argv[2] ?? '').flush()
const forever = group({ name: 'open when the end comes' })
void forever.go(() => new Promise<void>(() => undefined))
let told = 0
for (;;) {
  await group.run(
    async (tasks) => {
      await tasks.go(() => setImmediate())
    },
    { name: 'one turn' },
  )
  const now = performance.timeOrigin + performance.now()
  if (now - told < 1) continue
  writeSync(1, new Float64Array([now]))
  told = now
}
