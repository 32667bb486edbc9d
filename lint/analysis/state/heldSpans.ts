import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { isNothing } from '../flow/guardMeaning.ts'
import { perNode } from '../code/perNode.ts'
import {
  calleeName,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isFunctionNode,
  isLoop,
  isMethodCall,
  unwrap,
} from '../code/syntax.ts'

/** Something taken and, further down in the same block or behind it, given back. */
export interface HeldSpan {
  /**
   * - `lock`: a lock, a permit or a pooled connection, released by a call;
   * - `flag`: a boolean set and reset;
   * - `mark`: what is worked on, kept in a place and taken out of it;
   * - `entry`: the same, put into a set or a list by its key, and taken out;
   * - `count`: a number raised and lowered.
   */
  readonly kind: 'lock' | 'flag' | 'mark' | 'entry' | 'count'
  /** What is held, as the program writes it. */
  readonly held: ts.Expression
  /** Of an entry, its key. */
  readonly key?: string
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
  readonly key?: string
  /** Whether an expression gives back what was taken. */
  readonly isGivenBy: (node: ts.Node) => boolean
}

/**
 * The spans of a function in which something is held and that end by a plain statement, so that a throw in between skips
 * it; or that end where a `try` begins whose `finally` gives it back, so that a throw before it does. Left out is what some
 * other `finally`, handler or callback gives back as well.
 */
export const heldSpansOf = perNode((fn: FunctionNode): readonly HeldSpan[] => {
  const spans: HeldSpan[] = []
  forEachOwnNode(fn, (block) => {
    if (!ts.isBlock(block) && !ts.isCaseOrDefaultClause(block)) return
    for (const taken of block.statements) {
      const taking = takingOf(taken)
      const end = taking && endOf(taken, taking)
      if (taking === undefined || end === undefined || isGivenElsewhere(fn, taking, taken, end.given)) continue
      spans.push({
        kind: taking.kind,
        held: taking.held,
        ...(taking.key !== undefined && { key: taking.key }),
        taken,
        ...end,
        isGivenBy: (statement) => isStatementOf(statement, taking.isGivenBy),
      })
    }
  })
  return spans
})

/**
 * Where it is given back: further down in the block, or behind the branch that the block is. What a `try` lets through, and
 * what a loop repeats, comes there in other ways too.
 */
function endOf(taken: ts.Statement, taking: Taking): Pick<HeldSpan, 'given' | 'between'> | undefined {
  const between: ts.Statement[] = []
  for (let at: ts.Node = taken; !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at
    if (isFunctionNode(parent) || ts.isTryStatement(parent) || isLoop(parent)) return undefined
    if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) continue
    for (const statement of parent.statements.slice(parent.statements.indexOf(at as ts.Statement) + 1)) {
      if (between.length > 0 && isStatementOf(statement, taking.isGivenBy)) {
        return ts.isExpressionStatement(statement) ? { given: statement, between } : undefined
      }
      const cleanup = ts.isTryStatement(statement) ? statement.finallyBlock : undefined
      const given = cleanup?.statements.find((last) => isStatementOf(last, taking.isGivenBy))
      if (given && ts.isExpressionStatement(given)) return between.length > 0 ? { given, between } : undefined
      between.push(statement)
    }
  }
  return undefined
}

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
  return markingOf(expression) ?? countingOf(expression)
}

/** `this.busy = true`, `this.current = job`, `this.busy.add(id)`. */
function markingOf(expression: ts.Expression): Taking | undefined {
  if (isAssignment(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const text = expression.left.getText()
    const right = unwrap(expression.right)
    const isFlag = right.kind === ts.SyntaxKind.TrueKeyword
    if (
      !isFlag
      && !(
        ts.isPropertyAccessExpression(expression.left)
        && ((ts.isIdentifier(right) && !isNothing(right)) || ts.isNewExpression(right))
      )
    )
      return undefined
    return {
      kind: isFlag ? 'flag' : 'mark',
      held: expression.left,
      isGivenBy: (node) =>
        isAssignment(node)
        && node.left.getText() === text
        && (isFlag ? node.right.kind === ts.SyntaxKind.FalseKeyword : isNothing(node.right)),
    }
  }
  if (!isMethodCall(expression, 'add', 'push') || expression.arguments.length !== 1) return undefined
  const key = expression.arguments[0]?.getText() ?? ''
  const holder = expression.expression.expression
  const text = holder.getText()
  const isList = expression.expression.name.text === 'push'
  const isDeleted = (node: ts.Node): boolean =>
    isMethodCall(node, 'delete')
    && node.expression.expression.getText() === text
    && node.arguments[0]?.getText() === key
  return {
    kind: 'entry',
    held: holder,
    key,
    isGivenBy: (node) => (isList ? isTakenOut(node, text, key) : isDeleted(node)),
  }
}

/** `this.running = this.running.filter((id) => id !== key)`, `running.splice(running.indexOf(key), 1)`. */
function isTakenOut(node: ts.Node, list: string, key: string): boolean {
  if (isMethodCall(node, 'splice')) {
    const at = node.arguments[0] && unwrap(node.arguments[0])
    return (
      node.expression.expression.getText() === list
      && at !== undefined
      && isMethodCall(at, 'indexOf')
      && at.arguments[0]?.getText() === key
    )
  }
  if (!isAssignment(node) || node.left.getText() !== list) return false
  const rest = unwrap(node.right)
  const test =
    isMethodCall(rest, 'filter') && rest.expression.expression.getText() === list ? rest.arguments[0] : undefined
  const kept = test && ts.isArrowFunction(test) && !ts.isBlock(test.body) ? unwrap(test.body) : undefined
  return (
    kept !== undefined
    && ts.isBinaryExpression(kept)
    && /^!==?$/u.test(kept.operatorToken.getText())
    && [kept.left, kept.right].some((side) => side.getText() === key)
  )
}

function countingOf(expression: ts.Expression): Taking | undefined {
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
    forEachChild(node, visit)
  }
  if (fn.body) visit(fn.body)
  return found
}
