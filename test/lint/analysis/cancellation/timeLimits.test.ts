import ts from 'typescript'
import { expect, test } from 'vitest'
import { type TimeLimit, timeLimitOf } from '../../../../lint/analysis/cancellation/timeLimits.ts'
import { marked } from '../marked.ts'

test.each([
  ['hands what settles it to an event', 'setTimeout(y, 5); x.once("open", y)', 'y'],
  ['settles in a callback', 'setTimeout(y, 5); x.once("open", () => { y(1) })', 'y'],
  ['keeps what settles it', 'setTimeout(() => n(1), 5); kept = y', 'y'],
  ['has a function that both use', 'const end = () => { y(1) }; setTimeout(end, 5); x.once("open", end)', 'end'],
  ['settles nowhere else', 'setTimeout(y, 5)', undefined],
  ['has failed before the timer', 'if (x) { n(1); return } setTimeout(y, 5)', undefined],
  ['has a function that only the timer uses', 'const end = () => { y(1) }; setTimeout(end, 5)', undefined],
  ['clears the timer', 'const t = setTimeout(y, 5); x.once("open", () => { clearTimeout(t); y(1) })', undefined],
  [
    'counts until the time is up',
    'x.on("data", (d) => { try { x.add(d) } catch (e) { n(e) } }); setTimeout(y, 5)',
    undefined,
  ],
  [
    'settles or fails in a callback',
    'setTimeout(n, 5); x.on("data", (d) => { try { y(x.add(d)) } catch (e) { n(e) } })',
    'y',
  ],
  ['has a timer for something else', 'setTimeout(g, 5); x.once("open", y)', undefined],
])('a promise that %s', (_, body, expected) => {
  expect(limitIn(`new Promise((y, n) => { ${body} })`)?.other.getText()).toBe(expected)
})

test('a promise that waits for what settles it', () => {
  expect(limitIn('new Promise(async (y) => { setTimeout(y, 5); y(await g()) })')?.other.getText()).toBe('y')
  expect(limitIn('new Promise(async (y) => { await g(); setTimeout(y, 5) })')).toBeUndefined()
})

test.each(['Promise.race([g(), PROMISE])', 'const late = PROMISE; await Promise.race([g(), late])'])(
  'a promise in a race is a matter of that race: %s',
  (code) => {
    expect(
      limitIn(code.replace('PROMISE', 'new Promise((y) => { setTimeout(y, 5); x.once("open", y) })')),
    ).toBeUndefined()
  },
)

function limitIn(code: string): TimeLimit | undefined {
  const { fn, analysis } = marked(
    `declare const x: any, g: () => Promise<number>; let kept: unknown; async function f() { ${code} }`,
  )
  let found: ts.NewExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) found ??= node
    ts.forEachChild(node, visit)
  }
  visit(fn)
  return found && timeLimitOf(found, analysis)
}
