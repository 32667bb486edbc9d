import { expect, test } from 'vitest'
import { neverLookedAt } from '../../../../lint/analysis/flow/functionScan.ts'
import { marked } from '../marked.ts'

test.each([
  ['a counter of what is under way', 'running += 1; await work(); running -= 1', ['running']],
  ['one that is counted by steps', 'running++; await work(); --running', ['running']],
  ['a value that is only set', '(last = Date.now()); await work()', ['last']],
  ['what is set to what another holds', 'last = running; await work()', ['last']],
  ['what a condition looks at', 'if (running > 0) return; await work(); running += 1', []],
  ['what a nested function looks at', 'running += 1; await work(() => running)', []],
  ['what a parameter defaults to', 'running += 1; await work()', [], 'count = running'],
  ['a counter whose new value is used', 'const id = ++last; await work(); last = id', []],
  ['an old value that waits for what is added', 'running += await work()', []],
  ['what is only set where nothing is there yet', 'last ??= 1; await work()', []],
  ['an object whose field is set', 'last.value = 1; await work()', []],
])('%s', (_, body, expected, parameters = '') => {
  const { fn } = marked(`let running = 0, last: any, work: any\nexport async function f(${parameters}) { ${body} }`)
  expect([...neverLookedAt(fn)]).toEqual(expected)
})
