/** Runs a hundred tasks, and ends in the way that is asked for. */
import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { group } from '@forkline/runtime'
import { record } from '@forkline/runtime/trace'

const [file = '', how = 'well'] = process.argv.slice(2)
const recording = record(file, {
  onProblem: (problem) => {
    console.error(`problem: ${problem}`)
  },
})
const values = await group.run(async (tasks) => {
  for (let index = 0; index < 100; index++) void tasks.go(() => Promise.resolve(index))
  return await tasks.wait()
})
console.log(values.length)
switch (how) {
  case 'exit':
    process.exit(3)
    break
  case 'throw':
    throw new Error('nobody catches this')
  case 'reject':
    void Promise.reject(new Error('nobody handles this'))
    break
  case 'stop':
    recording.stop()
    recording.stop()
    await group.run((tasks) => tasks.go(() => 'after the end'))
    break
  case 'open':
    void group().go(() => new Promise(() => undefined))
    break
  case 'block':
    writeSync(1, 'blocking\n')
    for (;;);
  case 'exit in a thread':
    new Worker('process.exit(0)', { eval: true })
    break
}
