import ts from 'typescript'
import { expect, test } from 'vitest'
import { mayImportModules } from '../../../lint/fixes/imports.ts'

test.each([
  ['a.ts', undefined, true],
  ['a.ts', ts.ModuleKind.ESNext, true],
  ['a.mts', ts.ModuleKind.ESNext, true],
  ['a.ts', ts.ModuleKind.CommonJS, false],
  ['a.tsx', ts.ModuleKind.CommonJS, false],
  ['a.cts', ts.ModuleKind.CommonJS, false],
  ['a.js', ts.ModuleKind.CommonJS, true],
  ['a.cjs', ts.ModuleKind.CommonJS, true],
] as const)('%s of module kind %s may import modules: %s', (name, impliedNodeFormat, expected) => {
  const file = ts.createSourceFile(name, 'export {}', { languageVersion: ts.ScriptTarget.ESNext, ...(impliedNodeFormat && { impliedNodeFormat }) })
  expect(mayImportModules(file)).toBe(expected)
})
