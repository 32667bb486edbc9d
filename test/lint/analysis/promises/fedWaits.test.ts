import { expect, test } from 'vitest'
import { waitFedBy } from '../../../../lint/analysis/promises/fedWaits.ts'
import { droppedCall } from './droppedCall.ts'

const LINES = `import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
declare function load(): Promise<string[]>
declare const out: NodeJS.WritableStream
`
const FILL = 'const fill = async () => { for (const line of await load()) lines.push(line); lines.push(null) }'

test.each([
  [
    'a stream that is waited for further down',
    `${FILL}; fill(); await pipeline(lines, out)`,
    'await pipeline(lines, out)',
  ],
  [
    'a stream that a loop reads',
    `${FILL}; fill(); for await (const line of lines) console.log(line)`,
    'for await (const line of lines) console.log(line)',
  ],
  [
    'a stream, by a function without a name',
    ';(async () => { lines.push((await load())[0]) })(); await pipeline(lines, out)',
    'await pipeline(lines, out)',
  ],
  ['a stream that was waited for before', `${FILL}; await pipeline(lines, out); fill()`, undefined],
  ['a stream that nobody waits for', `${FILL}; fill(); await load()`, undefined],
  ['nothing', 'const fill = async () => { await load() }; fill(); await pipeline(lines, out)', undefined],
  [
    'a stream of its own',
    'const fill = async () => { const lines = new Readable(); lines.push((await load())[0]) }; fill(); await pipeline(lines, out)',
    undefined,
  ],
  ['a stream, in one go', 'const fill = () => { lines.push(null) }; fill(); await pipeline(lines, out)', undefined],
])('feeds %s', (_, body, expected) => {
  const { call, analysis } = droppedCall(
    `${LINES}export async function f() { const lines = new Readable(); ${body} }`,
    body.startsWith(';') ? '(async' : 'fill()',
  )
  expect(waitFedBy(call, analysis)?.getText()).toBe(expected)
})

test('feeds no list: reading one waits for nothing', () => {
  const { call, analysis } = droppedCall(`${LINES}export async function f() {
  const all: string[] = []
  const fill = async () => { all.push(...(await load())) }
  fill()
  await load().then(() => all)
}`)
  expect(waitFedBy(call, analysis)).toBeUndefined()
})

test('feeds nothing where nobody could wait', () => {
  const { call, analysis } = droppedCall(
    `${LINES}export function f() { const lines = new Readable(); ${FILL}; fill() }`,
  )
  expect(waitFedBy(call, analysis)).toBeUndefined()
})
