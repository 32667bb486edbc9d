import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { callsOf } from '../analysis/code/callers.ts'
import { scanFunction } from '../analysis/flow/functionScan.ts'
import { type HeldSpan, heldSpansOf } from '../analysis/state/heldSpans.ts'
import { locationOf } from '../analysis/flow/locations.ts'
import {
  enclosingFunction,
  excerpt,
  type FunctionNode,
  isAsync,
  isFunctionNode,
  someOwnNode,
} from '../analysis/code/syntax.ts'
import { wrapInFinally } from '../fixes/wrapInFinally.ts'
import type { Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'require-finally-release',
  meta: {
    family: 'race',
    level: 'likely',
    description: 'Require locks, permits and busy flags to be given back in `finally`',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    const checkFunction = (fn: FunctionNode): void => {
      // What a test that has failed does not give back, nobody waits for.
      if (analysis.role === 'test' || !isAsync(fn) || !scanFunction(fn).suspends) return
      for (const span of heldSpansOf(fn)) {
        const way = wayOut(span, analysis)
        const level = way && levelOf(span, fn, analysis)
        if (way === undefined || level === undefined) continue
        const fix = span.taken.parent === span.given.parent ? wrapInFinally(span, analysis) : undefined
        const held = excerpt(span.held)
        report({
          node: span.held,
          level,
          message: ts.isReturnStatement(way)
            ? `The \`return\` further down skips \`${excerpt(span.given.expression)}\`: ${CONSEQUENCE[span.kind](held)}.`
            : `When \`${excerpt(way)}\` rejects, \`${excerpt(span.given.expression)}\` is skipped: ${CONSEQUENCE[span.kind](held)}.`,
          related: [
            { node: way, message: 'The function may be left here.' },
            { node: span.given, message: 'Then this does not run.' },
          ],
          suggestions: fix ? [fix] : [],
        })
      }
    }
    return {
      [ts.SyntaxKind.ArrowFunction]: checkFunction,
      [ts.SyntaxKind.FunctionExpression]: checkFunction,
      [ts.SyntaxKind.FunctionDeclaration]: checkFunction,
      [ts.SyntaxKind.MethodDeclaration]: checkFunction,
    }
  },
})

const CONSEQUENCE = {
  lock: (held: string) => `\`${held}\` is never given back, and all who wait for it wait for ever`,
  flag: (held: string) => `\`${held}\` stays true, and every later call is turned away`,
  mark: (held: string) => `\`${held}\` stays filled, and every later call is turned away`,
  entry: (held: string) => `\`${held}\` keeps the entry, and every later call for it is turned away`,
  count: (held: string) => `\`${held}\` stays too high for good`,
}

/** A way out between taking and giving back: an await that may reject outside any handler, or a return. */
function wayOut(span: HeldSpan, analysis: FileAnalysis): ts.AwaitExpression | ts.ReturnStatement | undefined {
  const visit = (node: ts.Node): ts.AwaitExpression | ts.ReturnStatement | undefined => {
    if (isFunctionNode(node) || ts.isClassLike(node)) return undefined
    if (ts.isTryStatement(node) && node.catchClause) {
      return visit(node.catchClause.block) ?? (node.finallyBlock && visit(node.finallyBlock))
    }
    if (ts.isAwaitExpression(node)) {
      if (analysis.summaries.rejections.causeOf(node.expression)) return node
    }
    if (ts.isReturnStatement(node) && (span.kind === 'lock' || span.kind === 'count') && !isGivenBefore(node, span))
      return node
    return forEachChild(node, visit)
  }
  for (const statement of span.between) {
    const way = visit(statement)
    if (way) return way
  }
  return undefined
}

/** Whether the block of a return gives back first. */
function isGivenBefore(node: ts.ReturnStatement, span: HeldSpan): boolean {
  const { parent } = node
  return (
    ts.isBlock(parent) && parent.statements.some((statement) => statement.pos < node.pos && span.isGivenBy(statement))
  )
}

function levelOf(span: HeldSpan, fn: FunctionNode, analysis: FileAnalysis): Level | undefined {
  const level = analysis.role === 'product' ? 'likely' : 'possible'
  if (span.kind === 'lock') return level
  const location = locationOf(span.held, fn, analysis.types)
  if (location === undefined || location.ownership === 'local') return undefined
  // A flag that turns nobody away, and a count that nobody compares, are for show.
  if (location.ownership === 'parameter') return 'possible'
  if (turnsAway(span, fn) || isEnteredIfFree(span, fn, analysis)) return level
  return span.kind === 'mark' || span.kind === 'entry' ? undefined : 'possible'
}

/** `if (!this.running) void this.drain()`: who calls the function looks first, wherever it is called. */
function isEnteredIfFree(span: HeldSpan, fn: FunctionNode, { references, types }: FileAnalysis): boolean {
  const isMark = span.kind === 'flag' || span.kind === 'entry'
  const calls = isMark ? (callsOf(fn, references, types) ?? []) : []
  return (
    calls.length > 0
    && calls.every((call) => {
      const held = span.held.getText()
      const check = ts.findAncestor(call, (at) => (ts.isClassElement(at) ? 'quit' : ts.isIfStatement(at)))
      if (check !== undefined && ts.isIfStatement(check) && mentions(check.expression, held)) return true
      const caller = enclosingFunction(call)
      return (
        caller !== undefined
        && someOwnNode(
          caller,
          (node) =>
            ts.isIfStatement(node)
            && node.end <= call.pos
            && mentions(node.expression, held)
            && leaves(node.thenStatement),
        )
      )
    })
  )
}

/** Whether the function itself looks at what it holds before it takes it, and leaves or waits. */
function turnsAway(span: HeldSpan, fn: FunctionNode): boolean {
  const held = span.held.getText()
  const texts =
    span.key === undefined ? [held] : ['has', 'includes'].map((asks) => `${held}.${asks}(${span.key ?? ''})`)
  return someOwnNode(fn, (node) => {
    if (node.pos >= span.taken.pos || !(ts.isIfStatement(node) || ts.isWhileStatement(node))) return false
    if (!texts.some((text) => mentions(node.expression, text))) return false
    return ts.isWhileStatement(node) || leaves(node.thenStatement)
  })
}

function mentions(node: ts.Node, text: string): boolean {
  return node.getText() === text || (forEachChild(node, (child) => mentions(child, text)) ?? false)
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isContinueStatement(last))
}
