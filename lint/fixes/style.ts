import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { TextEdit } from '../model.ts'

/** How a file writes things, so that what a fix adds looks as if its author had written it. */
export interface FileStyle {
  readonly quote: "'" | '"'
  readonly semicolon: '' | ';'
  readonly newLine: '\n' | '\r\n'
  readonly indent: string
  /** What stands behind the last item of a list whose items have lines of their own. */
  readonly trailingComma: '' | ','
  /** How long its lines get. */
  readonly width: number
  /** Whether even one statement of a callback stands on a line of its own, as formatters have it. */
  readonly spreadsBlocks: boolean
}

const styles = new WeakMap<ts.SourceFile, FileStyle>()

export function styleOf(file: ts.SourceFile): FileStyle {
  let style = styles.get(file)
  if (!style) {
    style = readStyle(file)
    styles.set(file, style)
  }
  return style
}

function readStyle(file: ts.SourceFile): FileStyle {
  const text = file.text.slice(0, 20_000)
  const single = count(text, /'[^'\n]*'/gu)
  const double = count(text, /"[^"\n]*"/gu)
  const { closed, open } = countStatements(file)
  return {
    quote: double > single ? '"' : "'",
    semicolon: open > closed ? '' : ';',
    newLine: text.includes('\r\n') ? '\r\n' : '\n',
    trailingComma: /,\r?\n[\t ]*[)\]}]/u.test(text) ? ',' : '',
    width: widthOf(text),
    spreadsBlocks: count(text, /=> \{\r?\n/gu) >= MANY && !/=> \{[^\r\n{}]+\}/u.test(text),
    indent: /^(\t| {2,8})\S/mu.exec(text)?.[1] ?? '  ',
  }
}

/** Enough callbacks to tell a habit by. */
const MANY = 3

/** The widths that formatters are commonly told to keep to. */
const WIDTHS = [80, 100, 120]
/** A string or a comment is longer now and then: this share of the lines may be. */
const LONGER = 0.02

function widthOf(text: string): number {
  const lines = text.split('\n')
  return (
    WIDTHS.find((width) => lines.filter(({ length }) => length > width).length <= lines.length * LONGER) ?? Infinity
  )
}

/** Enough statements to tell a habit by. */
const SAMPLE = 60

/** How many statements that may end in a semicolon do, and how many do without. */
function countStatements(file: ts.SourceFile): { closed: number; open: number } {
  let closed = 0
  let open = 0
  const visit = (node: ts.Node): void => {
    if (closed + open >= SAMPLE) return
    if (
      ts.isImportDeclaration(node)
      || ts.isVariableStatement(node)
      || ts.isExpressionStatement(node)
      || ts.isReturnStatement(node)
    ) {
      if (file.text[node.end - 1] === ';') closed += 1
      else open += 1
    }
    forEachChild(node, visit)
  }
  visit(file)
  return { closed, open }
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** The white space before the line on which a node begins. */
export function indentOf(node: ts.Node): string {
  const file = node.getSourceFile()
  const start = node.getStart(file)
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1
  return /^[\t ]*/u.exec(file.text.slice(lineStart, start))?.[0] ?? ''
}

interface Braces {
  readonly open: string
  readonly between: string
  readonly close: string
}

/**
 * What stands before, between and behind the few statements of a callback that comes in at a place in a file.
 *
 * @param length How long the callback is on one line, where it begins behind what stands there.
 */
export function braces(file: ts.SourceFile, at: number, length = 0): Braces {
  const { semicolon, spreadsBlocks, newLine, indent, width } = styleOf(file)
  const before = at - (file.text.lastIndexOf('\n', at - 1) + 1)
  if (!spreadsBlocks && (before + length <= width || before > width))
    return { open: '{ ', between: '; ', close: `${semicolon} }` }
  const outer = /^[\t ]*/u.exec(file.text.slice(file.text.lastIndexOf('\n', at - 1) + 1, at))?.[0] ?? ''
  const inner = `${newLine}${outer}${indent}`
  return { open: `{${inner}`, between: `${semicolon}${inner}`, close: `${semicolon}${newLine}${outer}}` }
}

/** The edit that calls one more method on what a call gives: on a line of its own where the call's own method has one. */
export function chained(call: ts.CallExpression, text: string): TextEdit {
  const file = call.getSourceFile()
  const { expression: callee } = call
  const gap = ts.isPropertyAccessExpression(callee)
    ? file.text.slice(callee.expression.end, callee.name.getStart(file))
    : ''
  const [ownLine = ''] = /\r?\n[\t ]*(?=\??\.$)/u.exec(gap) ?? []
  return { start: call.end, end: call.end, text: `${ownLine}${text}` }
}

/** Where what stands on a line ends: behind the comment that follows on it, if there is one. */
export function lineEndAfter(file: ts.SourceFile, end: number): number {
  return (
    end
    + (/^[\t ]*(?:\/\/[^\r\n]*|\/\*(?:[^*\r\n]|\*(?!\/))*\*\/(?=[\t ]*(?:\r?\n|$)))/u.exec(file.text.slice(end))?.[0]
      .length ?? 0)
  )
}

/**
 * The text from `start` to `end`, each line after the first one step deeper. Lines that begin within a string or a template
 * stay as they are, since their white space is part of the program.
 */
export function deeper(file: ts.SourceFile, start: number, end: number): string {
  const { indent } = styleOf(file)
  return eachLine(file, start, end, /\n(?=[\t ]*(?:\S|$))/gu, (lineBreak) => `${lineBreak}${indent}`)
}

/**
 * The text of a node for a place whose line has another indentation than the line on which the node begins.
 *
 * @param returns The offsets of those words `return` in the file that become `continue`.
 */
export function movedText(node: ts.Node, to: string, returns: ReadonlySet<number> = new Set()): string {
  const file = node.getSourceFile()
  const start = node.getStart(file)
  const pattern = new RegExp(`\\n${indentOf(node)}(?=[\\t ]*\\S)|\\breturn\\b`, 'gu')
  return eachLine(file, start, node.end, pattern, (found, at) => {
    if (found === 'return') return returns.has(at) ? 'continue' : found
    return `\n${to}`
  })
}

/** Changes what begins a line, but for the lines that begin within a string or a template. */
function eachLine(
  file: ts.SourceFile,
  start: number,
  end: number,
  pattern: RegExp,
  change: (found: string, at: number) => string,
): string {
  const literals: ts.Node[] = []
  const collect = (node: ts.Node): void => {
    if (node.end <= start || node.pos >= end) return
    if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)) literals.push(node)
    forEachChild(node, collect)
  }
  collect(file)
  return file.text.slice(start, end).replace(pattern, (found, offset: number) => {
    const at = start + offset
    return literals.some((literal) => literal.getStart(file) < at && at < literal.end) ? found : change(found, at)
  })
}
