import ts from 'typescript'
import { perNode } from './perNode.ts'
import {
  calleeName,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isFunctionNode,
  isMethodCall,
  unwrap,
} from './syntax.ts'

/** Something taken and, further down in the same block, given back. */
export interface HeldSpan {
  /**
   * - `lock`: a lock, a permit or a pooled connection, released by a call;
   * - `flag`: a boolean set and reset;
   * - `count`: a number raised and lowered.
   */
  readonly kind: 'lock' | 'flag' | 'count'
  /** What is held, as the program writes it. */
  readonly held: ts.Expression
  readonly taken: ts.Statement
  readonly given: ts.ExpressionStatement
  /** What lies between, in order; never empty. */
  readonly between: readonly ts.Statement[]
  /** Whether a statement gives it back. */
  readonly isGivenBy: (statement: ts.Statement) => boolean
}

const TAKES = /^(?:acquire|acquireLock|lock|connect|getConnection|reserve|checkout|enter|take|wait)$/u
const GIVES = /^(?:release|releaseLock|unlock|leave|free|done|signal)$/u

interface Taking {
  readonly kind: HeldSpan['kind']
  readonly held: ts.Expression
  /** Whether an expression gives back what was taken. */
  readonly isGivenBy: (node: ts.Node) => boolean
}

/**
 * The spans of a function in which something is held and that end by a plain statement, so that a throw in between skips
 * it. Left out is what some `finally`, handler or callback gives back as well.
 */
export const heldSpansOf = perNode((fn: FunctionNode): readonly HeldSpan[] => {
  const spans: HeldSpan[] = []
  forEachOwnNode(fn, (block) => {
    if (!ts.isBlock(block) && !ts.isCaseOrDefaultClause(block)) return
    for (const [index, taken] of block.statements.entries()) {
      const taking = takingOf(taken)
      if (taking === undefined) continue
      const end = block.statements.findIndex(
        (statement, at) => at > index + 1 && isStatementOf(statement, taking.isGivenBy),
      )
      const given = block.statements[end]
      if (given === undefined || !ts.isExpressionStatement(given) || isGivenElsewhere(fn, taking, taken, given))
        continue
      spans.push({
        kind: taking.kind,
        held: taking.held,
        taken,
        given,
        between: block.statements.slice(index + 1, end),
        isGivenBy: (statement) => isStatementOf(statement, taking.isGivenBy),
      })
    }
  })
  return spans
})

function takingOf(statement: ts.Statement): Taking | undefined {
  if (ts.isVariableStatement(statement)) {
    const [declaration] = statement.declarationList.declarations
    if (
      !declaration?.initializer
      || statement.declarationList.declarations.length > 1
      || !ts.isIdentifier(declaration.name)
    )
      return undefined
    const awaited = unwrap(declaration.initializer)
    if (!ts.isAwaitExpression(awaited)) return undefined
    const call = unwrap(awaited.expression)
    if (!ts.isCallExpression(call) || !TAKES.test(calleeName(call) ?? '')) return undefined
    const name = declaration.name.text
    return { kind: 'lock', held: declaration.name, isGivenBy: (node) => isReleaseOf(node, name) }
  }
  if (!ts.isExpressionStatement(statement)) return undefined
  const expression = unwrap(statement.expression)
  if (ts.isAwaitExpression(expression)) {
    const call = unwrap(expression.expression)
    if (!isMethodCall(call) || !/^(?:acquire|lock|enter|wait)$/u.test(call.expression.name.text)) return undefined
    const holder = call.expression.expression
    const text = holder.getText()
    return {
      kind: 'lock',
      held: holder,
      isGivenBy: (node) =>
        isMethodCall(node) && GIVES.test(node.expression.name.text) && node.expression.expression.getText() === text,
    }
  }
  if (
    isAssignment(expression)
    && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken
    && expression.right.kind === ts.SyntaxKind.TrueKeyword
  ) {
    const text = expression.left.getText()
    return {
      kind: 'flag',
      held: expression.left,
      isGivenBy: (node) =>
        isAssignment(node) && node.left.getText() === text && node.right.kind === ts.SyntaxKind.FalseKeyword,
    }
  }
  const raised = stepOf(expression)
  if (raised?.by !== 1) return undefined
  const text = raised.target.getText()
  return {
    kind: 'count',
    held: raised.target,
    isGivenBy: (node) => {
      const step = stepOf(node)
      return step?.by === -1 && step.target.getText() === text
    },
  }
}

function isReleaseOf(node: ts.Node, name: string): boolean {
  if (!ts.isCallExpression(node)) return false
  const callee = unwrap(node.expression)
  if (ts.isIdentifier(callee)) return callee.text === name
  if (!ts.isPropertyAccessExpression(callee) || !GIVES.test(callee.name.text)) return false
  return unwrap(callee.expression).getText() === name || node.arguments.some((argument) => argument.getText() === name)
}

function stepOf(node: ts.Node): { target: ts.Expression; by: 1 | -1 } | undefined {
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.PlusPlusToken) return { target: node.operand, by: 1 }
    return node.operator === ts.SyntaxKind.MinusMinusToken ? { target: node.operand, by: -1 } : undefined
  }
  if (!isAssignment(node) || !ts.isNumericLiteral(node.right) || node.right.text !== '1') return undefined
  if (node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) return { target: node.left, by: 1 }
  return node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken ? { target: node.left, by: -1 } : undefined
}

function isStatementOf(statement: ts.Statement, test: (node: ts.Node) => boolean): boolean {
  if (!ts.isExpressionStatement(statement)) return false
  const expression = unwrap(statement.expression)
  return (
    test(expression)
    || (ts.isAwaitExpression(expression) && test(unwrap(expression.expression)))
    || (ts.isVoidExpression(expression) && test(unwrap(expression.expression)))
  )
}

/** Whether a `finally`, a `catch`, or a callback gives it back too: the author has thought of it. */
function isGivenElsewhere(fn: FunctionNode, taking: Taking, taken: ts.Statement, given: ts.Statement): boolean {
  let found = false
  const visit = (node: ts.Node): void => {
    if (found || node === given) return
    if (node.pos >= taken.end && taking.isGivenBy(node)) {
      const around = ts.findAncestor(node, (at) =>
        at === fn
          ? 'quit'
          : ts.isCatchClause(at)
            || isFunctionNode(at)
            || (ts.isBlock(at) && ts.isTryStatement(at.parent) && at.parent.finallyBlock === at),
      )
      if (around) found = true
    }
    ts.forEachChild(node, visit)
  }
  if (fn.body) visit(fn.body)
  return found
}
