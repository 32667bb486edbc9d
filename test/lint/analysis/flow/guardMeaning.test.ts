import { expect, test } from 'vitest'
import { guardedUntil, meaningOf } from '../../../../lint/analysis/flow/guardMeaning.ts'
import { marked } from '../marked.ts'

test.each([
  ['t', 'present'],
  ['!t', 'absent'],
  ['!!t', 'present'],
  ['t === undefined', 'absent'],
  ['t != null', 'present'],
  ['undefined !== t', 'present'],
  ['t === false', 'absent'],
  ["typeof t === 'undefined'", 'absent'],
  ['t.has(1)', 'present'],
  ['!t.get(1)', 'absent'],
  ['t.includes(1)', 'present'],
  ['t.indexOf(1) === -1', 'absent'],
  ['t.indexOf(1) >= 0', 'present'],
  ['t.length === 0', 'absent'],
  ['t.size > 0', 'present'],
  ['t.length < 1', 'absent'],
  ["'a' in t", 'present'],
  ["Object.hasOwn(t, 'a')", 'present'],
  ['t > 3', 'other'],
  ["t === 'idle'", 'other'],
  ['t.isOpen()', 'other'],
])('if (%s) finds it %s', (condition, expected) => {
  const { analysis, fn } = marked(
    `let t: any\nexport async function f() { if (${condition}) { await 1; t = {}; t.add(1) } }`,
  )
  const [guard] = analysis.flow(fn).writes.flatMap(({ lapsed }) => lapsed)
  expect(guard && meaningOf(guard)).toBe(expected)
})

test.each([
  ['in a branch, to its end', 'if (!t) { await 1; t = 1; x() } y()', 'if (!t) { await 1; t = 1; x() }'],
  [
    'after one that leaves, to the end of the block',
    'if (t) return; await 1; t = 1; x()',
    'if (t) return; await 1; t = 1; x() }',
  ],
  [
    'in the other branch',
    'if (t) { y() } else { await 1; t = 1; x() } y()',
    'if (t) { y() } else { await 1; t = 1; x() }',
  ],
  ['with no if, no further', 't ??= await 1; x()', 't'],
])('the check holds %s', (_, body, expected) => {
  const { analysis, fn } = marked(`let t: any; declare const x: any, y: any\nexport async function f() { ${body} }`)
  const [write] = analysis.flow(fn).writes
  const guard = write?.lapsed[0]
  if (!write || !guard) throw new Error('Expected a write whose check has lapsed')
  const text = fn.getSourceFile().text
  expect(text.slice(text.indexOf(body), guardedUntil(guard, write.node))).toBe(expected)
})
