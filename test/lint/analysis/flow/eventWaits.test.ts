import ts from 'typescript'
import { expect, test } from 'vitest'
import { isWaitForEvent } from '../../../../lint/analysis/flow/eventWaits.ts'
import { someNode } from '../../../../lint/analysis/code/syntax.ts'

test.each([
  ['a name', 'waitForDownload(page)', true],
  ['a name at the head of a chain', 'once(server, "listening").then(start)', true],
  ['a listener that settles a new promise', 'timed(new Promise((done) => { socket.on("open", done) }))', true],
  ['a new promise that a call back settles', 'timed(new Promise((done) => { read(done) }))', false],
  [
    'a listener in work that is handed on',
    'pool.run(() => new Promise((done) => { child.once("exit", done) }))',
    false,
  ],
  ['each value that comes', 'log.forEach((line) => { print(line) })', true],
  ['a plain call', 'readUser()', false],
])('%s', (_, code, expected) => {
  const file = ts.createSourceFile('f.ts', code, ts.ScriptTarget.ESNext, true)
  let outermost: ts.CallExpression | undefined
  someNode(file, (node) => {
    if (ts.isCallExpression(node)) outermost ??= node
    return outermost !== undefined
  })
  expect(outermost && isWaitForEvent(outermost)).toBe(expected)
})
