import ts from 'typescript'
import { expect, test } from 'vitest'
import { awaitAll } from '../../../lint/fixes/awaitAll.ts'

const SHORT = [
  { name: 'user', promise: 'getUser(id)' },
  { name: 'posts', promise: 'getPosts(id)' },
]
const LONG = [
  { name: 'configuration', promise: 'readConfiguration(rootDirectory)' },
  { name: 'state', promise: 'readState(rootDirectory)' },
]

function firstOf(text: string): ts.Statement {
  const [first] = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true).statements
  if (!first) throw new Error('Expected a statement')
  return first
}

test.each([
  [
    'on one line where it fits',
    'start();\n',
    SHORT,
    'const [user, posts] = await Promise.all([getUser(id), getPosts(id)]);',
  ],
  [
    'on lines of their own where the line would be the longest of the file',
    'start();\n',
    LONG,
    'const [configuration, state] = await Promise.all([\n  readConfiguration(rootDirectory),\n  readState(rootDirectory)\n]);',
  ],
  [
    'with a comma behind the last where the file has them, and as deep as the file indents',
    'start();\nconst list = [\n\t1,\n]\n',
    LONG,
    'const [configuration, state] = await Promise.all([\n\treadConfiguration(rootDirectory),\n\treadState(rootDirectory),\n]);',
  ],
  [
    'on one line in a file that has long ones',
    `start();\n// ${'-'.repeat(110)}\n`,
    LONG,
    'const [configuration, state] = await Promise.all([readConfiguration(rootDirectory), readState(rootDirectory)]);',
  ],
  [
    'on the lines that they bring along',
    `start();\n`,
    [
      { name: 'user', promise: 'getUser({\n  id: longIdentifierOfTheUser,\n  withPosts: false,\n})' },
      { name: 'posts', promise: 'getPosts(id)' },
    ],
    'const [user, posts] = await Promise.all([getUser({\n  id: longIdentifierOfTheUser,\n  withPosts: false,\n}), getPosts(id)]);',
  ],
])('promises stand %s', (_, file, promises, expected) => {
  expect(awaitAll(firstOf(file), promises, ';')).toBe(expected)
})
