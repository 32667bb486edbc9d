import ts from 'typescript'
import { expect, test } from 'vitest'
import { isAnsweredList } from '../../../../lint/analysis/bounds/answeredLists.ts'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** Whether what `each` is given last in some code is an answer. */
function isAnswer(code: string): boolean {
  const program = programOf({ 'file.ts': `declare function each(items: any): void\n${code}` })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let asked: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'each') asked = node.arguments[0]
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!asked) throw new Error('Expected a call of `each` in the code')
  const { types, summaries } = FileAnalysis.of(program, sourceFile)
  return isAnsweredList(asked, types, summaries)
}

test.each([
  ['the body of an answer', 'async function f() { const answer = await fetch("/a"); each(await answer.json()) }', true],
  ['a field of it', 'async function f() { const body = await (await fetch("/a")).json(); each(body.items) }', true],
  [
    'a part of it, or nothing',
    'async function f() { const answer = await fetch("/a"); const { items } = await answer.json(); each(items ?? []) }',
    true,
  ],
  [
    'what a chain makes of it',
    'async function f() { const items = await fetch("/a").then((answer) => answer.json()).catch(() => []); each(items) }',
    true,
  ],
  [
    'some of it',
    'async function f() { const items = await (await fetch("/a")).json(); each(items.filter(Boolean)) }',
    true,
  ],
  ['its values', 'async function f() { const all = await (await fetch("/a")).json(); each(Object.values(all)) }', true],
  [
    'what a function of the program asks for',
    'async function ask() { return (await fetch("/a")).json() }\nasync function f() { const items = await ask(); each(items) }',
    true,
  ],
  [
    'one page of it',
    'async function f() { const answer = await fetch("/a?limit=20"); const items = await answer.json(); each(items) }',
    false,
  ],
  [
    'what another function got',
    'async function f() { const items = await (await fetch("/a")).json(); return () => { each(items) } }',
    false,
  ],
  [
    'what the program holds',
    'declare function held(): Promise<string[]>\nasync function f() { each(await held()) }',
    false,
  ],
  ['what a caller gives', 'function f(items: string[]) { each(items) }', false],
])('%s', (_, code, expected) => {
  expect(isAnswer(code)).toBe(expected)
})
