import { ConfigCommentParser } from '@eslint/plugin-kit'
import ts from 'typescript'

/** A comment that speaks to the linter: `eslint`, `eslint-disable`, `eslint-enable` … */
export interface Directive {
  readonly label: string
  /** What stands between the label and the reason. */
  readonly value: string
  /** The reason after `--`; empty when none is given. */
  readonly justification: string
  readonly isBlock: boolean
  readonly start: number
  readonly end: number
}

const parser = new ConfigCommentParser()
const CANDIDATE = /\/[/*]\s*eslint/gu
const LABEL = /^eslint(?:-enable|-disable(?:(?:-next)?-line)?)?$/u
/** Only these may be written with `//`, as in ESLint. */
const LINE_LABEL = /^eslint-disable-(?:next-)?line$/u

const known = new WeakMap<ts.SourceFile, readonly Directive[]>()

/** The file's directive comments in their order. Text that only looks like one (in a string, in JSX) is none. */
export function directivesOf(sourceFile: ts.SourceFile): readonly Directive[] {
  let directives = known.get(sourceFile)
  if (directives === undefined) {
    directives = findDirectives(sourceFile)
    known.set(sourceFile, directives)
  }
  return directives
}

function findDirectives(sourceFile: ts.SourceFile): readonly Directive[] {
  const { text } = sourceFile
  const found: Directive[] = []
  if (!text.includes('eslint')) return found
  for (const { index } of text.matchAll(CANDIDATE)) {
    const comment = commentAt(sourceFile, index)
    if (comment === undefined) continue
    const isBlock = comment.kind === ts.SyntaxKind.MultiLineCommentTrivia
    const parsed = parser.parseDirective(text.slice(comment.pos + 2, isBlock ? comment.end - 2 : comment.end))
    if (parsed === undefined || !LABEL.test(parsed.label)) continue
    if (!isBlock && !LINE_LABEL.test(parsed.label)) continue
    const { label, value, justification } = parsed
    found.push({ label, value, justification, isBlock, start: comment.pos, end: comment.end })
  }
  return found
}

/** The comment that starts at `position`: it lies in what precedes some token, so that token is looked up. */
function commentAt(sourceFile: ts.SourceFile, position: number): ts.CommentRange | undefined {
  let node: ts.Node = sourceFile
  for (;;) {
    const children = node.getChildren(sourceFile)
    const child = children.find(({ pos, end }) => pos <= position && position < end)
    if (child === undefined) break
    node = child
  }
  const { text } = sourceFile
  const trivia = [
    ...(ts.getTrailingCommentRanges(text, node.pos) ?? []),
    ...(ts.getLeadingCommentRanges(text, node.pos) ?? []),
  ]
  if (position >= node.getStart(sourceFile)) return undefined
  return trivia.find((comment) => comment.pos === position)
}

/** The rule names of a directive's list. */
export function ruleNames(directive: Directive): readonly string[] {
  return Object.keys(parser.parseListConfig(directive.value))
}

/** The rules and their settings in an `eslint` comment, or what is wrong with it. */
export function ruleSettings(
  directive: Directive,
): { readonly rules: Readonly<Record<string, unknown>> } | { readonly error: string } {
  const result = parser.parseJSONLikeConfig(directive.value)
  return result.ok ? { rules: result.config } : { error: result.error.message }
}
