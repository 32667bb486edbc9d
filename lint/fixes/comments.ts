import ts from 'typescript'
import type { TextEdit } from '../model.ts'

interface Range {
  readonly start: number
  readonly end: number
}

/** The extent of a node, without the white space and comments before it. */
export function rangeOf(node: ts.Node): Range {
  return { start: node.getStart(), end: node.end }
}

/**
 * Whether a rewrite that replaces a node, and keeps the text of some nodes below it, would lose a comment. What looks like a
 * comment in a string that goes counts as one: then there is no rewrite, which does less harm.
 */
export function losesComment(node: ts.Node, kept: readonly ts.Node[]): boolean {
  const { text } = node.getSourceFile()
  let from = node.getStart()
  for (const { start, end } of kept.map(rangeOf).sort((a, b) => a.start - b.start)) {
    if (hasComment(text.slice(from, start))) return true
    from = Math.max(from, end)
  }
  return hasComment(text.slice(from, node.end))
}

function hasComment(text: string): boolean {
  return /\/[/*]/u.test(text)
}

/** Where a statement begins with the comments right above it, which are about it. */
export function startWithComments(statement: ts.Statement): number {
  const file = statement.getSourceFile()
  let start = statement.getStart(file)
  for (const { pos, end } of (ts.getLeadingCommentRanges(file.text, statement.pos) ?? []).toReversed()) {
    if (/\n[\t ]*\r?\n/u.test(file.text.slice(end, start)) || pos === 0) break
    start = pos
  }
  return start
}

/** Comments that tools read as being about the line below. */
const DIRECTIVE =
  /@ts-(?:expect-error|ignore)|(?:eslint|oxlint)-disable-next-line|(?:biome|prettier|deno-lint)-ignore|(?:c8|v8|istanbul) ignore/u

/**
 * Takes away the comment above a statement that silences a rule on it, for a fix that gives this rule nothing to say any
 * more. One that names other rules as well, or a reason, stays.
 *
 * @param rule The rule, without the name of its plugin.
 */
export function dropDisable(statement: ts.Statement, rule: string): TextEdit[] {
  const file = statement.getSourceFile()
  const comments = ts.getLeadingCommentRanges(file.text, statement.pos) ?? []
  const pattern = new RegExp(
    `^/[/*]\\s*(?:eslint|oxlint)-disable-next-line\\s+(?:@?[\\w-]+/)*${rule}\\s*(?:\\*/)?$`,
    'u',
  )
  const index = comments.findIndex(({ pos, end }) => pattern.test(file.text.slice(pos, end)))
  const comment = comments[index]
  return comment ? [{ start: comment.pos, end: comments[index + 1]?.pos ?? statement.getStart(file), text: '' }] : []
}

/** Where lines can come in before a statement without parting it from a comment that some tool reads. */
export function lineBefore(statement: ts.Statement): number {
  const file = statement.getSourceFile()
  const comments = ts.getLeadingCommentRanges(file.text, statement.pos) ?? []
  const directive = comments.find(({ pos, end }) => DIRECTIVE.test(file.text.slice(pos, end)))
  return directive?.pos ?? statement.getStart(file)
}
