import type ts from 'typescript'
import type { TextEdit } from '../model.ts'
import { indentOf, styleOf } from './style.ts'

/**
 * Appends items to a list with commas between: arguments, properties, imported names. Where the last item has a line of its
 * own, so do the new ones. A comma behind the last item stays the last, and a comment on its line stays with it.
 *
 * @param last The last item of the list, which is not empty.
 */
export function appendToList(last: ts.Node, items: readonly string[]): TextEdit {
  const file = last.getSourceFile()
  const start = last.getStart(file)
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1
  const hasOwnLine = file.text.slice(lineStart, start).trim() === ''
  if (!hasOwnLine) return { start: last.end, end: last.end, text: items.map((item) => `, ${item}`).join('') }
  const [behind = '', comma = '', comment = ''] = BEHIND.exec(file.text.slice(last.end)) ?? []
  const { newLine } = styleOf(file)
  const added = items.map((item) => `${newLine}${indentOf(last)}${item}`).join(',')
  return { start: last.end, end: last.end + behind.length, text: `,${comment}${added}${comma}` }
}

/** What may stand on the line behind an item: a comma, and a comment that is about the item. */
const BEHIND = /^(,?)([\t ]*(?:\/\/[^\r\n]*|\/\*(?:[^*\r\n]|\*(?!\/))*\*\/)?)(?=[\t ]*(?:\r?\n|$))/u
