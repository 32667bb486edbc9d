import ts from 'typescript'
import { expect, test } from 'vitest'
import { deeper } from '../../../lint/fixes/style.ts'

test.each([
  ['each line but the first', '  a()\n  b()', '  a()\n    b()'],
  ['empty lines stay empty', '  a()\n\n  b()', '  a()\n\n    b()'],
  ['the last line, even when nothing of it is there yet', '  a()\n', '  a()\n  '],
  ['lines of a template stay', '  a(`\n  text ${\n  b}\n  end`)\n  c()', '  a(`\n  text ${\n    b}\n  end`)\n    c()'],
  ['lines of a string stay', "  a('text\\\n  end')\n  c()", "  a('text\\\n  end')\n    c()"],
  ['line ends of Windows', '  a()\r\n  b()', '  a()\r\n    b()'],
])('%s', (_, text, expected) => {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true)
  expect(deeper(file, 0, text.length)).toBe(expected)
})

test('tabs where the file has tabs', () => {
  const text = 'function f() {\n\ta()\n\tb()\n}'
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true)
  const start = text.indexOf('a()')
  expect(deeper(file, start, text.indexOf('\n}'))).toBe('a()\n\t\tb()')
})
