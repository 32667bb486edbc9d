import { applyEdits, applyFixes, type Finding, mergeEdits, type TextEdit } from '@forkline/lint'
import { describe, expect, it } from 'vitest'

const insert = (at: number, text: string): TextEdit => ({ start: at, end: at, text })

function finding(start: number, edits?: readonly TextEdit[]): Finding {
  return {
    ruleId: 'no-test',
    family: 'race',
    level: 'certain',
    message: 'A test.',
    start,
    end: start + 1,
    related: [],
    fix: edits && { title: 'Mend', edits: () => edits },
    suggestions: [],
  }
}

describe('applyEdits', () => {
  it('applies edits in any order', () => {
    const edits = [{ start: 4, end: 5, text: 'z' }, insert(0, '>'), { start: 1, end: 2, text: '' }]
    expect(applyEdits('a b c', edits)).toBe('>ab z')
  })

  it('leaves the text alone when there are no edits', () => {
    expect(applyEdits('a', [])).toBe('a')
  })

  it('keeps insertions at one place in their order', () => {
    expect(applyEdits('ab', [insert(1, '1'), insert(1, '2')])).toBe('a12b')
  })

  it('counts in UTF-16 code units', () => {
    expect(applyEdits('😀x', [{ start: 2, end: 3, text: 'y' }])).toBe('😀y')
  })

  it('refuses edits that overlap', () => {
    const edits = [
      { start: 0, end: 2, text: '' },
      { start: 1, end: 3, text: '' },
    ]
    expect(() => applyEdits('abcd', edits)).toThrow(RangeError)
  })

  it('refuses edits outside the text', () => {
    for (const [start, end] of [
      [-1, 0],
      [0, 5],
      [2, 1],
    ] as const) {
      const edit = { start, end, text: '' }
      expect(() => applyEdits('abcd', [edit])).toThrow(RangeError)
    }
  })
})

describe('mergeEdits', () => {
  it('spans from the first edit to the last and keeps what lies between', () => {
    expect(mergeEdits('abcdef', [insert(5, ')'), insert(1, '(')])).toEqual({ range: [1, 5], text: '(bcde)' })
  })

  it('is undefined without edits', () => {
    expect(mergeEdits('abc', [])).toBeUndefined()
  })
})

describe('applyFixes', () => {
  it('applies fixes that lie apart and tells which', () => {
    const first = finding(0, [{ start: 0, end: 1, text: 'A' }])
    const plain = finding(1)
    const second = finding(2, [{ start: 2, end: 3, text: 'C' }])
    const fixed = { text: 'AbC', applied: [first, second], remaining: [plain] }
    expect(applyFixes('abc', [second, plain, first])).toEqual(fixed)
  })

  it('leaves a fix for the next pass when it lies inside the stretch of another', () => {
    const outer = finding(0, [insert(0, '('), insert(4, ')')])
    const inner = finding(1, [{ start: 1, end: 2, text: 'B' }])
    expect(applyFixes('abcd', [outer, inner])).toEqual({ text: '(abcd)', applied: [outer], remaining: [inner] })
  })

  it('leaves a fix for the next pass when it touches another', () => {
    const first = finding(0, [{ start: 0, end: 1, text: 'A' }])
    const second = finding(1, [{ start: 1, end: 2, text: 'B' }])
    expect(applyFixes('ab', [first, second])).toMatchObject({ text: 'Ab', remaining: [second] })
  })

  it('counts a fix without edits as none', () => {
    const empty = finding(0, [])
    expect(applyFixes('ab', [empty])).toEqual({ text: 'ab', applied: [], remaining: [empty] })
  })
})
