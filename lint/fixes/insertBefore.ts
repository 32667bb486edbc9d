import type ts from 'typescript'
import type { TextEdit } from '../model.ts'
import { lineBefore } from './comments.ts'
import { indentOf, styleOf } from './style.ts'

/** What, at the start of a line, goes on with the statement before it where that one has no semicolon. */
const GOES_ON = /^[([`/+-]/u

/**
 * Puts a statement in front of another one: on a line of its own, or on the line of one that shares it with the brace before
 * it, with another statement or with a `case`.
 *
 * @param text The statement, without a semicolon.
 */
export function insertBefore(statement: ts.Statement, text: string): TextEdit {
  const file = statement.getSourceFile()
  const start = lineBefore(statement)
  const line = /(?:^|\n)[\t ]*(;?)$/u.exec(file.text.slice(0, start))
  if (!line) return { start, end: start, text: `${text}; ` }
  const { semicolon, newLine } = styleOf(file)
  // `;(await work()).go()`, where the semicolon belongs to the statement before.
  if (line[1]) return { start: start - 1, end: start, text: `${text}${newLine}${indentOf(statement)};` }
  const close = GOES_ON.test(statement.getText()) ? ';' : semicolon
  return { start, end: start, text: `${text}${close}${newLine}${indentOf(statement)}` }
}
