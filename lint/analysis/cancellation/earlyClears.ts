import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import {
  calleeName,
  enclosingFunction,
  isFunctionNode,
  isMethodCall,
  isPromiseCombinator,
  isWithin,
  someNode,
  someOwnNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/** A time limit that is taken back as soon as the work has begun. */
export interface EarlyClear {
  /** What is given out with no `await`: it has yet to end when `finally` runs. */
  readonly work: ts.CallExpression
  /** `setTimeout(…)`. */
  readonly timer: ts.CallExpression
  /** `clearTimeout(…)` in `finally`. */
  readonly clear: ts.CallExpression
}

/**
 * Whether a `return` with no `await` leaves a `try` whose `finally` clears the timer that the promise is to be limited by: one
 * that it races against, or one that aborts it.
 */
export function earlyClearOf(statement: ts.ReturnStatement, analysis: FileAnalysis): EarlyClear | undefined {
  const work = statement.expression && unwrap(statement.expression)
  // An async generator waits for what it returns.
  if (!work || !ts.isCallExpression(work) || enclosingFunction(statement)?.asteriskToken) return undefined
  const around = ts.findAncestor(statement, (at) => {
    // A script may leave with `return` at its top, where no function ends the search.
    if (isFunctionNode(at) || ts.isSourceFile(at)) return 'quit'
    return ts.isTryStatement(at.parent) && at.parent.tryBlock === at
  })
  const cleanup = around && ts.isTryStatement(around.parent) ? around.parent.finallyBlock : undefined
  const clear = cleanup && clearIn(cleanup)
  if (!clear || (!isPromiseCombinator(work, 'race', 'any') && analysis.types.thenable(work) !== 'always'))
    return undefined
  const timer = timersOf(clear, analysis).find((made) => limits(made, work, analysis))
  return timer && { work, timer, clear }
}

/** The clearing of a timer by its name, as a statement that nothing but the timer's being there depends on. */
function clearIn(block: ts.Block): ts.CallExpression | undefined {
  const calls = block.statements.map((statement) => {
    const inner = ts.isIfStatement(statement) && !statement.elseStatement ? statement.thenStatement : statement
    const only = ts.isBlock(inner) && inner.statements.length === 1 ? inner.statements[0] : inner
    const call = only && ts.isExpressionStatement(only) ? only.expression : undefined
    if (!call || !ts.isCallExpression(call) || calleeName(call) !== 'clearTimeout') return undefined
    const [handle] = call.arguments
    if (!handle || !ts.isIdentifier(unwrap(handle))) return undefined
    const isSure = !ts.isIfStatement(statement) || speaksOnlyOf(statement.expression, handle.getText())
    return isSure ? call : undefined
  })
  return calls.find((call) => call !== undefined)
}

function speaksOnlyOf(condition: ts.Expression, name: string): boolean {
  return !someNode(condition, (node) => ts.isIdentifier(node) && node.text !== name && node.text !== 'undefined')
}

/** What is ever put into the handle that is cleared. */
function timersOf(clear: ts.CallExpression, { references, types }: FileAnalysis): ts.CallExpression[] {
  const [handle] = clear.arguments
  const name = handle && unwrap(handle)
  const declaration = name && ts.isIdentifier(name) ? types.localSymbol(name)?.declarations?.[0] : undefined
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return []
  if (enclosingFunction(declaration) !== enclosingFunction(clear)) return []
  const values = references
    .of(declaration.name)
    .map(({ parent }) => (ts.isBinaryExpression(parent) ? parent.right : undefined))
  return [declaration.initializer, ...values].flatMap((value) => {
    const made = value && unwrap(value)
    return made && ts.isCallExpression(made) && calleeName(made) === 'setTimeout' ? [made] : []
  })
}

/** Whether a timer is to end the work: its promise is among those that race, or its callback aborts what the work was given. */
function limits(timer: ts.CallExpression, work: ts.CallExpression, { types }: FileAnalysis): boolean {
  const names = new Set<ts.Declaration>()
  const made = promiseAround(timer)
  const holder = made && wrapperOf(made).parent
  if (holder && ts.isVariableDeclaration(holder)) names.add(holder)
  const [callback] = timer.arguments
  const abort = callback && findAbort(callback)
  const controller = abort && ts.isIdentifier(abort) ? types.localSymbol(abort)?.declarations?.[0] : undefined
  if (controller) names.add(controller)
  if (made && isPromiseCombinator(work, 'race', 'any') && isWithin(made, work)) return true
  return someOwnNode(work, (node) => {
    const declaration = ts.isIdentifier(node) ? types.localSymbol(node)?.declarations?.[0] : undefined
    return declaration !== undefined && names.has(declaration)
  })
}

/** `new Promise((resolve) => { timer = setTimeout(resolve, …) })`. */
function promiseAround(timer: ts.CallExpression): ts.NewExpression | undefined {
  const executor = enclosingFunction(timer)
  const made = executor?.parent
  return made && ts.isNewExpression(made) && made.expression.getText() === 'Promise' ? made : undefined
}

function findAbort(callback: ts.Node): ts.Expression | undefined {
  if (isMethodCall(callback, 'abort')) return unwrap(callback.expression.expression)
  return forEachChild(callback, findAbort)
}
