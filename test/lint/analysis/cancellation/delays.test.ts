import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import {
  isConfigurable,
  longestGiven,
  millisecondsOf,
  shortestGiven,
} from '../../../../lint/analysis/cancellation/delays.ts'
import { findNode, isMethodCall } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

/** What `marked.wait(…)` is given. */
function delayIn(code: string) {
  const { analysis } = marked(
    `declare const marked: { wait(ms: number): void }, given: number\nconst f = () => 1\n${code}`,
  )
  const call = findNode(analysis.sourceFile, (node): node is ts.CallExpression => isMethodCall(node, 'wait'))
  const [delay] = call?.arguments ?? []
  if (!delay) throw new Error(`Nothing waits in ${code}`)
  return { delay, analysis }
}

describe('the milliseconds of a delay', () => {
  test.each([
    ['a literal', 'marked.wait(500)', 500],
    ['a product', 'marked.wait(60 * 1000)', 60_000],
    ['a constant made of another', 'const SECOND = 1000; const LIMIT = 5 * SECOND; marked.wait(LIMIT)', 5000],
    ['a property that is fixed', 'class A { limit = 20; run() { marked.wait(this.limit) } }', 20],
    ['a member of an enum', 'enum Limits { Short = 50 } marked.wait(Limits.Short)', 50],
    ['a default', 'function pause(ms = 40) { marked.wait(ms) }', 40],
    ['what stands in for a setting', 'declare const o: { ms?: number }; marked.wait(o.ms ?? 70)', 70],
    ['what is left of a limit', 'marked.wait(100 - given)', 100],
    ['the smaller of two, one of which is known', 'marked.wait(Math.min(given, 30))', 30],
    ['the larger of two known', 'marked.wait(Math.max(10, 20))', 20],
    ['the larger of two, one of which is not known', 'marked.wait(Math.max(given, 20))', undefined],
    ['a variable that changes', 'let ms = 10; ms = 20; marked.wait(ms)', undefined],
    ['what somebody gives', 'marked.wait(given)', undefined],
  ])('%s', (_, code, expected) => {
    const { delay, analysis } = delayIn(code)
    expect(millisecondsOf(delay, analysis)).toBe(expected)
  })
})

test('the most and the least that all callers give', () => {
  const { delay, analysis } = delayIn('function pause(ms: number) { marked.wait(ms) }\npause(10)\npause(3 * 10)')
  expect([shortestGiven(delay, analysis), longestGiven(delay, analysis)]).toEqual([10, 30])
  const open = delayIn('export function pause(ms: number) { marked.wait(ms) }\npause(10)\npause(given)')
  expect([shortestGiven(open.delay, open.analysis), longestGiven(open.delay, open.analysis)]).toEqual([
    undefined,
    undefined,
  ])
})

test.each([
  ['a parameter', 'function pause(ms: number) { marked.wait(ms) }', true],
  ['a setting with a default', 'declare const o: { ms?: number }; const ms = o.ms ?? 5; marked.wait(ms)', true],
  ['a literal', 'marked.wait(5)', false],
  ['a constant', 'const ms = 5; marked.wait(ms)', false],
])('who says how long: %s', (_, code, expected) => {
  const { delay, analysis } = delayIn(code)
  expect(isConfigurable(delay, analysis)).toBe(expected)
})
