import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../lint/analysis/fileAnalysis.ts'
import { isLimitedBySchema } from '../../../lint/analysis/schemaLimits.ts'
import { absolute, programOf } from '../harness/virtualProject.ts'

/** A schema library in small, with the inference that the well-known ones have. */
const SCHEMAS = `
interface Schema<T> { readonly out: T; array(): Schema<T[]>; max(most: number): Schema<T>; length(exactly: number): Schema<T>; optional(): Schema<T | undefined> }
type Flat<T> = { [K in keyof T]: T[K] }
type Infer<S extends Schema<unknown>> = S['out']
declare const s: {
  string(): Schema<string>
  array<T>(items: Schema<T>): Schema<T[]>
  object<F extends Record<string, Schema<unknown>>>(fields: F): Schema<Flat<{ [K in keyof F]: F[K]['out'] }>>
}
`

/** Whether the last property that the code reads is limited. */
function isLimited(field: string): boolean {
  const code = `${SCHEMAS}const body = s.object({ urls: ${field} })\nexport function f(given: Infer<typeof body>) { return given.urls }`
  const program = programOf({ 'file.ts': code })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let read: ts.PropertyAccessExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'urls') read = node
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!read) throw new Error('Expected a read of `urls`')
  return isLimitedBySchema(read, FileAnalysis.of(program, sourceFile).types)
}

test.each([
  ['a longest list', 's.string().array().max(10)', true],
  ['an exact length, of an optional list', 's.array(s.string()).length(2).optional()', true],
  ['a longest text in a list of any length', 's.string().max(10).array()', false],
  ['a longest text in a list of any length, given to it', 's.array(s.string().max(10))', false],
  ['no limit', 's.array(s.string())', false],
  ['a text', 's.string().max(10)', false],
])('%s', (_, field, expected) => {
  expect(isLimited(field)).toBe(expected)
})

test('a property that no schema declares is not limited', () => {
  const program = programOf({ 'file.ts': 'export const f = (given: { urls: string[] }) => given.urls' })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  const visit = (node: ts.Node): ts.PropertyAccessExpression | undefined => ts.isPropertyAccessExpression(node) ? node : ts.forEachChild(node, visit)
  const read = visit(sourceFile)
  expect(read && isLimitedBySchema(read, FileAnalysis.of(program, sourceFile).types)).toBe(false)
})
