import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { pageAskedFor } from '../../../../lint/analysis/bounds/pageSizes.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** What the last call of `list` in some code asks for. */
function pageIn(code: string): ReturnType<typeof pageAskedFor> {
  const program = programOf({ 'file.ts': `declare function list(...asked: unknown[]): string[]\n${code}` })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let call: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'list') call = node
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!call) throw new Error('Expected a call of `list` in the code')
  return pageAskedFor(call, FileAnalysis.of(program, sourceFile).types)
}

test.each([
  ['no page', 'list({ where: 1 })', undefined],
  ['a few', 'list({ take: 20 })', 'small'],
  ['a size that is not seen', 'export const f = (limit: number) => list({ limit })', 'small'],
  ['a size that a constant says', 'const pageSize = 5_000; list({ pageSize })', 'large'],
  ['a size that may change', 'let pageSize = 5_000; pageSize = 10; list({ pageSize })', 'small'],
  ['as many as nobody has', 'list({ limit: 2147483647 })', 'large'],
  ['a small page is asked for after a large number', 'list({ maxBytes: 4096, limit: 10 })', 'small'],
  ['a constant handed on by its name', 'const perPage = 1000; list(1, perPage)', 'large'],
  ['a small constant handed on by its name', 'const perPage = 50; list(1, perPage)', undefined],
])('%s', (_, code, expected) => {
  expect(pageIn(code)).toBe(expected)
})
