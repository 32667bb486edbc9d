/** Records onto a disk that is full, and goes on. */
import { openSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { group } from '@forkline/runtime'
import { startRecording } from '../../../../runtime/src/trace/start.ts'

let problem = ''
startRecording({ file: openSync('/dev/full', 'w'), onProblem: text => { problem = text } })
let turns = 0
while (problem === '') {
  await group.run(tasks => tasks.go(() => setTimeout(1)))
  turns++
}
await group.run(tasks => tasks.go(() => { console.log('went on') }))
console.log(problem.startsWith('ENOSPC'), turns > 0)
process.exitCode = 5
