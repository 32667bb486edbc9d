import type { TextEdit } from '@forkline/lint'
import ts from 'typescript'

/**
 * The edit that silences a rule for the line on which `position` lies: an existing comment for that
 * line is extended, else a new one is written where the syntax allows it.
 */
export function disableForLine(sourceFile: ts.SourceFile, position: number, ruleId: string): TextEdit {
  const { line } = sourceFile.getLineAndCharacterOfPosition(position)
  const existing =
    findDirective(sourceFile, line, 'eslint-disable-line')
    ?? findDirective(sourceFile, line - 1, 'eslint-disable-next-line')
  if (existing) return extend(sourceFile, existing, ruleId)

  const lineStart = lineStartOf(sourceFile, line)
  const indent = /^[\t ]*/u.exec(sourceFile.text.slice(lineStart))?.[0] ?? ''
  const at = lineStart + indent.length
  const directive = `eslint-disable-next-line ${fullId(ruleId)}`
  switch (contextOfLineStart(sourceFile, lineStart)) {
    case 'code':
      return insert(at, `// ${directive}${endOfLine(sourceFile)}${indent}`)
    case 'jsx-text':
      return insert(at, `{/* ${directive} */}${endOfLine(sourceFile)}${indent}`)
    case 'token':
      return insert(position, `/* eslint-disable-line ${fullId(ruleId)} */ `)
  }
}

/** The edit that silences a rule for the whole file, below a `#!` line. */
export function disableForFile(sourceFile: ts.SourceFile, ruleId: string): TextEdit {
  const { text } = sourceFile
  const shebang = ts.getShebang(text)?.length ?? 0
  const existing = (ts.getLeadingCommentRanges(text, shebang) ?? []).find(
    (comment) =>
      comment.kind === ts.SyntaxKind.MultiLineCommentTrivia
      && /^\/\*\s*eslint-disable\s+[^\s*-]/u.test(text.slice(comment.pos, comment.end)),
  )
  if (existing) return extend(sourceFile, existing, ruleId)
  const eol = endOfLine(sourceFile)
  const directive = `/* eslint-disable ${fullId(ruleId)} */`
  if (shebang === 0) return insert(0, `${directive}${eol}`)
  const nextLine = /^\r?\n/u.exec(text.slice(shebang))?.[0]
  return nextLine === undefined
    ? insert(shebang, `${eol}${directive}${eol}`)
    : insert(shebang + nextLine.length, `${directive}${eol}`)
}

function fullId(ruleId: string): string {
  return `forkline/${ruleId}`
}

function insert(at: number, text: string): TextEdit {
  return { start: at, end: at, text }
}

/** Adds the rule to the comment's list, before its reason. */
function extend(sourceFile: ts.SourceFile, comment: ts.CommentRange, ruleId: string): TextEdit {
  const block = comment.kind === ts.SyntaxKind.MultiLineCommentTrivia
  const body = sourceFile.text.slice(comment.pos, block ? comment.end - 2 : comment.end)
  const reason = /\s-{2,}\s/u.exec(body)
  const list = (reason ? body.slice(0, reason.index) : body).replace(/[\s,]+$/u, '')
  return insert(comment.pos + list.length, `, ${fullId(ruleId)}`)
}

/** The comment on this zero-based line that is such a directive with a list of rules. */
function findDirective(sourceFile: ts.SourceFile, line: number, directive: string): ts.CommentRange | undefined {
  if (line < 0) return undefined
  const start = lineStartOf(sourceFile, line)
  const end = sourceFile.getLineEndOfPosition(start)
  const pattern = new RegExp(`/[/*]\\s*${directive}\\s+[^\\s*-]`, 'u')
  const match = pattern.exec(sourceFile.text.slice(start, end))
  if (!match) return undefined
  const at = start + match.index
  // The same characters may stand in a string or in another comment.
  return commentsBefore(sourceFile, tokenAt(sourceFile, at)).find((comment) => comment.pos === at)
}

type LineStart = 'code' | 'jsx-text' | 'token'

/** What a line break right before this offset is part of. */
function contextOfLineStart(sourceFile: ts.SourceFile, lineStart: number): LineStart {
  if (lineStart === 0) return 'code'
  const lineBreak = lineStart - 1
  const token = tokenAt(sourceFile, lineBreak)
  if (ts.isJsxText(token)) return 'jsx-text'
  if (token.getStart(sourceFile) <= lineBreak) return 'token'
  const inComment = commentsBefore(sourceFile, token).some(({ pos, end }) => pos <= lineBreak && lineBreak < end)
  return inComment ? 'token' : 'code'
}

/** The token that holds the character, be it in its text or in the white space and comments before it. */
function tokenAt(sourceFile: ts.SourceFile, position: number): ts.Node {
  let node: ts.Node = sourceFile
  for (;;) {
    const inner: ts.Node | undefined = node
      .getChildren(sourceFile)
      .find((child) => child.pos <= position && position < child.end && !ts.isJSDoc(child))
    if (!inner) return node === sourceFile ? sourceFile.endOfFileToken : node
    node = inner
  }
}

function commentsBefore(sourceFile: ts.SourceFile, token: ts.Node): ts.CommentRange[] {
  const { text } = sourceFile
  return [
    ...(ts.getTrailingCommentRanges(text, token.pos) ?? []),
    ...(ts.getLeadingCommentRanges(text, token.pos) ?? []),
  ]
}

function lineStartOf(sourceFile: ts.SourceFile, line: number): number {
  return sourceFile.getPositionOfLineAndCharacter(line, 0)
}

function endOfLine(sourceFile: ts.SourceFile): string {
  return sourceFile.text.includes('\r\n') ? '\r\n' : '\n'
}
