import ts from 'typescript'
import { expect, test } from 'vitest'
import { braces, deeper, movedText } from '../../../lint/fixes/style.ts'

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

test.each([
  [
    'less deep',
    '  all(\n    map(() => {\n      a()\n\n      b()\n    }),\n  )',
    '  ',
    'map(() => {\n    a()\n\n    b()\n  })',
  ],
  ['deeper', 'map(() => {\n  a()\n})', '    ', 'map(() => {\n      a()\n    })'],
  ['where it was', '  map(() => {\n    a()\n  })', '  ', 'map(() => {\n    a()\n  })'],
  [
    'lines of a template stay',
    '    map(() => {\n      a(`\n      text`)\n    })',
    '',
    'map(() => {\n  a(`\n      text`)\n})',
  ],
])('a call moved to another place: %s', (_, text, to, expected) => {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true)
  let found: ts.Node | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'map') found = node
    ts.forEachChild(node, visit)
  }
  visit(file)
  expect(found && movedText(found, to)).toBe(expected)
})

test.each([
  ['on one line', 'a(() => { b() })\n', '{ c(); d() }'],
  ['on one line in a file with too few callbacks to tell', 'a(() => {\n  b()\n})\n', '{ c(); d() }'],
  ['on lines of their own where all of the file do', 'a(() => {\n  b()\n})\n'.repeat(3), '{\n    c()\n    d()\n  }'],
  ['on one line where one of the file is', `${'a(() => {\n  b()\n})\n'.repeat(3)}a(() => { b() })\n`, '{ c(); d() }'],
  ['with semicolons', 'a(() => {\n  b();\n});\n'.repeat(3), '{\n    c();\n    d();\n  }'],
])('statements of a new callback stand %s', (_, text, expected) => {
  const file = ts.createSourceFile('a.ts', `${text}{\n  last()\n}\n`, ts.ScriptTarget.ESNext, true)
  const { open, between, close } = braces(file, file.text.indexOf('last()') + 'last()'.length)
  expect(`${open}c()${between}d()${close}`).toBe(expected)
})
