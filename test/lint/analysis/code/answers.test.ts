import ts from 'typescript'
import { expect, test } from 'vitest'
import { answerOf } from '../../../../lint/analysis/code/answers.ts'

/** What lies behind the argument of `ask(…)` in a class with some members. */
function behind(members: string, asked: string): string | undefined {
  const file = ts.createSourceFile('f.ts', `class A { ${members} f() { ask(${asked}) } }`, ts.ScriptTarget.ESNext, true)
  let found: string | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'ask' && node.arguments[0]) {
      const answer = answerOf(node.arguments[0])
      found = answer && `${answer.field.getText()} by ${answer.returned.getText()}`
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

test.each([
  ['a getter of a field', 'get alive() { return this._alive }', 'this.alive', 'this._alive by this._alive'],
  ['a getter of a private field', 'get alive() { return this.#alive }', 'this.alive', 'this.#alive by this.#alive'],
  ['a private getter', 'get #alive() { return this.on }', 'this.#alive', 'this.on by this.on'],
  [
    'a method that compares',
    'isOpen() { return this.db !== undefined }',
    'this.isOpen()',
    'this.db by this.db !== undefined',
  ],
  ['a getter that denies', 'get idle() { return !this.job }', 'this.idle', 'this.job by !this.job'],
  [
    'a comparison with a literal',
    "get done() { return this.state === 'done' }",
    'this.done',
    "this.state by this.state === 'done'",
  ],
  ['a method that is not called', 'isOpen() { return this.db }', 'this.isOpen', undefined],
  ['a getter that is called', 'get open() { return this.db }', 'this.open()', undefined],
  ['a method that is given something', 'has(a) { return this.db }', 'this.has(1)', undefined],
  ['a method that does more', 'isOpen() { log(); return this.db }', 'this.isOpen()', undefined],
  ['an async method', 'async open() { return await this.db }', 'this.open()', undefined],
  ['two fields', 'get same() { return this.a === this.b }', 'this.same', undefined],
  ['a path', 'get open() { return this.db.open }', 'this.open', undefined],
  ['a static method', 'static isOpen() { return this.db }', 'this.isOpen()', undefined],
  ['another object', 'get open() { return this.db }', 'other.open', undefined],
  [
    'a function with a this of its own',
    'get open() { return this.db }',
    '1); (function () { ask(this.open) })(',
    undefined,
  ],
])('%s', (_, members, asked, expected) => {
  expect(behind(members, asked)).toBe(expected)
})
