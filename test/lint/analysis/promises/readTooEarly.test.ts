import ts from 'typescript'
import { expect, test } from 'vitest'
import { readBeforeFilled } from '../../../../lint/analysis/promises/readTooEarly.ts'
import { isFunctionExpression, isMethodCall, someNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

test.each([
  [
    'a list that is given back',
    'const a: string[] = []; ids.forEach(async (id) => { a.push(await load(id)) }); return a',
    'a',
  ],
  [
    'a table',
    'const a: Record<string, string> = {}; ids.forEach(async (id) => { a[id] = await load(id) }); return Object.keys(a)',
    'a',
  ],
  ['a sum', "let a = ''; ids.forEach(async (id) => { a += await load(id) }); console.log(a)", 'a'],
  ['a map', 'const a = new Map(); ids.forEach(async (id) => { a.set(id, await load(id)) }); return { a }', 'a'],
  [
    'what is read before only',
    'const a: string[] = []; console.log(a); ids.forEach(async (id) => { a.push(await load(id)) })',
    undefined,
  ],
  [
    'what is read at another time',
    'const a: string[] = []; ids.forEach(async (id) => { a.push(await load(id)) }); return () => a',
    undefined,
  ],
  [
    'another name for a property',
    'const a: string[] = []; ids.forEach(async (id) => { a.push(await load(id)) }); return { a: 1 }',
    undefined,
  ],
  ['nothing filled', 'ids.forEach(async (id) => { await load(id) }); return ids', undefined],
  [
    'what the callback declares',
    "ids.forEach(async (id) => { let a = ''; a = await load(id); console.log(a) }); const a = 1; return a",
    undefined,
  ],
])('read too early: %s', (_, body, expected) => {
  const { analysis, fn } = marked(
    `declare function load(id: string): Promise<string>\nexport function f(ids: string[]) { ${body} }`,
  )
  let call: ts.CallExpression | undefined
  someNode(fn, (node) => {
    if (isMethodCall(node, 'forEach')) call = node
    return false
  })
  const callback = call?.arguments[0]
  if (!call || !callback || !isFunctionExpression(callback)) throw new Error('Expected a forEach with a callback')
  expect(readBeforeFilled(callback, call, analysis)?.text).toBe(expected)
})
