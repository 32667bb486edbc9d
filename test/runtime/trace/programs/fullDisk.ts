/** Records until no more can be written, and goes on. */
import { setTimeout } from 'node:timers/promises'
import { group } from '@forkline/runtime'
import { record } from '@forkline/runtime/trace'

let problem = ''
record(process.argv[2] ?? '', {
  onProblem: (text) => {
    problem = text
  },
})
let turns = 0
while (problem === '') {
  await group.run((tasks) => {
    for (let index = 0; index < 100; index++) void tasks.go(() => setTimeout(1))
  })
  turns++
}
await group.run((tasks) =>
  tasks.go(() => {
    console.log('went on')
  }),
)
console.log(problem.startsWith('EFBIG'), turns > 0)
process.exitCode = 5
