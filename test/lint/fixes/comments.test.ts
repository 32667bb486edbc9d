import { applyEdits } from '@forkline/lint'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { dropDisable } from '../../../lint/fixes/comments.ts'

function withoutDisable(text: string): string {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true)
  const statement = file.statements.at(-1)
  if (!statement) throw new Error('Expected a statement')
  return applyEdits(text, dropDisable(statement, 'no-floating-promises'))
}

test.each([
  ['a line', 'a()\n// eslint-disable-next-line @typescript-eslint/no-floating-promises\nb()\n', 'a()\nb()\n'],
  ['a block', 'a()\n  /* eslint-disable-next-line no-floating-promises */\n  b()\n', 'a()\n  b()\n'],
  ['what another linter reads', '// oxlint-disable-next-line typescript/no-floating-promises\nb()', 'b()'],
  [
    'no other comment above',
    'a()\n// Tell them.\n// eslint-disable-next-line @typescript-eslint/no-floating-promises\nb()\n',
    'a()\n// Tell them.\nb()\n',
  ],
  [
    'no other comment below',
    'a()\n// eslint-disable-next-line @typescript-eslint/no-floating-promises\n// Tell them.\nb()\n',
    'a()\n// Tell them.\nb()\n',
  ],
])('a comment that silences the rule goes: %s', (_, text, expected) => {
  expect(withoutDisable(text)).toBe(expected)
})

test.each([
  ['a reason', '// eslint-disable-next-line no-floating-promises -- it logs by itself\nb()'],
  ['another rule', '// eslint-disable-next-line no-floating-promises, no-void\nb()'],
  ['no rule', '// eslint-disable-next-line\nb()'],
  ['the rule for the whole file', '/* eslint-disable no-floating-promises */\nb()'],
  ['the rule for another statement', '// eslint-disable-next-line no-floating-promises\na()\nb()'],
])('a comment that names %s stays', (_, text) => {
  expect(withoutDisable(text)).toBe(text)
})
