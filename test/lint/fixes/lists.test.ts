import ts from 'typescript'
import { expect, test } from 'vitest'
import { applyEdits } from '../../../lint/edits.ts'
import { appendToList } from '../../../lint/fixes/lists.ts'

test.each([
  ['one line', 'load(url)', 'load(url, signal)'],
  ['a comma behind the last', 'load(url,)', 'load(url, signal,)'],
  ['a line for each, with a last comma', 'load(\n  url,\n)', 'load(\n  url,\n  signal,\n)'],
  ['a line for each, without', 'load(\n  url,\n  body\n)', 'load(\n  url,\n  body,\n  signal\n)'],
  ['a comment behind the last', 'load(\n  url // where\n)', 'load(\n  url, // where\n  signal\n)'],
  ['a comment behind the last comma', 'load(\n  url, // where\n)', 'load(\n  url, // where\n  signal,\n)'],
  ['a block comment behind the last comma', 'load(\n  url, /* where */\n)', 'load(\n  url, /* where */\n  signal,\n)'],
  ['several on the last line', 'load(\n  url, body\n)', 'load(\n  url, body, signal\n)'],
  ['a last item that closes on the line of the call', 'load(url, {\n  a: 1,\n})', 'load(url, {\n  a: 1,\n}, signal)'],
  ['the bracket on the line of the last', 'load(\n  url)', 'load(\n  url,\n  signal)'],
  ['line ends of Windows', 'load(\r\n  url,\r\n)', 'load(\r\n  url,\r\n  signal,\r\n)'],
])('%s', (_, before, after) => {
  expect(appended(before, ['signal'])).toBe(after)
})

test('several items at once', () => {
  expect(appended('load(url)', ['undefined', 'signal'])).toBe('load(url, undefined, signal)')
  expect(appended('load(\n  url,\n)', ['undefined', 'signal'])).toBe('load(\n  url,\n  undefined,\n  signal,\n)')
})

function appended(text: string, items: readonly string[]): string {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true)
  const [statement] = file.statements
  if (!statement || !ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression))
    throw new Error('Expected a call.')
  const last = statement.expression.arguments.at(-1)
  if (!last) throw new Error('Expected an argument.')
  return applyEdits(text, [appendToList(last, items)])
}
