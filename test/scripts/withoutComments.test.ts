import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { withoutComments } from '../../scripts/build/withoutComments.ts'

const FOLDER = path.dirname(createRequire(import.meta.url).resolve('typescript'))
const LIBRARIES = fs.readdirSync(FOLDER).filter((name) => /^lib\..*d\.ts$/u.test(name))

const textOf = (name: string): string => fs.readFileSync(path.join(FOLDER, name), 'utf8')

/** All that a program makes of a declaration file: its nodes, its words, and what it refers to. */
function meaningOf(name: string, text: string): readonly unknown[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest)
  const meaning: unknown[] = [
    file.libReferenceDirectives.map(({ fileName }) => fileName),
    file.referencedFiles.map(({ fileName }) => fileName),
    file.typeReferenceDirectives.map(({ fileName }) => fileName),
  ]
  const visit = (node: ts.Node): void => {
    meaning.push(node.kind)
    ts.forEachChild(node, visit)
    if (ts.isToken(node)) meaning.push(node.getText(file))
  }
  visit(file)
  return meaning
}

describe('the libraries without their comments', () => {
  test('are there', () => {
    expect(LIBRARIES.length).toBeGreaterThan(80)
  })

  test.each(LIBRARIES)('%s says the same', (name) => {
    const before = textOf(name)
    expect(meaningOf(name, withoutComments(name, before))).toEqual(meaningOf(name, before))
  })

  test('keep the licence, and are much smaller', () => {
    const before = textOf('lib.dom.d.ts')
    const after = withoutComments('lib.dom.d.ts', before)
    expect(after).toContain('Copyright (c) Microsoft Corporation')
    expect(after.length).toBeLessThan(before.length / 2)
  })
})
