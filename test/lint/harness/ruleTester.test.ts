import { defineRule, type Fix } from '@forkline/lint'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { checkInvalid, checkValid } from './checkCase.ts'
import { testRule } from './ruleTester.ts'

/** Reports variables named `bad` that hold a promise; renames them. */
const noBad = defineRule<{ readonly suggest: boolean }>({
  id: 'no-bad',
  meta: { family: 'race', level: 'likely', description: 'Disallow bad', fixable: true, hasSuggestions: true },
  defaultOptions: { suggest: false },
  optionsSchema: { type: 'object', properties: { suggest: { type: 'boolean' } }, additionalProperties: false },
  check({ analysis, options, report }) {
    return {
      [ts.SyntaxKind.VariableDeclaration](node: ts.VariableDeclaration) {
        if (node.name.getText() !== 'bad') return
        if (node.initializer === undefined || analysis.types.thenable(node.initializer) !== 'always') return
        const change = {
          title: 'Rename to `good`',
          edits: () => [{ start: node.name.getStart(), end: node.name.getEnd(), text: 'good' }],
        }
        report({
          node: node.name,
          message: 'This is bad.',
          related: [{ node, message: 'Declared here' }],
          ...(options.suggest ? { suggestions: [change] } : { fix: change }),
        })
      },
    }
  },
})

testRule(noBad, {
  valid: ['const bad = 1', { name: 'JavaScript', code: 'const bad = 1', filename: 'file.js' }],
  invalid: [
    {
      code: 'const bad = Promise.resolve(1)',
      errors: [
        { message: 'This is bad.', level: 'likely', line: 1, column: 7, endColumn: 10, related: ['Declared here'] },
      ],
      output: 'const good = Promise.resolve(1)',
    },
    {
      name: 'two in one file, typed through another module',
      files: {
        './api.ts': "import { readFile } from 'node:fs/promises'\nexport const load = () => readFile('a', 'utf8')",
      },
      code: "import { load } from './api.ts'\n{ const bad = load() }\n{ const bad = load() }",
      errors: [{ line: 2 }, { line: 3 }],
      output: "import { load } from './api.ts'\n{ const good = load() }\n{ const good = load() }",
    },
    {
      name: 'as a suggestion',
      code: 'const bad = fetch("/")',
      options: { suggest: true },
      errors: [{ message: /bad/u, suggestions: [{ title: 'Rename to `good`', output: 'const good = fetch("/")' }] }],
    },
    {
      name: 'in JavaScript',
      filename: 'file.mjs',
      code: "import limit from 'p-limit'\nconst bad = limit(2)(async () => 1)",
      errors: [{ line: 2 }],
      output: "import limit from 'p-limit'\nconst good = limit(2)(async () => 1)",
    },
  ],
})

describe('a case fails', () => {
  const invalid = { code: 'const bad = fetch("/")', errors: [{ line: 1 }], output: 'const good = fetch("/")' }
  const ruleWith = (edits: Fix['edits']) =>
    defineRule({
      ...noBad,
      check: ({ sourceFile, report }) => ({
        [ts.SyntaxKind.EndOfFileToken]() {
          report({ node: sourceFile, message: 'This is bad.', fix: { title: 'Mend', edits } })
        },
      }),
    })

  it('when the file is valid and something is reported', () => {
    expect(() => {
      checkValid(noBad, invalid.code)
    }).toThrow('the case is valid')
  })

  it('when nothing is reported', () => {
    expect(() => {
      checkInvalid(noBad, { ...invalid, code: 'const fine = 1' })
    }).toThrow('findings')
  })

  it('when the place, the message or the level differ', () => {
    for (const error of [{ line: 2 }, { column: 1 }, { message: 'Other' }, { level: 'certain' as const }]) {
      expect(() => {
        checkInvalid(noBad, { ...invalid, errors: [error] })
      }).toThrow('findings')
    }
  })

  it('when a fix is applied that the case does not speak of', () => {
    expect(() => {
      checkInvalid(noBad, { ...invalid, output: null })
    }).toThrow('text after all fixes')
  })

  it('when a suggestion is offered that the case does not speak of', () => {
    const case_ = { code: invalid.code, errors: [{ line: 1 }], options: { suggest: true } }
    expect(() => {
      checkInvalid(noBad, case_)
    }).toThrow('findings')
  })

  it('when the case does not parse', () => {
    expect(() => {
      checkValid(noBad, 'const = 1')
    }).toThrow('The case has syntax errors')
  })

  it('when a suggestion breaks the syntax', () => {
    const rule = defineRule({
      ...noBad,
      check: ({ report }) => ({
        [ts.SyntaxKind.NumericLiteral](node: ts.NumericLiteral) {
          const edits = () => [{ start: node.getStart(), end: node.getEnd(), text: '' }]
          report({ node, message: 'A number.', suggestions: [{ title: 'Drop it', edits }] })
        },
      }),
    })
    const suggestions = [{ title: 'Drop it', output: 'const one = ' }]
    expect(() => {
      checkInvalid(rule, { code: 'const one = 1', errors: [{ suggestions }] })
    }).toThrow('The text after the suggestion `Drop it` has syntax errors')
  })

  it('when a suggestion leaves what is reported as it was', () => {
    const rule = defineRule({
      ...noBad,
      check: ({ report }) => ({
        [ts.SyntaxKind.NumericLiteral](node: ts.NumericLiteral) {
          const edits = () => [{ start: node.getStart(), end: node.getEnd(), text: '2' }]
          report({ node, message: 'A number.', suggestions: [{ title: 'Take another', edits }] })
        },
      }),
    })
    const suggestions = [{ title: 'Take another', output: 'const one = 2' }]
    expect(() => {
      checkInvalid(rule, { code: 'const one = 1', errors: [{ suggestions }] })
    }).toThrow('The suggestion `Take another` leaves the finding as it was: A number.')
  })

  it('when a fix brings in a type error', () => {
    const rule = defineRule({
      ...noBad,
      check: ({ sourceFile, report }) => ({
        [ts.SyntaxKind.NumericLiteral](node: ts.NumericLiteral) {
          const edits = () => [{ start: node.getStart(sourceFile), end: node.getEnd(), text: 'missing' }]
          report({ node, message: 'A number.', fix: { title: 'Mend', edits } })
        },
      }),
    })
    expect(() => {
      checkInvalid(rule, { code: 'const one = 1', errors: [{ line: 1 }], output: 'const one = missing' })
    }).toThrow("new type errors: TS2304: Cannot find name 'missing'.")
  })

  it('when fixes never come to rest', () => {
    const rule = ruleWith(() => [{ start: 0, end: 0, text: ' ' }])
    expect(() => {
      checkInvalid(rule, invalid)
    }).toThrow('still apply after 10 passes')
  })
})
