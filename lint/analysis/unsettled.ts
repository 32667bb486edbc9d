import ts from 'typescript'
import { handlesRejection } from './promiseFate.ts'
import {
  dottedName,
  type FunctionNode,
  isFunctionExpression,
  isMethodCall,
  someOwnNode,
  unwrap,
  wrapperOf,
} from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** A call that settles another promise. */
export interface Settling {
  readonly call: ts.CallExpression
  /** How the other promise is rejected, as it would be written here; undefined where nothing to reject it is in reach. */
  readonly reject: string | undefined
}

/**
 * Does a chain settle another promise on success only? `work().then((value) => resolve(value))` with no handler leaves those
 * who wait for the other promise waiting when `work` fails.
 */
export function settlingWithout(chain: ts.CallExpression, types: TypeQuestions): Settling | undefined {
  if (!isMethodCall(chain, 'then') || chain.arguments.length !== 1 || handlesRejection(chain)) return undefined
  const [argument] = chain.arguments
  const callback = argument && unwrap(argument)
  if (!callback) return undefined
  if (ts.isIdentifier(callback)) {
    const reject = rejectOf(callback, types)
    return reject && { call: chain, ...reject }
  }
  return isFunctionExpression(callback) ? settlingIn(callback, types) : undefined
}

/**
 * Whether a callback settles a promise that somebody else waits for, and leaves them waiting where it fails:
 * `async ({ run, resolve }) => { resolve(await run()) }`.
 */
export function settlesOnSuccessOnly(callback: FunctionNode): boolean {
  return (
    callback.body !== undefined
    && someOwnNode(
      callback.body,
      (node) =>
        ts.isCallExpression(node)
        && /(?:^|\.)resolve$/u.test(dottedName(node.expression) ?? '')
        && !/^(?:path|Promise|require)\./u.test(node.expression.getText())
        && node.arguments.some((argument) => ts.isAwaitExpression(unwrap(argument)))
        && ts.findAncestor(node, (at) => at === callback || (ts.isTryStatement(at) && at.catchClause !== undefined))
          === callback,
    )
  )
}

function settlingIn(callback: FunctionNode, types: TypeQuestions): Settling | undefined {
  const { body } = callback
  if (!body) return undefined
  const statements = ts.isBlock(body)
    ? body.statements.filter(ts.isExpressionStatement).map(({ expression }) => expression)
    : [body]
  for (const statement of statements) {
    const call = unwrap(statement)
    if (!ts.isCallExpression(call)) continue
    const callee = unwrap(call.expression)
    if (ts.isIdentifier(callee)) {
      const reject = rejectOf(callee, types)
      if (reject) return { call, ...reject }
    } else if (
      ts.isPropertyAccessExpression(callee)
      && callee.name.text === 'resolve'
      && isDeferred(callee.expression, types)
    ) {
      return { call, reject: `${callee.expression.getText()}.reject` }
    }
  }
  return undefined
}

/** The second parameter of the executor whose first one this is. */
function rejectOf(resolve: ts.Identifier, types: TypeQuestions): { reject: string | undefined } | undefined {
  const parameter = types.localSymbol(resolve)?.declarations?.[0]
  if (!parameter || !ts.isParameter(parameter)) return undefined
  const executor = parameter.parent
  const made = wrapperOf(executor).parent
  if (executor.parameters[0] !== parameter || !ts.isNewExpression(made) || made.expression.getText() !== 'Promise')
    return undefined
  const reject = executor.parameters[1]?.name
  return { reject: reject && ts.isIdentifier(reject) ? reject.text : undefined }
}

/** By its methods; by its name where it has no type. */
function isDeferred(node: ts.Expression, types: TypeQuestions): boolean {
  const text = node.getText()
  if (text === 'Promise') return false
  return types.isUntyped(node) ? /promise|deferred|\bdefer\b|\bdfd\b/iu.test(text) : types.hasMethod(node, ['reject'])
}
