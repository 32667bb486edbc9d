import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { filesWith } from '../../../lint/analysis/words.ts'

function fileOf(text: string): ts.SourceFile {
  return ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true)
}

describe('the names that a file may speak of', () => {
  const file = fileOf(
    'import { load as read } from "./store"\nclass A { #cache = 1; größe\u00a0= this.#cache; 𝒳1 = $x_2 }\n// retry\nlast',
  )

  test.each(['load', 'read', 'A', '#cache', 'cache', 'größe', '𝒳1', '$x_2', 'retry', 'last', 'store'])('%s', (name) => {
    expect(filesWith(name, [file]).length > 0).toBe(true)
  })

  test.each(['loa', 'oad', 'cach', 'loadAll', 'reads', 'x_2', 'gr', 'B'])('but not %s', (name) => {
    expect(filesWith(name, [file]).length > 0).toBe(false)
  })

  test('of many other names a few in a hundred at most', () => {
    const words = Array.from({ length: 500 }, (_, index) => `word${index}`)
    const large = fileOf(words.join(' '))
    expect(words.every((word) => filesWith(word, [large]).length > 0)).toBe(true)
    const others = Array.from({ length: 1000 }, (_, index) => `other${index}`)
    expect(others.filter((other) => filesWith(other, [large]).length > 0).length).toBeLessThan(50)
  })
})
