/** Records with a writer that ends too early, waits until it is told so, and goes on. */
import { openSync } from 'node:fs'
import { group } from '@forkline/runtime'
import { CONTROL, WRITERS } from '../../../../runtime/src/trace/ring.ts'
import { startRecording } from '../../../../runtime/src/trace/start.ts'

const [file = '', when] = process.argv.slice(2)
const claim = `import { workerData } from 'node:worker_threads'
const control = new Int32Array(workerData.main.memory.shared, 0, ${String(CONTROL.words)})
Atomics.store(control, ${String(CONTROL.writer)}, ${String(WRITERS.thread)});`
const script = `${when === 'late' ? claim : ''}process.exit(3)`
const problem = await new Promise<string>((resolve) => {
  startRecording({
    file: openSync(file, 'wx'),
    onProblem: resolve,
    writer: new URL(`data:text/javascript,${encodeURIComponent(script)}`),
  })
  // The writer alone keeps no program alive.
  const alive = setInterval(() => {
    if (process.exitCode !== undefined) clearInterval(alive)
  }, 10)
})
process.exitCode = 5
console.log(problem)
await group.run((tasks) =>
  tasks.go(() => {
    console.log('went on')
  }),
)
