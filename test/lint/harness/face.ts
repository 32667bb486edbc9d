import type { Fix, Level } from '@forkline/lint'

/** A file of a case with its neighbours, and how to lint it. */
export interface Subject {
  readonly code: string
  readonly filename: string
  readonly files: Readonly<Record<string, string>>
  readonly options: object
  readonly level: Level
}

/** One replacement: `range` in UTF-16 offsets. */
export interface Patch {
  readonly range: readonly [number, number]
  readonly text: string
}

/** What a person sees of one finding, in either face. Lines and columns count from one. */
export interface Shown {
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly fix: Patch | null
  readonly suggestions: readonly { readonly title: string; readonly output: string }[]
}

/** Edits as the single replacement from the first to the last of them; null when there are none. */
export function toPatch(fix: Fix, code: string): Patch | null {
  const edits = [...fix.edits()].sort((a, b) => a.start - b.start || a.end - b.end)
  const [first] = edits
  if (first === undefined) return null
  let text = ''
  let position = first.start
  for (const edit of edits) {
    if (edit.start < position || edit.end < edit.start) {
      throw new Error(`The edits of \`${fix.title}\` overlap: ${JSON.stringify(edits)}`)
    }
    text += code.slice(position, edit.start) + edit.text
    position = edit.end
  }
  return { range: [first.start, position], text }
}

export function applyPatch(code: string, { range, text }: Patch): string {
  return code.slice(0, range[0]) + text + code.slice(range[1])
}
