import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { sizeOf } from '../../../../lint/analysis/bounds/boundedness.ts'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { sizeByCallers } from '../../../../lint/analysis/bounds/sizeByCallers.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** What the callers in the program give for the argument of `size(…)` in file.ts. */
function given(code: string, files: Readonly<Record<string, string>> = {}): string {
  const program = programOf({ ...files, 'file.ts': `declare function size(items: unknown): void\n${code}` })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let asked: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'size') asked = node.arguments[0]
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  const { types, references } = FileAnalysis.of(program, sourceFile)
  const size = asked && sizeOf(asked, types, references)
  if (size?.kind !== 'open') throw new Error('Expected a size that is open')
  const found = sizeByCallers(size, types)
  return found.kind === 'open' ? `${found.size.source} ${found.size.name}` : found.kind
}

const EXPORTED = 'export function f(ids: string[]) { size(ids) }'

describe('what callers in other files give', () => {
  test.each([
    [
      'a few, all of them',
      { 'a.ts': 'import { f } from "./file.js"\nf(["a", "b"])', 'b.ts': 'import { f } from "./file.js"\nf(["c"])' },
      'bounded',
    ],
    [
      'many, one of them',
      {
        'a.ts': 'import { f } from "./file.js"\nf(["a"])',
        'b.ts': 'import { readdirSync } from "node:fs"\nimport { f } from "./file.js"\nf(readdirSync("."))',
      },
      'listing readdirSync',
    ],
    [
      'what their own callers give',
      {
        'a.ts': 'import { f } from "./file.js"\nexport function g(ids: string[]) { f(ids) }',
        'b.ts': 'import { readdirSync } from "node:fs"\nimport { g } from "./a.js"\ng(readdirSync("."))',
      },
      'listing readdirSync',
    ],
    [
      'something of which nothing is known',
      { 'a.ts': 'import { f } from "./file.js"\ndeclare const some: string[]\nf(some)' },
      'unclear',
    ],
    [
      'a few, but the function is handed on as well',
      { 'a.ts': 'import { f } from "./file.js"\ndeclare function hand(f: unknown): void\nf(["a"])\nhand(f)' },
      'unclear',
    ],
    ['a few, under another name', { 'a.ts': 'import { f as g } from "./file.js"\nexport const x = g' }, 'unseen'],
    ['nothing: nobody calls it', {}, 'unseen'],
    [
      'many, in a test: that does not count',
      { 'a.test.ts': 'import { readdirSync } from "node:fs"\nimport { f } from "./file.js"\nf(readdirSync("."))' },
      'unseen',
    ],
    [
      'many, to functions whose names hold this one',
      { 'a.ts': 'import { readdirSync } from "node:fs"\nfunction of(x: string[]) { return x }\nof(readdirSync("."))' },
      'unseen',
    ],
    [
      'many, to another function of the name',
      { 'a.ts': 'import { readdirSync } from "node:fs"\nfunction f(x: string[]) { return x }\nf(readdirSync("."))' },
      'unseen',
    ],
  ])('%s', (_, files, expected) => {
    expect(given(EXPORTED, files)).toBe(expected)
  })

  test('by name, to a parameter that is taken apart', () => {
    const files = {
      'a.ts': 'import { readdirSync } from "node:fs"\nimport { f } from "./file.js"\nf({ ids: readdirSync(".") })',
    }
    expect(given('export function f({ ids }: { ids: string[] }) { size(ids) }', files)).toBe('listing readdirSync')
  })

  test('to a method', () => {
    const files = {
      'a.ts': 'import { readdirSync } from "node:fs"\nimport { A } from "./file.js"\nnew A().load(readdirSync("."))',
    }
    expect(given('export class A { load(ids: string[]) { size(ids) } }', files)).toBe('listing readdirSync')
  })

  test('to a method that stands behind an interface', () => {
    const files = {
      'a.ts':
        'import { A } from "./file.js"\nnew A().load(["a"])\ndeclare const other: { load(ids: string[]): void }\nother.load(["b"])',
    }
    expect(given('export class A { load(ids: string[]) { size(ids) } }', files)).toBe('unclear')
  })

  test('to a function without a name', () => {
    expect(
      given('declare function on(name: string, f: (ids: string[]) => void): void\non("x", (ids) => size(ids))'),
    ).toBe('unclear')
  })
})
