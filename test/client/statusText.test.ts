import type { LintedStatus } from '@forkline/server/messages'
import { expect, test } from 'vitest'
import { statusText } from '../../client/statusText.ts'

const linted: LintedStatus = {
  state: 'linted',
  uri: 'file:///app.ts',
  version: 1,
  programMs: 40.4,
  lintMs: 12.2,
  cold: false,
  counts: { certain: 1, likely: 2, possible: 0, suppressed: 0 },
  failures: [],
  configProblems: [],
}

test('a file that was checked shows its findings and the time, split', () => {
  expect(statusText(linted)).toEqual({
    text: 'Forkline: 3 findings, 53 ms',
    detail: '40 ms for types, 12 ms for rules',
    warning: false,
  })
})

test.each([
  [0, 'Forkline: no findings, 53 ms'],
  [1, 'Forkline: 1 finding, 53 ms'],
])('%i findings are counted as people do', (certain, text) => {
  expect(statusText({ ...linted, counts: { certain, likely: 0, possible: 0, suppressed: 0 } }).text).toBe(text)
})

test('suppressed findings are counted apart', () => {
  expect(statusText({ ...linted, counts: { ...linted.counts, suppressed: 2 } }).detail).toBe(
    '40 ms for types, 12 ms for rules, 2 suppressed',
  )
})

test('an edit over the budget is a warning, the first look at a project is not', () => {
  const slow = { ...linted, programMs: 2100 }
  expect(statusText(slow)).toMatchObject({ text: 'Forkline: 3 findings, 2.1 s', warning: true })
  expect(statusText({ ...slow, cold: true })).toMatchObject({ warning: false })
})

test('a rule that failed is a warning that names rule and line', () => {
  const failures = [{ ruleId: 'no-such', filePath: '/app.ts', line: 7, message: 'x is undefined' }]
  expect(statusText({ ...linted, failures })).toEqual({
    text: 'Forkline: a rule failed',
    detail: 'The rule no-such failed at line 7: x is undefined',
    warning: true,
  })
})

test('a problem of the configuration is a warning', () => {
  expect(statusText({ ...linted, configProblems: ['/tsconfig.json:2: oops'] })).toMatchObject({
    detail: '/tsconfig.json:2: oops',
    warning: true,
  })
})

test('a file that is not checked says why', () => {
  expect(statusText({ state: 'quiet', uri: 'file:///app.ts', reason: 'It is binary' })).toEqual({
    text: 'Forkline: not checking',
    detail: 'It is binary',
    warning: false,
  })
  expect(statusText(undefined).detail).toBe('This file has not been checked yet')
})
