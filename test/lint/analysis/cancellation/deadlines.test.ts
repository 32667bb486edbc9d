import ts from 'typescript'
import { expect, test } from 'vitest'
import { clearedOnSuccessOnly, deadlineOf, isHandleDropped } from '../../../../lint/analysis/cancellation/deadlines.ts'
import { marked } from '../marked.ts'

test.each([
  ['without braces', 'const t = setTimeout(() => end.abort(), 5)', true],
  ['with braces', 'const t = setTimeout(() => { end.abort() }, 5)', true],
  ['with a reason', 'const t = setTimeout(function () { end.abort("late") }, 5)', true],
  ['that does more', 'const t = setTimeout(() => { g(); end.abort() }, 5)', false],
  ['that is an event', 'const t = x.once("close", () => { end.abort() })', false],
])('a timer %s only aborts: %s', (_, body, expected) => {
  expect(timerIn(body) !== undefined).toBe(expected)
})

test.each([
  ['setTimeout(() => end.abort(), 5)', true],
  ['void setTimeout(() => end.abort(), 5)', true],
  ['const t = setTimeout(() => end.abort(), 5)', false],
])('nobody keeps the handle of %s: %s', (body, expected) => {
  const found = timerIn(body)
  expect(found && isHandleDropped(found.timer)).toBe(expected)
})

test.each([
  ['behind a wait', 'await g(); clearTimeout(t)', 'await g()'],
  ['in a branch behind a wait', 'if (await g()) clearTimeout(t)', 'await g()'],
  ['in the try that waits', 'try { await g(); clearTimeout(t) } catch {}', 'await g()'],
  ['with no wait before', 'clearTimeout(t); await g()', undefined],
  ['behind a handler that returns', 'try { await g() } catch { return } clearTimeout(t)', 'await g()'],
  ['in finally', 'try { await g() } finally { clearTimeout(t) }', undefined],
  ['by a handler too', 'try { await g(); clearTimeout(t) } catch { clearTimeout(t) }', undefined],
  ['by a callback', 'await g().finally(() => { clearTimeout(t) })', undefined],
  ['where a failure has been caught', 'try { await g() } catch {} clearTimeout(t)', undefined],
  ['never', 'await g()', undefined],
  ['or elsewhere', 'await g(); clearTimeout(t); x.keep(t)', undefined],
])('a failure leaves a timer running that is cleared %s', (_, body, expected) => {
  const found = timerIn(`const t = setTimeout(() => end.abort(), 5); ${body}`)
  expect(found && clearedOnSuccessOnly(found.timer, found.analysis)?.wait.getText()).toBe(expected)
})

function timerIn(
  body: string,
): { timer: ts.CallExpression; analysis: ReturnType<typeof marked>['analysis'] } | undefined {
  const { analysis, fn } = marked(
    `declare const g: () => Promise<void>, x: any\nexport async function f() { const end = new AbortController(); ${body} }`,
  )
  for (const use of analysis.references.named('end')) {
    const timer = ts.isVariableDeclaration(use.parent) || use.pos < fn.pos ? undefined : deadlineOf(use)
    if (timer) return { timer, analysis }
  }
  return undefined
}
