import ts from 'typescript'
import { expect, test } from 'vitest'
import { applyEdits } from '../../../lint/edits.ts'
import { importName, mayImportModules } from '../../../lint/fixes/imports.ts'

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
  const file = ts.createSourceFile(name, 'export {}', {
    languageVersion: ts.ScriptTarget.ESNext,
    ...(impliedNodeFormat && { impliedNodeFormat }),
  })
  expect(mayImportModules(file)).toBe(expected)
})

test.each([
  [
    'a comment on the line of the last import',
    "import a from 'a' // first\n\na()\n",
    "import a from 'a' // first\nimport { pool } from 'x'\n\na()\n",
  ],
  ['names on lines of their own', "import {\n  group,\n} from 'x'\n", "import {\n  group,\n  pool,\n} from 'x'\n"],
  ['names on one line', "import { group } from 'x'\n", "import { group, pool } from 'x'\n"],
])('an import beside %s', (_, before, after) => {
  const file = ts.createSourceFile('a.ts', before, ts.ScriptTarget.ESNext, true)
  expect(applyEdits(before, importName(file, 'x', 'pool', 'pool').edits)).toBe(after)
})
