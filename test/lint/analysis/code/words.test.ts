import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { filesWith } from '../../../../lint/analysis/code/words.ts'

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

describe('the files of a program', () => {
  const names = (index: number): string[] => [`all`, `own${index}`, `half${index % 2}`, `third${index % 3}`]
  const filesOf = (count: number): ts.SourceFile[] =>
    Array.from({ length: count }, (_, index) => fileOf(names(index).join(' ')))
  const positions = (name: string, files: readonly ts.SourceFile[]): number[] =>
    filesWith(name, files).map((file) => files.indexOf(file))

  test.each([1, 2, 70])('are the same %i however much was asked before, and in their order', (count) => {
    const files = filesOf(count)
    const questions = ['all', 'half0', 'third1', 'nobody', ...files.flatMap((_, index) => names(index))]
    // A new array is a program that nothing was asked of.
    const first = questions.map((name) => positions(name, [...files]))
    const later = Array.from({ length: 20 }, () => questions.map((name) => positions(name, files)))
    for (const answers of later) expect(answers).toEqual(first)
    expect(positions('all', files)).toEqual(files.map((_, index) => index))
  })

  test('are those of the program that is asked, whatever an earlier one was asked', () => {
    const before = filesOf(40)
    for (let round = 0; round < 40; round++) filesWith('all', before)
    const after = before.with(7, fileOf('edited'))
    for (let round = 0; round < 40; round++) {
      expect(positions('edited', after)).toEqual([7])
      expect(positions('own7', after)).toEqual([])
      expect(positions('own7', before)).toEqual([7])
    }
  })
})
