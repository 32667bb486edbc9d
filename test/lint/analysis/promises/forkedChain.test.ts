import { expect, test } from 'vitest'
import { forkOf } from '../../../../lint/analysis/promises/forkedChain.ts'
import { droppedCall } from './droppedCall.ts'

const CODE = `declare function work(): Promise<string>
declare const jobs: Set<Promise<string>>
`

test.each([
  ['given back', 'const job = work(); job.finally(() => jobs.delete(job)); return job', true],
  ['waited for', 'const job = work(); job.then(console.log); console.log(await job)', true],
  ['joined', 'const job = work(); job.then(console.log); await Promise.all([job, work()])', true],
  ['handled by another chain', 'const job = work(); job.then(console.log); void job.catch(console.error)', true],
  ['with a handler of its own', 'const job = work(); job.then(console.log, console.error); return job', false],
  ['with a handler behind it', 'const job = work(); job.finally(console.log).catch(console.error); return job', false],
  ['that nobody else sees to', 'const job = work(); job.then(console.log)', false],
  ['that is only kept', 'const job = work(); job.then(console.log); jobs.add(job)', false],
  ['that has no name', 'work().then(console.log)', false],
])('a fork of a promise %s', (_, body, expected) => {
  const { call, analysis } = droppedCall(
    `${CODE}export async function f() { ${body} }`,
    body.includes('job.') ? 'job.' : 'work',
  )
  expect(forkOf(call, analysis) !== undefined).toBe(expected)
})

test('what comes in by a parameter is seen to by its giver', () => {
  const { call, analysis } = droppedCall(
    `export function f(job: Promise<string>) { job.then(console.log); return job }`,
  )
  expect(forkOf(call, analysis)).toBeUndefined()
})
