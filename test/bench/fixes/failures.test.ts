import { expect, test } from 'vitest'
import { failuresOf } from './failures.ts'

test.each([
  [
    'a compiler',
    "src/a.ts(12,5): error TS2304: Cannot find name 'x'.",
    "src/a.ts(#): error TS#: Cannot find name 'x'.",
  ],
  ['a runner with a mark', '   × adds two 12ms', '× adds two #'],
  ['TAP', '    not ok 7 - adds two', 'not ok # - adds two'],
  ['colours', '\u001B[31mFAIL\u001B[39m test/a.test.ts > adds', 'FAIL test/a.test.ts > adds'],
])('a failure told by %s is named, without what differs from run to run', (_, line, expected) => {
  expect(failuresOf(`starting\n${line}\ndone in 3.2s\n`)).toEqual([expected])
})

test('a failure that is told twice is one', () => {
  expect(failuresOf('✖ adds two (3ms)\n1 failing\n✖ adds two (3.4ms)\n')).toEqual(['✖ adds two (#)'])
})

test.each([
  'ok 7 - adds two',
  '✖ failing tests:',
  ' Tests  2 failed | 6 passed (8)',
  '# fail 0',
  'Found 3 errors.',
  '3 failing',
  '',
])('%o names no failure', (line) => {
  expect(failuresOf(line)).toEqual([])
})
