import { defineRule, lint, type LintOptions, type LintResult, Workspace } from '@forkline/lint'
import { Linter, type ESLint } from 'eslint'
import type { SimpleCallExpression } from 'estree'
import { parser } from 'typescript-eslint'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Two rules that report every call of `one` and of `two`: what is silenced is then plain to see. */
const NAMES = ['one', 'two'] as const

const ours = NAMES.map((name) =>
  defineRule({
    id: `no-${name}`,
    meta: { family: 'race', level: 'certain', description: `No ${name}`, fixable: false, hasSuggestions: false },
    check: (context) => ({
      [ts.SyntaxKind.CallExpression]: (node: ts.CallExpression) => {
        if (ts.isIdentifier(node.expression) && node.expression.text === name) context.report({ node, message: name })
      },
    }),
  }),
)

const plugin: ESLint.Plugin = {
  rules: Object.fromEntries(
    NAMES.map((name) => [
      `no-${name}`,
      {
        meta: { schema: [] },
        create: (context) => ({
          CallExpression: (node: SimpleCallExpression) => {
            if (node.callee.type === 'Identifier' && node.callee.name === name) context.report({ node, message: name })
          },
        }),
      },
    ]),
  ),
}

const workspace = new Workspace({ folders: ['/virtual'] })

function run(code: string, options: Omit<LintOptions, 'level'> = {}): LintResult {
  const path = '/virtual/file.tsx'
  workspace.openDocument(path, 1, code)
  const file = workspace.file(path)
  if (file.kind === 'skipped') throw new Error(file.reason)
  return lint(file.program, file.sourceFile, { level: 'possible', ...options }, ours)
}

function places(code: string): string[] {
  return run(code).findings.map(({ ruleId, start }) => {
    const line = code.slice(0, start).split(/\r\n|[\r\n\u2028\u2029]/u)
    return `forkline/${ruleId} ${String(line.length)}:${String((line.at(-1) ?? '').length + 1)}`
  })
}

function placesOfEslint(code: string): string[] {
  const messages = new Linter().verify(
    code,
    {
      files: ['**/*.tsx'],
      languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
      plugins: { forkline: plugin },
      rules: { 'forkline/no-one': 'error', 'forkline/no-two': 'error' },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
    },
    'file.tsx',
  )
  expect(messages.filter((message) => message.fatal)).toEqual([])
  return messages
    .filter((message) => message.ruleId?.startsWith('forkline/') && ['one', 'two'].includes(message.message))
    .map(({ ruleId, line, column }) => `${ruleId ?? ''} ${String(line)}:${String(column)}`)
}

const CASES: Readonly<Record<string, string>> = {
  'no comment': 'one(); two()',
  'next line': '// eslint-disable-next-line forkline/no-one\none(); two()\none()',
  'next line, block comment': '/* eslint-disable-next-line forkline/no-one */\none(); two()\none()',
  'next line, block comment of several lines': [
    '/* eslint-disable-next-line',
    '   forkline/no-one,',
    '   forkline/no-two */',
    'one(); two()',
    'one()',
  ].join('\n'),
  'next line, reason': '// eslint-disable-next-line forkline/no-one -- forkline/no-two is not meant\none(); two()',
  'next line, reason of many dashes': '// eslint-disable-next-line forkline/no-one ---- why\none(); two()',
  'next line, no space before the dashes': '// eslint-disable-next-line forkline/no-one-- why\none(); two()',
  'next line, everything': '// eslint-disable-next-line\none(); two()\none()',
  'next line, everything, reason': '// eslint-disable-next-line -- why\none(); two()\none()',
  'next line, quoted names': `// eslint-disable-next-line "forkline/no-one", 'forkline/no-two'\none(); two()`,
  'next line, other plugin': '// eslint-disable-next-line no-console, forkline/no-two\none(); two()',
  'next line, names without commas': '// eslint-disable-next-line forkline/no-one forkline/no-two\none(); two()',
  'next line twice': [
    '// eslint-disable-next-line forkline/no-one',
    '// eslint-disable-next-line forkline/no-two',
    'one(); two()',
  ].join('\n'),
  'next line above an empty line': '// eslint-disable-next-line forkline/no-one\n\none()',
  'next line at the end of a line of code': 'one() // eslint-disable-next-line forkline/no-one\none(); one()',
  'this line': 'one(); two() // eslint-disable-line forkline/no-one\none()',
  'this line, comment first': '/* eslint-disable-line forkline/no-one */ one(); two()\none()',
  'this line, everything': 'one(); two() // eslint-disable-line\none()',
  'this line, comment over two lines': 'one() /* eslint-disable-line\n forkline/no-one */\none()',
  'a call that starts on the line above': 'one(\n 1 // eslint-disable-line forkline/no-one\n)',
  block: 'one()\n/* eslint-disable forkline/no-one */\none(); two()\n/* eslint-enable forkline/no-one */\none()',
  'block in the middle of a line': 'one(); /* eslint-disable forkline/no-one */ one(); /* eslint-enable */ one()',
  'block, everything': 'one()\n/* eslint-disable */\none(); two()\n/* eslint-enable */\ntwo()',
  'block, one rule enabled again': [
    '/* eslint-disable */',
    'one(); two()',
    '/* eslint-enable forkline/no-two */',
    'one(); two()',
  ].join('\n'),
  'block, disabled one by one, enabled together': [
    '/* eslint-disable forkline/no-one */',
    '/* eslint-disable forkline/no-two */',
    'one(); two()',
    '/* eslint-enable */',
    'one(); two()',
  ].join('\n'),
  'block to the end of the file': '/* eslint-disable forkline/no-one -- why */\none(); two()\none()',
  'block over several lines': [
    '/*',
    '  eslint-disable',
    '    forkline/no-one,',
    '    forkline/no-two',
    '  --',
    '  why',
    '*/',
    'one(); two()',
  ].join('\n'),
  'block, enabled for a line cannot be': [
    '/* eslint-disable forkline/no-one */',
    'one() /* eslint-enable forkline/no-one */; one()',
  ].join('\n'),
  'line comment where a block is needed': '// eslint-disable forkline/no-one\none()\n// eslint-enable\none()',
  'doc comment': '/** eslint-disable forkline/no-one */\none()',
  'comment with text before': '/* please eslint-disable forkline/no-one */\none()',
  'comment inside a comment': [
    '/* a /* eslint-disable forkline/no-one */',
    'one()',
    '// b // eslint-disable-line forkline/no-one',
    'one()',
  ].join('\n'),
  'no space after the slashes': '//eslint-disable-next-line forkline/no-one\none()',
  'label on the line below the slashes': '//\neslint\none()',
  'label glued to a word': '/* eslint-disabled forkline/no-one */\none()',
  'upper case': '/* ESLINT-DISABLE forkline/no-one */\none()',
  string: `const text = '/* eslint-disable */'; one()`,
  template: 'const text = `/* eslint-disable */ ${one()} // eslint-disable-line`; one()',
  'comment in a template hole': 'const text = `${/* eslint-disable forkline/no-one */ one()}`; one(); two()',
  'regular expression': 'const pattern = /[/* eslint-disable */]/; one()',
  'JSX text': 'const jsx = <a>/* eslint-disable */ // eslint-disable-line\n{one()}</a>; one()',
  'JSX hole': 'const jsx = <a>{/* eslint-disable forkline/no-one */}{one()}{two()}</a>; one()',
  'JSX attribute': [
    'const jsx = <a title="/* eslint-disable */" /* eslint-disable forkline/no-two */ b={two()}>{one()}</a>',
  ].join('\n'),
  'JSX hole, next line': 'const jsx = <a>\n{/* eslint-disable-next-line forkline/no-one */}\n{one()}\n</a>; one()',
  'inside a call': 'one(/* eslint-disable forkline/no-two */ two(), one())',
  'inside empty brackets': 'function f() { /* eslint-disable forkline/no-one */ }\none(); two()',
  'after the last token': 'one() // eslint-disable-line',
  'Windows line ends': '// eslint-disable-next-line forkline/no-one\r\none(); two()\r\none()',
  'old line ends': '// eslint-disable-next-line forkline/no-one\u2028one(); two()\u2029one()',
  shebang: '#!/usr/bin/env node // eslint-disable-line\none()',
  'byte order mark': '\uFEFFone() // eslint-disable-line forkline/no-one\none()',
  'rule off for the file': 'one()\n/* eslint forkline/no-one: "off" */\none(); two()',
  'rule off for the file, as a number in brackets': [
    '/* eslint "forkline/no-one": [0], forkline/no-two: 2 */',
    'one(); two()',
  ].join('\n'),
  'rule off for the file, short form': '/* eslint forkline/no-one:off, forkline/no-two:0 -- why */\none(); two()',
  'rule set twice for the file': '/* eslint forkline/no-one: 2 */\n/* eslint forkline/no-one: 0 */\none()',
  'rule set in a line comment': '// eslint forkline/no-one: 0\none()',
}

describe('the same findings are silenced as by ESLint', () => {
  it('which reports both rules where nothing is silenced', () => {
    expect(placesOfEslint('one(); two()')).toEqual(['forkline/no-one 1:1', 'forkline/no-two 1:8'])
  })

  it.each(Object.entries(CASES))('%s', (_name, code) => {
    expect(places(code)).toEqual(placesOfEslint(code))
  })
})

describe('what the linter keeps', () => {
  it('gives the reason with each silenced finding', () => {
    const { suppressed } = run('/* eslint-disable forkline/no-one -- for now */\none()')
    expect(suppressed).toMatchObject([{ finding: { ruleId: 'no-one' }, justification: 'for now' }])
  })

  it('tells the severities that comments set', () => {
    const { severities } = run('/* eslint forkline/no-one: "warn", forkline/no-two: ["error"], no-console: 0 */')
    expect([...severities]).toEqual([
      ['no-one', 'warn'],
      ['no-two', 'error'],
    ])
  })

  it('runs a rule that the settings turn off and a comment turns on', () => {
    const off = { 'no-one': { severity: 'off' }, 'no-two': { severity: 'off' } } as const
    const result = run('/* eslint forkline/no-one: "error" */ one(); two()', { rules: off })
    expect(result.findings.map((finding) => finding.ruleId)).toEqual(['no-one'])
  })
})

describe('comments that do nothing', () => {
  const problems = (code: string): string[] =>
    run(code).directiveProblems.map(({ message, start, end }) => `${code.slice(start, end)} => ${message}`)

  it.each([
    ['// eslint-disable-next-line forkline/no-one', "no findings of 'forkline/no-one'"],
    ['/* eslint-disable forkline/no-one, forkline/no-two */', "no findings of 'forkline/no-one' or 'forkline/no-two'"],
    ['/* eslint-enable forkline/no-one */', 'no matching eslint-disable'],
    ['/* eslint-disable-line\n forkline/no-one */', 'must not span several lines'],
    ['/* eslint-disable forkline/no-three */', "rule 'forkline/no-three' not found"],
    ['/* eslint forkline/no-three: 0 */', "rule 'forkline/no-three' not found"],
    ['/* eslint forkline/no-one: "loud" */', 'to be "off", "warn" or "error", got `"loud"`'],
    ['/* eslint forkline/no-one: { */', 'Failed to parse JSON'],
  ])('%s', (comment, message) => {
    const found = problems(`${comment}\nthree()`)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`${comment} => `)
    expect(found[0]).toContain(message)
  })

  it.each([
    ['used', '// eslint-disable-next-line forkline/no-one\none()'],
    ['used and closed', '/* eslint-disable forkline/no-one */\none()\n/* eslint-enable forkline/no-one */'],
    ['bare', '// eslint-disable-next-line\nthree()\n/* eslint-disable */\n/* eslint-enable */'],
    ["other plugins' rules", '// eslint-disable-next-line no-console, promise/always-return\nthree()'],
    ["other plugins' rules and ours", '// eslint-disable-next-line no-console, forkline/no-one\nthree()'],
    ["other plugins' settings", '/* eslint no-console: { */'],
    ['of a rule that is off', '/* eslint forkline/no-one: 0 */\n/* eslint-disable forkline/no-one */\none()'],
  ])('says nothing of comments that are %s', (_name, code) => {
    expect(problems(code)).toEqual([])
  })

  it('names only the rules of a comment that are idle', () => {
    expect(problems('// eslint-disable-next-line forkline/no-one, forkline/no-two\ntwo()')).toEqual([
      expect.stringMatching(/no findings of 'forkline\/no-one'\)/u),
    ])
  })
})
