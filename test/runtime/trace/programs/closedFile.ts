/** Closes the file of its recording, gets the same number for a file of its own, and goes on. */
import { closeSync, fstatSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { group } from '@forkline/runtime'
import { record } from '@forkline/runtime/trace'

const [file = '', own = '', remove] = process.argv.slice(2)
const told: string[] = []
const recording = record(file, {
  onProblem: (problem) => {
    console.log(problem)
    told.push(problem)
  },
})
const turn = () =>
  group.run(async (tasks) => {
    for (let index = 0; index < 10; index++) void tasks.go(() => Promise.resolve(index))
    return await tasks.wait()
  })
await turn()
recording.flush()
const { ino } = statSync(file)
const number =
  Array.from({ length: 100 }, (_, fd) => fd).find((fd) => {
    try {
      return fstatSync(fd).ino === ino
    } catch {
      return false
    }
  }) ?? -1
closeSync(number)
const mine = openSync(own, 'w')
console.log(mine === number ? 'same number' : `${String(mine)} instead of ${String(number)}`)
if (remove !== undefined) unlinkSync(file)
await turn()
// The writer alone keeps no program alive.
while (remove !== undefined && told.length === 0) await setTimeout(1)
writeSync(mine, 'mine ')
recording.flush()
writeSync(mine, 'alone')
closeSync(mine)
