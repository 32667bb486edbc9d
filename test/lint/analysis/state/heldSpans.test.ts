import { expect, test } from 'vitest'
import { heldSpansOf } from '../../../../lint/analysis/state/heldSpans.ts'
import { marked } from '../marked.ts'

test.each([
  ['a release function', 'const release = await x.acquire(); a(); release()', ['lock release']],
  ['a lease with a method', 'const lease = await x.connect(); a(); lease.release()', ['lock lease']],
  ['one that the holder takes back', 'const lease = await x.acquire(); a(); x.release(lease)', ['lock lease']],
  ['a lock by name', 'await x.lock(); a(); x.unlock()', ['lock x']],
  ['a flag', 'x.busy = true; a(); x.busy = false', ['flag x.busy']],
  ['a count', 'x.n += 1; a(); x.n -= 1', ['count x.n']],
  ['a count by steps', 'x.n++; a(); --x.n', ['count x.n']],
  ['in an inner block', 'if (x) { x.busy = true; a(); x.busy = false }', ['flag x.busy']],
  ['behind the branch that takes it', 'if (x) { x.busy = true; a() } a(); x.busy = false', ['flag x.busy']],
  [
    'behind the switch that takes it',
    'switch (x) { case 1: { x.busy = true; a(); break } } x.busy = false',
    ['flag x.busy'],
  ],
  ['behind a try that lets everything through', 'try { x.busy = true; a() } catch {} x.busy = false', []],
  ['behind a loop', 'for (;;) { x.busy = true; a() } x.busy = false', []],
  ['what is worked on', 'x.job = a; a(); x.job = undefined', ['mark x.job']],
  ['a place that is emptied twice', 'if (a) { x.job = undefined } a(); x.job = undefined', []],
  ['a value that is no job', 'x.job = 1; a(); x.job = undefined', []],
  ['a key that is worked on', 'x.busy.add(a); a(); x.busy.delete(a)', ['entry x.busy']],
  ['another key', 'x.busy.add(a); a(); x.busy.delete(x)', []],
  ['a list of what is worked on', 'x.busy.push(a); a(); x.busy = x.busy.filter((b) => b !== a)', ['entry x.busy']],
  ['the same, cut out', 'x.busy.push(a); a(); x.busy.splice(x.busy.indexOf(a), 1)', ['entry x.busy']],
  ['a list of which others are taken out', 'x.busy.push(a); a(); x.busy = x.busy.filter((b) => b !== x)', []],
  ['a list that is sieved', 'x.busy.push(a); a(); x.busy = x.busy.filter((b) => b.open)', []],
  ['nothing in between', 'x.busy = true; x.busy = false', []],
  ['another flag', 'x.busy = true; a(); x.done = false', []],
  ['given back in finally', 'x.busy = true; try { a() } finally { x.busy = false }', []],
  [
    'given back in a finally whose try begins later',
    'x.busy = true; a(); try { a() } finally { x.busy = false }',
    ['flag x.busy'],
  ],
  ['the same, behind a check', 'x.busy = true; a(); try { a() } finally { if (a) x.busy = false }', []],
  ['given back in catch as well', 'x.busy = true; try { a() } catch { x.busy = false } x.busy = false', []],
  ['given back by a callback as well', 'x.busy = true; a(() => { x.busy = false }); x.busy = false', []],
])('%s: %s', (_, body, expected) => {
  const { fn } = marked(`declare const x: any, a: any\nexport async function f() { ${body} }`)
  expect(heldSpansOf(fn).map(({ kind, held }) => `${kind} ${held.getText()}`)).toEqual(expected)
})
