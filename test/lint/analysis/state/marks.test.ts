import ts from 'typescript'
import { expect, test } from 'vitest'
import type { Guard, Write } from '../../../../lint/analysis/flow/flowFacts.ts'
import {
  asksForAnother,
  asksForWritten,
  isFlag,
  isLateMark,
  restOf,
  switchedOnBy,
} from '../../../../lint/analysis/state/marks.ts'
import { findNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked, type Marked } from '../marked.ts'

const HEAD = `declare function act(): Promise<void>
declare enum Phase { Open, Shut }
let server: { id: string } | undefined
let open = false
let state = 'idle'
let phase: Phase = Phase.Shut
let found: string | undefined
const running = new Set<string>()
`

/** The first write of the function `f` that a check has let through before a wait, with that check. */
function checkedWrite(body: string): Marked & { readonly write: Write; readonly guard: Guard } {
  const subject = marked(`${HEAD}export async function f(key: string, value: string) { ${body} }`)
  for (const write of subject.analysis.flow(subject.fn).writes) {
    const guard = write.lapsed.at(-1)
    if (guard) return { ...subject, write, guard }
  }
  throw new Error('Expected a write behind a check that a wait has made stale')
}

test.each([
  ['true', 'if (open) return; await act(); open = true', true],
  ['a member of a set', 'if (running.has(key)) return; await act(); running.add(key)', true],
  ['the value that was asked for', "if (state === 'open') return; await act(); state = 'open'", true],
  ['a value of another', "if (state === 'open') return; await act(); state = 'shut'", false],
  ['a value that is kept', 'if (found) return; await act(); found = value', false],
])('a flag is %s', (_, body, expected) => {
  const { write, guard } = checkedWrite(body)
  expect(isFlag(write, guard)).toBe(expected)
})

test.each([
  ['a flag that is taken back', 'if (open) return; await act(); open = true; await act(); open = false', true],
  ['a flag that stays', 'if (open) return; await act(); open = true', false],
  ['one that is taken back at once', 'if (open) return; await act(); open = true; open = false', false],
  [
    'one that only a failure takes back',
    'if (open) return; await act(); open = true; try { await act() } catch { open = false }',
    false,
  ],
  ['an entry', 'if (running.has(key)) return; await act(); running.add(key); await act(); running.delete(key)', true],
  [
    'the entry of another key',
    'if (running.has(key)) return; await act(); running.add(key); await act(); running.delete(value)',
    false,
  ],
  [
    'a state that goes back to rest',
    "if (state !== 'idle') return; await act(); state = 'busy'; await act(); state = 'idle'",
    true,
  ],
  [
    'a state that goes on',
    "if (state !== 'idle') return; await act(); state = 'busy'; await act(); state = 'done'",
    false,
  ],
])('%s is a mark of being at work: %s', (_, body, expected) => {
  const { write, guard, fn, analysis } = checkedWrite(body)
  expect(isLateMark(write, guard, fn, analysis)).toBe(expected)
})

test.each([
  ['text', "if (state !== 'idle') return; await act(); state = 'busy'", "'idle'"],
  ['a member of an enumeration', 'if (phase !== Phase.Shut) return; await act(); phase = Phase.Open', 'Phase.Shut'],
  ['in the branch', "if (state === 'idle') { await act(); state = 'busy' }", "'idle'"],
  ['asked the other way round', "if (state === 'idle') return; await act(); state = 'busy'", undefined],
  ['the same as before', "if (state !== 'idle') return; await act(); state = 'idle'", undefined],
  ['what the caller gives', "if (state !== 'idle') return; await act(); state = value", undefined],
])('the value of rest, as %s', (_, body, expected) => {
  const { write, guard } = checkedWrite(body)
  expect(restOf(guard, write)).toBe(expected)
})

test.each([
  ['which leaves', "if (state === 'open') return; await act(); state = 'open'", true],
  ['around it', "if (state !== 'open') { await act(); state = 'open' }", true],
  ['that holds', "if (state === 'open') { await act(); state = 'open' }", false],
  ['for what the caller gives', 'if (state === value) return; await act(); state = value', false],
])('a check for the very value, %s: %s', (_, body, expected) => {
  const { write, guard } = checkedWrite(body)
  expect(asksForWritten(guard, write)).toBe(expected)
})

test.each([
  ['by a property', 'if (server?.id !== key) { await act(); server = { id: value } }', true],
  ['the other way round', 'if (key !== server?.id) { await act(); server = { id: value } }', true],
  ['which leaves', 'if (server?.id === key) return; await act(); server = { id: value }', true],
  ['by itself', 'if (found !== key) { await act(); found = value }', true],
  ['that holds', 'if (found === key) { await act(); found = value }', false],
  ['for a fixed value', "if (found !== 'a') { await act(); found = value }", false],
])('a check for another one, %s: %s', (_, body, expected) => {
  const { write, guard } = checkedWrite(body)
  expect(asksForAnother(guard, write)).toBe(expected)
})

const OFF = 'stop() { this.on = false }'

test.each([
  ['a switch', 'startScan', 'if (this.on) return; await act(); this.on = true', OFF, 'act()'],
  ['one that is never turned off', 'startScan', 'if (this.on) return; await act(); this.on = true', '', undefined],
  [
    'one of a function that starts nothing',
    'check',
    'if (this.on) return; await act(); this.on = true',
    OFF,
    undefined,
  ],
  ['behind a lookup', 'startScan', 'if (this.on) return; await getMode(); this.on = true', OFF, undefined],
  [
    'behind a lookup and more',
    'startScan',
    'if (this.on) return; await getMode(); await act(); this.on = true',
    OFF,
    'act()',
  ],
])('%s is turned on by %s', (_, name, body, off, expected) => {
  const { analysis } = marked(`${HEAD}declare function getMode(): Promise<void>
    export class Radio { on = false; ${off}
      async ${name}() { ${body} } }
    export function f() {}`)
  const fn = findNode(analysis.sourceFile, (node) => ts.isMethodDeclaration(node) && node.name.getText() === name)
  if (!fn || !ts.isMethodDeclaration(fn)) throw new Error('Expected the method')
  const found = analysis.flow(fn).writes.flatMap((write) => {
    const guard = write.lapsed.at(-1)
    return guard ? [switchedOnBy(write, guard, fn, analysis)] : []
  })
  expect(found.map((call) => call?.getText())).toEqual([expected])
})
