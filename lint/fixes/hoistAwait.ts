import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { isAssignment, isFunctionNode, unwrap } from '../analysis/syntax.ts'
import type { Fix, TextEdit } from '../model.ts'
import { freeName } from './names.ts'
import { indentOf, styleOf } from './style.ts'

export interface HoistFix extends Fix {
  /** Whether nothing but the order of the read and the await changes. */
  readonly isSafe: boolean
}

/**
 * Moves the await of an assignment in front of it, so that the old value is read after the suspension:
 * `total += await price(item)` becomes `const value = await price(item)` and `total += value`.
 */
export function hoistAwait(target: ts.Expression, analysis: FileAnalysis): HoistFix | undefined {
  const assignment = target.parent
  if (!isAssignment(assignment) || assignment.left !== target) return undefined
  const awaited = onlyAwait(assignment.right)
  if (awaited === undefined) return undefined
  const holder = assignment.parent
  const isStatement = ts.isExpressionStatement(holder)
  if (!isStatement && !(ts.isArrowFunction(holder) && holder.body === assignment)) return undefined
  const isWhole = unwrap(assignment.right) === awaited && assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken
  return {
    title: `Await first, then read \`${target.getText()}\``,
    isSafe: isWhole && isStatement,
    edits: () => (isStatement ? inBlock(holder, assignment, awaited, analysis) : inArrow(assignment, awaited, analysis)),
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
    const branches = ts.isConditionalExpression(node) || (ts.isBinaryExpression(node) && SHORT_CIRCUITS.has(node.operatorToken.kind))
    ts.forEachChild(node, (child) => { visit(child, sure && !branches) })
  }
  visit(right, true)
  return found.length === 1 && conditional.length === 0 ? found[0] : undefined
}

const SHORT_CIRCUITS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

function inBlock(statement: ts.ExpressionStatement, assignment: ts.BinaryExpression, awaited: ts.AwaitExpression, analysis: FileAnalysis): TextEdit[] {
  const { semicolon, newLine } = styleOf(analysis.sourceFile)
  const name = freeName('value', analysis.references)
  const declaration = `const ${name} = ${awaited.getText()}${semicolon}`
  const start = statement.getStart()
  const use = { start: awaited.getStart(), end: awaited.end, text: name }
  const indent = indentOf(statement)
  const isListed = ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent) || ts.isCaseOrDefaultClause(statement.parent)
  if (isListed && !ts.isCaseOrDefaultClause(statement.parent)) {
    return [{ start, end: start, text: `${declaration}${newLine}${indent}` }, use]
  }
  const inner = assignment.getText()
  const offset = assignment.getStart()
  const text = `${inner.slice(0, use.start - offset)}${name}${inner.slice(use.end - offset)}`
  return [{ start, end: statement.end, text: `{ ${declaration.replace(/;?$/u, ';')} ${text}${semicolon} }` }]
}

function inArrow(assignment: ts.BinaryExpression, awaited: ts.AwaitExpression, analysis: FileAnalysis): TextEdit[] {
  const name = freeName('value', analysis.references)
  const start = assignment.getStart()
  return [
    { start, end: start, text: `{ const ${name} = ${awaited.getText()}; return ` },
    { start: awaited.getStart(), end: awaited.end, text: name },
    { start: assignment.end, end: assignment.end, text: ' }' },
  ]
}
