import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../lint/analysis/fileAnalysis.ts'
import { isListingOfTree } from '../../../lint/analysis/listings.ts'
import { absolute, programOf } from '../harness/virtualProject.ts'

/** Whether the last call in some code lists a tree. */
function listsTree(code: string): boolean {
  const program = programOf({ 'file.ts': `import { readdir, readdirSync } from 'node:fs'\n${code}` })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let last: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) last = node
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!last) throw new Error('Expected a call in the code')
  return isListingOfTree(last, FileAnalysis.of(program, sourceFile).types)
}

test.each([
  ['one folder', 'readdirSync("a")', false],
  ['a folder and those below', 'readdirSync("a", { recursive: true })', true],
  [
    'a function that calls itself for the folders below',
    'const all = (at: string): string[] => readdirSync(at).flatMap((name) => all(name)); all("a")',
    true,
  ],
  [
    'a function with one inside that does',
    'function all(root: string): string[] { const found: string[] = []; const go = (at: string): void => { for (const name of readdirSync(at)) { found.push(name); go(name) } }; go(root); return found }\nall("a")',
    true,
  ],
  ['a function that reads one folder', 'const all = (at: string): string[] => readdirSync(at); all("a")', false],
  [
    'a function that calls itself for something else',
    'const count = (left: number): number => left === 0 ? 0 : count(left - 1); count(3)',
    false,
  ],
  ['what walks by its name, where nobody sees it', 'declare function walk(at: string): string[]; walk("a")', true],
  [
    'what walks by its name, and does not',
    'function walk(at: string): string[] { return readdirSync(at) }\nwalk("a")',
    false,
  ],
])('%s', (_, code, expected) => {
  expect(listsTree(code)).toBe(expected)
})
