import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { slotsOf } from '../../../../lint/analysis/cancellation/signalSlots.ts'
import { visibleSignals } from '../../../../lint/analysis/cancellation/signals.ts'

// A project for Node whose typings are not installed: no library declares `AbortSignal`.
test.each([
  [
    'a parameter',
    'declare function g(ms: number, signal: AbortSignal): void',
    'signal: AbortSignal',
    'g(1)',
    [1],
    ['signal'],
  ],
  [
    'a parameter that may be missing',
    'declare function g(ms: number, signal?: AbortSignal): void',
    'signal?: AbortSignal',
    'g(1)',
    [1],
    ['signal'],
  ],
  [
    'one that may be null',
    'declare function g(ms: number, signal: AbortSignal | null): void',
    'end: AbortSignal | null',
    'g(1)',
    [1],
    ['end'],
  ],
  [
    'in options',
    'interface Options { signal?: AbortSignal }\ndeclare function g(options?: Options): void',
    'options: Options',
    'g()',
    [0],
    ['options.signal'],
  ],
  [
    'in options that may be missing',
    'declare function g(options: { abortSignal?: AbortSignal } | undefined): void',
    'options?: { signal?: AbortSignal }',
    'g()',
    [0],
    ['options?.signal'],
  ],
  [
    'another type under its name',
    'declare function g(ms: number, signal?: any): void',
    'signal?: string',
    'g(1)',
    [],
    [],
  ],
  [
    'a type that nobody declares',
    'declare function g(ms: number, signal?: Signal): void',
    'signal?: Signal',
    'g(1)',
    [],
    [],
  ],
])('%s', (_, declarations, parameter, call, slots, signals) => {
  const [found, analysis] = callIn(`${declarations}\nexport async function f(${parameter}) { return ${call} }`)
  expect(slotsOf(found, analysis.types).map(({ slot }) => slot.index)).toEqual(slots)
  expect(visibleSignals(found, analysis).map(({ text }) => text)).toEqual(signals)
})

function callIn(code: string): [ts.CallExpression, FileAnalysis] {
  const source = ts.createSourceFile('/app/f.ts', code, ts.ScriptTarget.ESNext, true)
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name, version) => (name === '/app/f.ts' ? source : librarySource(name, version)),
    fileExists: (name) => name === '/app/f.ts',
  }
  const program = ts.createProgram(
    ['/app/f.ts'],
    { lib: ['lib.es2022.d.ts'], types: [], strict: true, target: ts.ScriptTarget.ES2022 },
    host,
  )
  let call: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) call = node
    ts.forEachChild(node, visit)
  }
  visit(source)
  if (!call) throw new Error('Expected a call in the code')
  return [call, FileAnalysis.of(program, source)]
}

const libraries = new Map<string, ts.SourceFile | undefined>()

function librarySource(name: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
  if (!libraries.has(name)) {
    const text = ts.sys.readFile(name)
    libraries.set(name, text === undefined ? undefined : ts.createSourceFile(name, text, version))
  }
  return libraries.get(name)
}
