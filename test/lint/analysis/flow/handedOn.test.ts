import { expect, test } from 'vitest'
import { isHandedOn } from '../../../../lint/analysis/flow/handedOn.ts'
import { marked } from '../marked.ts'

test.each([
  ['returned', 'const f = async () => {}; return f', true],
  ['returned in an object', 'const f = async () => {}; return { f }', true],
  ['under another name in an object', 'const f = async () => {}; return { open: f }', true],
  ['a method of an object', 'return { async f() {} }', true],
  ['a declaration that is returned', 'return f; async function f() {}', true],
  ['kept by a bus', "const f = async () => {}; bus.on('open', f)", true],
  ['kept as a command', "const f = async () => {}; registerCommand('open', f)", true],
  ['given to a new object', 'const f = async () => {}; return new bus.View(1, f)', true],
  ['run by a new promise', 'const f = async () => {}; return new Promise(f)', false],
  ['kept for one event', "const f = async () => {}; bus.once('open', f)", false],
  [
    'kept for an event that a stream of its own has once',
    "const output = bus.stream(); const f = async () => {}; output.on('open', f)",
    false,
  ],
  ['called here only', 'const f = async () => {}; void f(); void f()', false],
  ['given to an iteration', 'const f = async () => {}; bus.map(f)', false],
  ['never used', 'const f = async () => {}', false],
])('%s: %s', (_, body, expected) => {
  const { analysis, fn } = marked(`declare const bus: any, registerCommand: any
    export function make() { ${body} }`)
  expect(isHandedOn(fn, analysis.references, analysis.types)).toBe(expected)
})
