import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { excerpt, isAssignment, isFunctionNode, isMethodCall, someNode, unwrap } from '../analysis/code/syntax.ts'
import type { Fix, TextEdit } from '../model.ts'
import { insertBefore } from './insertBefore.ts'
import { freeName, holdScope } from './names.ts'
import { styleOf } from './style.ts'

export interface HoistFix extends Fix {
  /** Whether nothing but the order of the read and the await changes. */
  readonly isSafe: boolean
}

/**
 * Moves the await of an assignment in front of it, so that the old value is read after the suspension:
 * `total += await price(item)` becomes `const value = await price(item)` and `total += value`. The same for what is put into
 * a map: `counts.set(word, (counts.get(word) ?? 0) + await weigh(word))`.
 *
 * @param target What is assigned to, or the call of `set`.
 */
export function hoistAwait(target: ts.Expression, analysis: FileAnalysis): HoistFix | undefined {
  const write = isMethodCall(target, 'set') ? target : target.parent
  const value = ts.isCallExpression(write)
    ? write.arguments[1]
    : isAssignment(write) && write.left === target
      ? write.right
      : undefined
  const awaited = value && onlyAwait(value)
  if (value === undefined || awaited === undefined) return undefined
  // Where all that is written comes out of the wait, the old value is read before it in any case.
  const isCompound = isAssignment(write) && write.operatorToken.kind !== ts.SyntaxKind.EqualsToken
  if (unwrap(value) === awaited && !isCompound) return undefined
  const expression = write as ts.Expression
  const holder = expression.parent
  const isStatement = ts.isExpressionStatement(holder)
  if (!isStatement && !(ts.isArrowFunction(holder) && holder.body === expression)) return undefined
  // A call on the left would run after the wait, rather than before it.
  const isPlain = !someNode(
    target,
    (at) => ts.isCallExpression(at) || ts.isPostfixUnaryExpression(at) || ts.isPrefixUnaryExpression(at),
  )
  const isWhole =
    isPlain
    && isAssignment(write)
    && unwrap(write.right) === awaited
    && write.operatorToken.kind !== ts.SyntaxKind.EqualsToken
  return {
    title: `Await first, then read \`${isMethodCall(target) ? excerpt(target.expression.expression) : target.getText()}\``,
    isSafe: isWhole && isStatement,
    edits: () =>
      isStatement ? inBlock(holder, expression, awaited, analysis) : inArrow(expression, awaited, analysis),
  }
}

/** The one await in an expression that is always evaluated; none where it is conditional or there are several. */
function onlyAwait(right: ts.Expression): ts.AwaitExpression | undefined {
  const found: ts.AwaitExpression[] = []
  const conditional: ts.AwaitExpression[] = []
  const visit = (node: ts.Node, sure: boolean): void => {
    if (isFunctionNode(node)) return
    if (ts.isAwaitExpression(node)) {
      found.push(node)
      if (!sure) conditional.push(node)
    }
    const branches =
      ts.isConditionalExpression(node) || (ts.isBinaryExpression(node) && SHORT_CIRCUITS.has(node.operatorToken.kind))
    forEachChild(node, (child) => {
      visit(child, sure && !branches)
    })
  }
  visit(right, true)
  return found.length === 1 && conditional.length === 0 ? found[0] : undefined
}

const SHORT_CIRCUITS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

function inBlock(
  statement: ts.ExpressionStatement,
  write: ts.Expression,
  awaited: ts.AwaitExpression,
  analysis: FileAnalysis,
): TextEdit[] {
  const { semicolon } = styleOf(analysis.sourceFile)
  const name = freeName('value', analysis.references, statement.parent)
  const declaration = `const ${name} = ${awaited.getText()}`
  const start = statement.getStart()
  const value = ts.isParenthesizedExpression(awaited.parent) ? awaited.parent : awaited
  const use = { start: value.getStart(), end: value.end, text: name }
  if (ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent))
    return [insertBefore(statement, declaration), use, holdScope(statement)]
  const inner = write.getText()
  const offset = write.getStart()
  const text = `${inner.slice(0, use.start - offset)}${name}${inner.slice(use.end - offset)}`
  return [{ start, end: statement.end, text: `{ ${declaration}; ${text}${semicolon} }` }]
}

function inArrow(write: ts.Expression, awaited: ts.AwaitExpression, analysis: FileAnalysis): TextEdit[] {
  const name = freeName('value', analysis.references, write.parent)
  const start = write.getStart()
  return [
    { start, end: start, text: `{ const ${name} = ${awaited.getText()}; return ` },
    { start: awaited.getStart(), end: awaited.end, text: name },
    { start: write.end, end: write.end, text: ' }' },
  ]
}
