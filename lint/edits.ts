import type { Finding, TextEdit } from './model.ts'

/** One replacement that stands for all edits of a fix, as ESLint writes fixes (UTF-16 offsets). */
export interface MergedEdit {
  readonly range: [start: number, end: number]
  readonly text: string
}

export interface FixedText {
  readonly text: string
  /** Findings whose fix is in `text`, in the order of the file. */
  readonly applied: readonly Finding[]
  /** Findings without a fix, or whose fix must wait for another pass. */
  readonly remaining: readonly Finding[]
}

/**
 * The text after all edits, which may come in any order.
 *
 * @throws {RangeError} When an edit lies outside the text or two edits overlap.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const merged = mergeEdits(text, edits)
  return merged === undefined ? text : replace(text, merged)
}

/**
 * Merges the edits of one fix into a single replacement, from the start of the first to the end of
 * the last; `undefined` when there are none.
 *
 * @throws {RangeError} When an edit lies outside the text or two edits overlap.
 */
export function mergeEdits(text: string, edits: readonly TextEdit[]): MergedEdit | undefined {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  const [first] = sorted
  if (first === undefined) return undefined
  let position = first.start
  let merged = ''
  for (const edit of sorted) {
    if (edit.start < 0 || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`Expected an edit within 0 to ${String(text.length)}, got ${shown(edit)}`)
    }
    if (edit.start < position) throw new RangeError(`Expected edits that do not overlap, got ${shown(edit)} twice over`)
    merged += text.slice(position, edit.start) + edit.text
    position = edit.end
  }
  return { range: [first.start, position], text: merged }
}

/**
 * Applies the fixes of findings in one pass. A fix holds the whole stretch from its first to its last
 * edit; another that touches this stretch waits, because it was computed for the text as it was.
 *
 * @throws Whatever computing a fix throws; a `RangeError` when its edits overlap.
 */
export function applyFixes(text: string, findings: readonly Finding[]): FixedText {
  const applied: Finding[] = []
  const remaining: Finding[] = []
  const candidates: { readonly finding: Finding; readonly edit: MergedEdit }[] = []
  for (const finding of findings) {
    const edit = finding.fix && mergeEdits(text, finding.fix.edits())
    if (edit === undefined) remaining.push(finding)
    else candidates.push({ finding, edit })
  }
  candidates.sort((a, b) => a.edit.range[0] - b.edit.range[0] || a.edit.range[1] - b.edit.range[1])
  let fixed = ''
  let position = 0
  for (const { finding, edit } of candidates) {
    const [start, end] = edit.range
    if (applied.length > 0 && start <= position) {
      remaining.push(finding)
      continue
    }
    fixed += text.slice(position, start) + edit.text
    position = end
    applied.push(finding)
  }
  const inFileOrder = (a: Finding, b: Finding): number => a.start - b.start || a.end - b.end
  return {
    text: fixed + text.slice(position),
    applied: applied.sort(inFileOrder),
    remaining: remaining.sort(inFileOrder),
  }
}

function replace(text: string, { range, text: replacement }: MergedEdit): string {
  return text.slice(0, range[0]) + replacement + text.slice(range[1])
}

function shown({ start, end }: TextEdit): string {
  return `${String(start)} to ${String(end)}`
}
