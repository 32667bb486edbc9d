import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { ownershipOf } from '../flow/locations.ts'
import { perNode } from '../code/perNode.ts'
import { type FunctionNode, isFunctionNode, isWithin, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Whether a check of state that outlives the activation decides whether control comes to a node: `if (total < limit)` around
 * it, or `if (ready) return` before it. Then of many activations perhaps only one does.
 *
 * @param except A condition that is known of already; the rest of what it stands in counts.
 */
export function isBehindSharedCheck(
  node: ts.Node,
  fn: FunctionNode,
  types: TypeQuestions,
  except?: ts.Expression,
): boolean {
  return conditionsOnWay(node, fn).some((condition) => looksAtShared(condition, fn, types, except))
}

/** The conditions that decide whether control comes to a node of a function, from the inside out. */
export function conditionsOnWay(node: ts.Node, fn: FunctionNode): readonly ts.Expression[] {
  const found: ts.Expression[] = []
  for (let at = node; at !== fn; at = at.parent) found.push(...conditionsOf(at, at.parent))
  return found
}

/** The conditions by which a part of a node is reached: those that it has itself, and those of earlier statements that leave. */
function conditionsOf(part: ts.Node, whole: ts.Node): readonly ts.Expression[] {
  if (ts.isIfStatement(whole) || ts.isWhileStatement(whole)) return part === whole.expression ? [] : [whole.expression]
  if (ts.isForStatement(whole)) return part === whole.statement && whole.condition ? [whole.condition] : []
  if (ts.isConditionalExpression(whole)) return part === whole.condition ? [] : [whole.condition]
  if (ts.isBinaryExpression(whole))
    return part === whole.right && SHORT_CIRCUITS.has(whole.operatorToken.kind) ? [whole.left] : []
  if (ts.isCaseOrDefaultClause(whole)) return [whole.parent.parent.expression, ...conditionsBefore(part, whole)]
  return ts.isBlock(whole) ? conditionsBefore(part, whole) : []
}

function conditionsBefore(part: ts.Node, whole: ts.Block | ts.CaseOrDefaultClause): readonly ts.Expression[] {
  return whole.statements.slice(0, whole.statements.indexOf(part as ts.Statement)).flatMap(conditionsOfLeaving)
}

/** The conditions by which a statement leaves the block that it stands in, somewhere inside of it. */
const conditionsOfLeaving = perNode((statement: ts.Statement): readonly ts.Expression[] => {
  const found: ts.Expression[] = []
  /** Gives whether the node may leave; `breaks` and `continues`, whether a jump without a label ends inside the statement. */
  const visit = (node: ts.Node, breaks: boolean, continues: boolean): boolean => {
    if (isFunctionNode(node) || ts.isClassLike(node)) return false
    if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) return true
    if (ts.isBreakStatement(node)) return node.label !== undefined || !breaks
    if (ts.isContinueStatement(node)) return node.label !== undefined || !continues
    const isTurn = ts.isIterationStatement(node, false)
    const parts: boolean[] = []
    forEachChild(node, (child) => {
      parts.push(visit(child, breaks || isTurn || ts.isSwitchStatement(node), continues || isTurn))
    })
    const leaves = parts.includes(true)
    if (leaves && (ts.isIfStatement(node) || ts.isWhileStatement(node))) found.push(node.expression)
    if (leaves && ts.isForStatement(node) && node.condition) found.push(node.condition)
    return leaves
  }
  visit(statement, false, false)
  return found
})

const SHORT_CIRCUITS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

/** Whether a condition reads a field, or a variable or property from outside of the function that is no constant. */
function looksAtShared(
  condition: ts.Expression,
  fn: FunctionNode,
  types: TypeQuestions,
  except: ts.Expression | undefined,
): boolean {
  const visit = (node: ts.Node): boolean => {
    if (node === except || (except !== undefined && ts.isExpression(node) && unwrap(node) === except)) return false
    if (ts.isCallExpression(node) && isFunctionName(node.expression, types)) return node.arguments.some(visit)
    if (node.kind === ts.SyntaxKind.ThisKeyword) return true
    if (ts.isIdentifier(node)) return isShared(node, fn, types)
    if (ts.isPropertyAccessExpression(node)) return visit(node.expression)
    return forEachChild(node, visit) ?? false
  }
  return visit(condition)
}

/** `isBig(item)`, and `path.isAbsolute(item)` of an import: what is asked is not what is shared. */
function isFunctionName(callee: ts.Expression, types: TypeQuestions): boolean {
  if (!ts.isPropertyAccessExpression(callee)) return ts.isIdentifier(callee)
  return ts.isIdentifier(callee.expression) && isImport(types.localSymbol(callee.expression))
}

function isImport(symbol: ts.Symbol | undefined): boolean {
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
}

function isShared(
  name: ts.Identifier,
  fn: FunctionNode,
  types: TypeQuestions,
  isPath = ts.isPropertyAccessExpression(name.parent) || ts.isElementAccessExpression(name.parent),
): boolean {
  const symbol = types.localSymbol(name)
  if (isImport(symbol)) return ts.isPropertyAccessExpression(name.parent)
  const declaration = symbol?.valueDeclaration
  if (symbol === undefined || declaration === undefined) return false
  if (isWithin(declaration, fn)) return declaration.end <= name.pos && isCopyOfShared(declaration, fn, types)
  if (!ts.isVariableDeclaration(declaration)) return false
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
  return ownershipOf(symbol, fn) !== 'local' && (!isConstant || isPath)
}

/** `const before = this.client`, `const { client } = this`: who comes later may find another one there. */
function isCopyOfShared(declaration: ts.Declaration, fn: FunctionNode, types: TypeQuestions): boolean {
  const isPart = ts.isBindingElement(declaration)
  const holder = isPart ? declaration.parent.parent : declaration
  if (!ts.isVariableDeclaration(holder) || !holder.initializer) return false
  if ((ts.getCombinedNodeFlags(holder) & ts.NodeFlags.Const) === 0) return false
  const root = rootOf(holder.initializer)
  return (
    root.kind === ts.SyntaxKind.ThisKeyword
    || (ts.isIdentifier(root) && isShared(root, fn, types, isPart || root !== unwrap(holder.initializer)))
  )
}

/** What a path of properties begins with; anything else is its own root. */
function rootOf(path: ts.Expression): ts.Expression {
  let at = unwrap(path)
  while (ts.isPropertyAccessExpression(at)) at = unwrap(at.expression)
  return at
}
