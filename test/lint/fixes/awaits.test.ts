import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { FileAnalysis } from '../../../lint/analysis/fileAnalysis.ts'
import { canAddAwait } from '../../../lint/fixes/awaits.ts'

/** Whether an `await` may come in before the first call of a file. */
function canAwaitIn(text: string, options: ts.CompilerOptions): boolean {
  const host = ts.createCompilerHost(options)
  const file = ts.createSourceFile('/a.ts', text, ts.ScriptTarget.Latest, true)
  host.getSourceFile = (name) => (name === '/a.ts' ? file : undefined)
  const program = ts.createProgram(['/a.ts'], { noLib: true, types: [], ...options }, host)
  let found: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found ??= node
    ts.forEachChild(node, visit)
  }
  visit(file)
  if (!found) throw new Error('Expected a call in the file')
  return canAddAwait(found, FileAnalysis.of(program, file))
}

const TOP = 'declare function save(): void\nsave()\nexport {}'

describe('an await at the top of a module', () => {
  it.each([
    ['modules of the language', { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 }, true],
    ['a bundler', { module: ts.ModuleKind.Preserve, target: ts.ScriptTarget.ESNext }, true],
    ['nothing said', {}, true],
    ['CommonJS', { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 }, false],
    ['older modules', { module: ts.ModuleKind.ES2020, target: ts.ScriptTarget.ES2022 }, false],
    ['an older language', { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2015 }, false],
  ])('with options for %s', (_, options, expected) => {
    expect(canAwaitIn(TOP, options)).toBe(expected)
  })

  it('of an async function is as ever', () => {
    expect(
      canAwaitIn('declare function save(): void\nexport async function f() { save() }', {
        module: ts.ModuleKind.CommonJS,
      }),
    ).toBe(true)
    expect(
      canAwaitIn('declare function save(): void\nexport function f() { save() }', { module: ts.ModuleKind.ESNext }),
    ).toBe(false)
  })
})
