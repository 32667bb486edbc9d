import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { isListingOfRemains, isListingOfTree } from '../../../../lint/analysis/bounds/listings.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** The last call in some code. */
function lastCall(code: string): { call: ts.CallExpression; types: FileAnalysis['types'] } {
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
  return { call: last, types: FileAnalysis.of(program, sourceFile).types }
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
    'what goes below by its name, by means that nobody sees',
    'declare const stream: { pipe(at: string): string[] }\nconst readdirp = (at: string) => stream.pipe(at); readdirp("a")',
    true,
  ],
  [
    'what walks by its name, and does not',
    'function walk(at: string): string[] { return readdirSync(at) }\nwalk("a")',
    false,
  ],
  [
    'a pattern for all files below',
    'declare function glob(patterns: unknown): string[]; glob(["src/**/*.ts", "!dist"])',
    true,
  ],
  [
    'a pattern that says itself',
    'declare function glob(patterns: unknown): string[]; export const f = (at = at) => glob(at)',
    false,
  ],
])('%s', (_, code, expected) => {
  const { call, types } = lastCall(code)
  expect(isListingOfTree(call, types)).toBe(expected)
})

test.each([
  ['a folder named for it', 'declare const sessionsDir: string; readdirSync(sessionsDir)', true],
  ['in a function named for it', 'function loadHistory(at: string) { return readdirSync(at) }', true],
  [
    'files named for it',
    'function load(at: string) { const ending = ".jsonl"; return ending + readdirSync(at) }',
    true,
  ],
  ['just a folder', 'declare const folder: string; readdirSync(folder)', false],
  ['a word that only begins alike', 'declare const tracesetDir: string; readdirSync(tracesetDir)', false],
])('what each run of a program leaves: %s', (_, code, expected) => {
  expect(isListingOfRemains(lastCall(code).call)).toBe(expected)
})
