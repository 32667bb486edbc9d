import ts from 'typescript'
import { expect, test } from 'vitest'
import { freeName } from '../../../lint/fixes/names.ts'
import { analysed, firstIn } from './analysed.ts'

/** The name of what is to be called `timer`, in the block that begins with `HERE()`. */
function nameIn(text: string): string {
  const analysis = analysed(text)
  const here = firstIn(
    analysis,
    (node): node is ts.ExpressionStatement => ts.isExpressionStatement(node) && node.getText().startsWith('HERE()'),
  )
  return freeName('timer', analysis.references, here.parent)
}

test.each([
  ['that nothing is called', 'function f() { HERE() }', 'timer'],
  ['of a member', 'function f() { HERE(); g.timer = { timer: 1 } }', 'timer'],
  ['of another function’s variable', 'function g() { const timer = 1 }\nfunction f() { HERE() }', 'timer'],
  ['of another function’s parameter', 'function g(timer) {}\nfunction f() { HERE() }', 'timer'],
  ['of another block', 'function f() { if (a) { const timer = 1 } { HERE() } }', 'timer'],
  ['of a handler’s error', 'function f() { try { a() } catch (timer) { b() } { HERE() } }', 'timer'],
  ['of another loop’s turn', 'function f() { for (const timer of a) b(timer); { HERE() } }', 'timer'],
  [
    'under which another name is exported elsewhere',
    "import { timer as other } from 'a'\nfunction f() { HERE() }",
    'timer',
  ],
  ['of the same block', 'function f() { HERE(); const timer = 1 }', 'timer2'],
  ['of a block within', 'function f() { HERE(); if (a) { const timer = 1 } }', 'timer2'],
  ['that is read within', 'function f() { HERE(); return () => timer }', 'timer2'],
  ['of the block around', 'function f() { const timer = 1; { HERE() } }', 'timer2'],
  ['of a parameter', 'function f(timer) { HERE() }', 'timer2'],
  ['of the function itself', 'function timer() { HERE() }', 'timer2'],
  ['of the module', 'const timer = 1\nfunction f() { HERE() }', 'timer2'],
  ['of an import', "import { timer } from 'a'\nfunction f() { HERE() }", 'timer2'],
  ['both of which are taken', 'const timer = 1\nfunction f(timer2) { HERE() }', 'timer3'],
])('a name %s', (_, text, expected) => {
  expect(nameIn(text)).toBe(expected)
})
