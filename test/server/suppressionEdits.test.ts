import { expect, test } from 'vitest'
import { Editor } from './editor.ts'
import { noName } from './rules.ts'

const rules = [noName('here')]
const LINE = 'Disable forkline/no-name for this line'
const FILE = 'Disable forkline/no-name for the entire file'
const NEXT = 'eslint-disable-next-line forkline/no-name'

/** Picks the action, and expects that it silences the finding it was offered for. */
async function disable(text: string, title = LINE, name = 'app.tsx'): Promise<string> {
  await using editor = await Editor.start({ rules })
  await editor.open(name, text)
  const before = await editor.diagnostics(name)
  expect(before.map(({ code }) => code)).toContain('no-name')
  const after = await editor.pick(name, 'here', title)
  const left = (await editor.diagnostics(name)).filter(({ code }) => code === 'no-name')
  expect(left, after).toHaveLength(
    before.length - before.filter(({ range }) => range.start.line === before[0]?.range.start.line).length,
  )
  return after
}

test.each([
  ['above the line, as far in', 'if (1) {\n\there()\n}\n', `if (1) {\n\t// ${NEXT}\n\there()\n}\n`],
  ['above the first line', 'here()\n', `// ${NEXT}\nhere()\n`],
  ['with the line ends of the file', 'let a\r\nhere()\r\n', `let a\r\n// ${NEXT}\r\nhere()\r\n`],
  [
    'in an existing comment for the line',
    '// eslint-disable-next-line a, b\nhere()\n',
    '// eslint-disable-next-line a, b, forkline/no-name\nhere()\n',
  ],
  [
    'before the reason of an existing comment',
    '// eslint-disable-next-line a -- as we know\nhere()\n',
    '// eslint-disable-next-line a, forkline/no-name -- as we know\nhere()\n',
  ],
  [
    'in a comment at the end of the line',
    'here() // eslint-disable-line a\n',
    'here() // eslint-disable-line a, forkline/no-name\n',
  ],
  [
    'in a block comment',
    '/* eslint-disable-next-line a */\nhere()\n',
    '/* eslint-disable-next-line a, forkline/no-name */\nhere()\n',
  ],
  [
    'not in a string that reads like a comment',
    "let a = '// eslint-disable-next-line a'\nhere()\n",
    `let a = '// eslint-disable-next-line a'\n// ${NEXT}\nhere()\n`,
  ],
  ['between elements', 'let a = <a>\n  {here}\n</a>\n', `let a = <a>\n  {/* ${NEXT} */}\n  {here}\n</a>\n`],
  [
    'between elements without indentation',
    'let a = <a>\n{here}\n</a>\n',
    `let a = <a>\n{/* ${NEXT} */}\n{here}\n</a>\n`,
  ],
  [
    'in an existing comment between elements',
    'let a = <a>\n{/* eslint-disable-next-line a */}\n{here}\n</a>\n',
    'let a = <a>\n{/* eslint-disable-next-line a, forkline/no-name */}\n{here}\n</a>\n',
  ],
  ['between attributes', 'let a = <a\n  b={here}\n/>\n', `let a = <a\n  // ${NEXT}\n  b={here}\n/>\n`],
  [
    'in a template literal',
    'let a = `\n  ${here} b`\n',
    'let a = `\n  ${/* eslint-disable-line forkline/no-name */ here} b`\n',
  ],
  ['in code inside a template literal', 'let a = `${[\n  here\n]}`\n', `let a = \`\${[\n  // ${NEXT}\n  here\n]}\`\n`],
  [
    'after a comment that ends on the line',
    '/* a\n*/ here()\n',
    '/* a\n*/ /* eslint-disable-line forkline/no-name */ here()\n',
  ],
])('the line is disabled %s', async (_, before, after) => {
  expect(await disable(before)).toBe(after)
})

test.each([
  ['at its top', 'here()\n', '/* eslint-disable forkline/no-name */\nhere()\n'],
  ['below #!', '#!/usr/bin/env node\nhere()\n', '#!/usr/bin/env node\n/* eslint-disable forkline/no-name */\nhere()\n'],
  [
    'in an existing comment',
    '/* eslint-disable a -- why */\nhere()\n',
    '/* eslint-disable a, forkline/no-name -- why */\nhere()\n',
  ],
  [
    'in an existing comment below #!',
    '#!/usr/bin/env node\n/* eslint-disable a */\nhere()\n',
    '#!/usr/bin/env node\n/* eslint-disable a, forkline/no-name */\nhere()\n',
  ],
  ['above other comments', '// @ts-check\nhere()\n', '/* eslint-disable forkline/no-name */\n// @ts-check\nhere()\n'],
])('the file is disabled %s', async (_, before, after) => {
  expect(await disable(before, FILE, 'app.ts')).toBe(after)
})
