import ts from 'typescript'
import { expect, test } from 'vitest'
import { exitAfter } from '../../../../lint/analysis/code/processExit.ts'
import { marked } from '../marked.ts'

test.each([
  ['right after', 'flush(); process.exit(1)', 'process.exit(1)'],
  ['after more that does not wait', "flush(); console.log('bye'); process.exit()", 'process.exit()'],
  ['by a signal to itself', "flush(); process.kill(process.pid, 'SIGINT')", "process.kill(process.pid, 'SIGINT')"],
  ['a signal to another process', "flush(); process.kill(1, 'SIGINT')", undefined],
  ['after a wait', 'flush(); await load(); process.exit()', undefined],
  ['in a branch', 'flush(); if (done) process.exit()', undefined],
  ['later', 'flush(); setTimeout(() => { process.exit() }, 10)', undefined],
  ['never reached', 'flush(); return; process.exit()', undefined],
  ['before it', 'process.exit(); flush()', undefined],
])('the process ends: %s', (_, body, expected) => {
  const { analysis, fn } =
    marked(`declare const done: boolean; declare function flush(): Promise<void>; declare function load(): Promise<void>
export async function f() { ${body} }`)
  const statement =
    fn.body && ts.isBlock(fn.body) ? fn.body.statements.find((at) => at.getText().startsWith('flush')) : undefined
  expect(statement && exitAfter(statement, analysis.references)?.getText()).toBe(expected)
})
