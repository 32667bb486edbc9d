import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../../lint/edits.ts'
import { findImport, importName, mayImportModules } from '../../../lint/fixes/imports.ts'
import { analysed, firstIn } from './analysed.ts'

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
  ['neither imports nor exports', 'f()', false],
  ['has `require`', "const a = require('a')\nf()", true],
  ['has `exports`', 'exports.f = f', true],
  ['has `module.exports`', 'module.exports = { f }', true],
  ['has an import', "import a from 'a'", true],
])('a script that %s, of no known kind, may import modules', (_, text, expected) => {
  expect(mayImportModules(ts.createSourceFile('a.js', text, ts.ScriptTarget.ESNext, true))).toBe(expected)
})

/** What a file becomes that needs `pool` of the package `x` at its first call of `f`, and what it is called there. */
function withPool(text: string, name = 'a.ts'): { text: string; name: string } {
  const analysis = analysed(text, name)
  const at = firstIn(analysis, (node): node is ts.CallExpression => {
    return ts.isCallExpression(node) && node.expression.getText() === 'f'
  })
  const { name: local, edits } = importName(analysis, 'x', 'pool', at)
  return { text: applyEdits(text, edits), name: local }
}

describe('an import comes in', () => {
  test.each([
    [
      'behind a comment on the line of the last import',
      "import a from 'a' // first\n\nf()\n",
      "import a from 'a' // first\nimport { pool } from 'x'\n\nf()\n",
    ],
    [
      'on a line of its own, as the names there',
      "import {\n  group,\n} from 'x'\nf()",
      "import {\n  group,\n  pool,\n} from 'x'\nf()",
    ],
    ['on the line of the names there', "import { group } from 'x'\nf()", "import { group, pool } from 'x'\nf()"],
    [
      'beside a type',
      "import type { Pool } from 'x'\nf()",
      "import type { Pool } from 'x'\nimport { pool } from 'x'\nf()",
    ],
    [
      'behind `import … = require(…)`',
      "import a = require('a')\nf()",
      "import a = require('a')\nimport { pool } from 'x'\nf()",
    ],
    [
      'before code, where another import comes behind it',
      "import a from 'a'\nexport function g() {}\nimport b from 'b'\nf()",
      "import a from 'a'\nimport { pool } from 'x'\nexport function g() {}\nimport b from 'b'\nf()",
    ],
    [
      'behind what prepares imports',
      "import { vi } from 'v'\nvi.mock('b')\nimport b from 'b'\nf()",
      "import { vi } from 'v'\nvi.mock('b')\nimport b from 'b'\nimport { pool } from 'x'\nf()",
    ],
    [
      'behind the last import where `require` follows',
      "import a from 'a'\nconst b = require('b')\nf()",
      "import a from 'a'\nimport { pool } from 'x'\nconst b = require('b')\nf()",
    ],
    ['at the top, with an empty line', 'f()\nexport {}', "import { pool } from 'x'\n\nf()\nexport {}"],
    [
      'before a comment on the code',
      '// Says it.\nf()\nexport {}',
      "import { pool } from 'x'\n\n// Says it.\nf()\nexport {}",
    ],
    [
      'behind a comment on the file',
      '// All about it.\n\n// Says it.\nf()\nexport {}',
      "// All about it.\n\nimport { pool } from 'x'\n\n// Says it.\nf()\nexport {}",
    ],
    [
      'behind a comment for the compiler',
      '// @ts-check\nf()\nexport {}',
      "// @ts-check\nimport { pool } from 'x'\n\nf()\nexport {}",
    ],
    [
      'behind a comment for linters, on the whole file',
      '/* eslint-disable no-var */\nf()\nexport {}',
      "/* eslint-disable no-var */\nimport { pool } from 'x'\n\nf()\nexport {}",
    ],
    [
      'before a comment for linters, on one line',
      '// eslint-disable-next-line no-undef\nf()\nexport {}',
      "import { pool } from 'x'\n\n// eslint-disable-next-line no-undef\nf()\nexport {}",
    ],
    [
      'behind the owner',
      '/*! (c) Somebody */\nf()\nexport {}',
      "/*! (c) Somebody */\nimport { pool } from 'x'\n\nf()\nexport {}",
    ],
    [
      'behind what starts it, and a directive',
      "#!/usr/bin/env node\n'use strict'\n\nf()\nexport {}",
      "#!/usr/bin/env node\n'use strict'\n\nimport { pool } from 'x'\n\nf()\nexport {}",
    ],
  ])('%s', (_, before, after) => {
    expect(withPool(before)).toEqual({ text: after, name: 'pool' })
    const windows = (text: string): string => text.replaceAll('\n', '\r\n')
    expect(withPool(windows(before)).text).toBe(windows(after))
  })
})

describe('in CommonJS', () => {
  test.each([
    [
      'behind the last `require`',
      "const a = require('a')\nf()",
      "const a = require('a')\nconst { pool } = require('x')\nf()",
    ],
    ['among the names there', "const { group } = require('x')\nf()", "const { group, pool } = require('x')\nf()"],
    [
      'not among names that end in all others',
      "const { group, ...others } = require('x')\nf()",
      "const { group, ...others } = require('x')\nconst { pool } = require('x')\nf()",
    ],
    [
      'before code, which one behind it would come too late for',
      "exports.f = async () => f()\nconst later = require('later')",
      "const { pool } = require('x')\n\nexports.f = async () => f()\nconst later = require('later')",
    ],
    [
      'where a file only exports',
      'module.exports = () => f()',
      "const { pool } = require('x')\n\nmodule.exports = () => f()",
    ],
  ])('%s', (_, before, after) => {
    expect(withPool(before, 'a.js')).toEqual({ text: after, name: 'pool' })
  })

  test('a file named so, whatever the options take it for', () => {
    expect(withPool('f()', 'a.cjs').text).toBe("const { pool } = require('x')\n\nf()")
  })
})

describe('what is there already is used', () => {
  test.each([
    ['an import', "import { pool } from 'x'\nf()", 'pool'],
    ['one under another name', "import { pool as few } from 'x'\nf()", 'few'],
    ['all names of a package', "import * as x from 'x'\nf()", 'x.pool'],
    ['`require` with names', "const { pool } = require('x')\nf()", 'pool'],
    ['`require` with other names', "const { pool: few } = require('x')\nf()", 'few'],
    ['`require` of all', "const x = require('x')\nf()", 'x.pool'],
    ['`require` of one', "const pool = require('x').pool\nf()", 'pool'],
  ])('%s', (_, before, name) => {
    expect(withPool(before, 'a.js')).toEqual({ text: before, name })
  })

  test('a default export, by import or `require`', () => {
    const at = (text: string): string | undefined => {
      const analysis = analysed(text, 'a.js')
      return findImport(analysis, 'x', 'default', analysis.sourceFile)
    }
    expect(at("import map from 'x'")).toBe('map')
    expect(at("const map = require('x')")).toBe('map')
    expect(at("const map = require('x').default")).toBe('map')
    expect(at("const { default: map } = require('x')")).toBe('map')
    expect(at("import * as map from 'y'")).toBeUndefined()
  })
})

describe('a name that something else has', () => {
  test('in the file gets a number', () => {
    expect(withPool('const pool = 1\nf(pool)\nexport {}')).toEqual({
      text: "import { pool as pool2 } from 'x'\n\nconst pool = 1\nf(pool)\nexport {}",
      name: 'pool2',
    })
    expect(withPool("const pool = 1\nconst a = require('a')\nf(pool)", 'a.js').text).toContain(
      "const { pool: pool2 } = require('x')",
    )
  })

  test('around the place hides the import', () => {
    expect(withPool("import { pool } from 'x'\nfunction g(pool) { f(pool) }")).toEqual({
      text: "import { pool, pool as pool2 } from 'x'\nfunction g(pool) { f(pool) }",
      name: 'pool2',
    })
  })

  test('elsewhere does not', () => {
    const text = "import { pool } from 'x'\nfunction g(pool) { pool() }\nf()"
    expect(withPool(text)).toEqual({ text, name: 'pool' })
  })
})
