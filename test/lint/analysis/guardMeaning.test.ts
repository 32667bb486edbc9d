import { expect, test } from 'vitest'
import { meaningOf } from '../../../lint/analysis/guardMeaning.ts'
import { marked } from './marked.ts'

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
  const { analysis, fn } = marked(`let t: any\nexport async function f() { if (${condition}) { await 1; t = {}; t.add(1) } }`)
  const [guard] = analysis.flow(fn).writes.flatMap(({ lapsed }) => lapsed)
  expect(guard && meaningOf(guard)).toBe(expected)
})
