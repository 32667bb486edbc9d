import ts from 'typescript'
import { RESPONSE_NAMES } from '../knowledge/names.ts'
import { handlesRejection } from './promiseFate.ts'
import {
  dottedName,
  calleeName,
  enclosingFunction,
  findNode,
  type FunctionNode,
  isAssignment,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  isWithin,
  someOwnNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** A call that somebody waits for: it settles another promise, calls back, or answers a request. */
export interface Settling {
  readonly call: ts.CallExpression
  readonly kind: 'promise' | 'callback' | 'answer'
  /** How they are told of a failure, as it would be written here; undefined where nothing to tell them is in reach. */
  readonly reject: string | undefined
}

/**
 * Does a chain settle another promise on success only, call back, or answer a request? `work().then((value) =>
 * resolve(value))` with no handler leaves those who wait for the other promise waiting when `work` fails. So does async work
 * that is started beside them.
 */
export function settlingWithout(chain: ts.CallExpression, types: TypeQuestions): Settling | undefined {
  const worker = workerOf(chain, types)
  if (worker) return settlingIn(worker, types)
  if (!isMethodCall(chain, 'then') || chain.arguments.length !== 1 || handlesRejection(chain)) return undefined
  const [argument] = chain.arguments
  const callback = argument && unwrap(argument)
  if (!callback) return undefined
  if (ts.isIdentifier(callback)) {
    const reject = rejectOf(callback, types)
    return reject && { call: chain, kind: 'promise', ...reject }
  }
  return isFunctionExpression(callback) ? settlingIn(callback, types) : undefined
}

/** `(async () => { resolve(await work()) })()`, and the same for an async function with a name beside the call. */
function workerOf(call: ts.CallExpression, types: TypeQuestions): FunctionNode | undefined {
  const callee = unwrap(call.expression)
  if (isFunctionExpression(callee)) return isAsync(callee) ? callee : undefined
  const around = enclosingFunction(call)
  if (!ts.isIdentifier(callee) || !around || isAsync(around)) return undefined
  const declaration = types.localSymbol(callee)?.valueDeclaration
  if (!declaration || !isWithin(declaration, around)) return undefined
  const fn = types.functionOf(callee)
  return fn && isAsync(fn) && isWithin(fn, around) ? fn : undefined
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
  let found: Settling | undefined
  if (callback.body) {
    someOwnNode(callback.body, (node) => {
      if (ts.isCallExpression(node)) found ??= settlingBy(node, callback, types)
      return found !== undefined
    })
  }
  return found
}

function settlingBy(call: ts.CallExpression, inside: FunctionNode, types: TypeQuestions): Settling | undefined {
  const callee = unwrap(call.expression)
  if (ts.isIdentifier(callee)) {
    const reject = rejectOf(callee, types)
    if (reject) return { call, kind: 'promise', ...reject }
    if (callsBack(call, callee.text) && isParameterAround(callee, inside, types))
      return { call, kind: 'callback', reject: callee.text }
  }
  if (answersThrough(call, inside, types)) return { call, kind: 'answer', reject: undefined }
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const receiver = unwrap(callee.expression)
  if (callee.name.text === 'resolve' && isDeferred(receiver, types))
    return { call, kind: 'promise', reject: `${receiver.getText()}.reject` }
  const isAnswer = ANSWERS.test(callee.name.text) && ts.isIdentifier(receiver) && RESPONSE_NAMES.test(receiver.text)
  return isAnswer && isParameterAround(receiver, inside, types)
    ? { call, kind: 'answer', reject: undefined }
    : undefined
}

/** Methods that end the answer to a request. */
const ANSWERS = /^(?:send|sendStatus|sendFile|json|jsonp|end|render|redirect)$/u

/** `sendPage(res, page)`: a helper that is given the answer to a request, and sends it. */
function answersThrough(call: ts.CallExpression, inside: FunctionNode, types: TypeQuestions): boolean {
  return (
    /^(?:send|respond|reply|render|answer)(?=$|[A-Z_])/u.test(calleeName(call) ?? '')
    && call.arguments
      .map(unwrap)
      .some(
        (given) => ts.isIdentifier(given) && RESPONSE_NAMES.test(given.text) && isParameterAround(given, inside, types),
      )
  )
}

/** `done(null, user)`, as callbacks are told of success where a failure comes first, and `next()`. */
function callsBack(call: ts.CallExpression, name: string): boolean {
  const [failure] = call.arguments
  if (failure === undefined) return /^(?:next|done|cb|callback)$/u.test(name)
  return failure.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(failure) && failure.text === 'undefined')
}

/** Whether a name is a parameter of a function around the one that it stands in. */
function isParameterAround(name: ts.Identifier, inside: FunctionNode, types: TypeQuestions): boolean {
  const parameter = types.localSymbol(name)?.valueDeclaration
  return parameter !== undefined && ts.isParameter(parameter) && !isWithin(parameter, inside)
}

/** The second parameter of the executor whose first one this is, or that a variable keeps for later: `ready = resolve`. */
function rejectOf(resolve: ts.Identifier, types: TypeQuestions): { reject: string | undefined } | undefined {
  const declared = types.localSymbol(resolve)?.declarations?.[0]
  if (!declared) return undefined
  if (ts.isParameter(declared)) return rejectBeside(declared)
  const kept = ts.isVariableDeclaration(declared) && !declared.initializer ? keptIn(declared, types) : undefined
  // What the executor calls it is out of reach here.
  return kept && rejectBeside(kept) && { reject: undefined }
}

function rejectBeside(parameter: ts.ParameterDeclaration): { reject: string | undefined } | undefined {
  const executor = parameter.parent
  const made = wrapperOf(executor).parent
  if (executor.parameters[0] !== parameter || !ts.isNewExpression(made) || made.expression.getText() !== 'Promise')
    return undefined
  const reject = executor.parameters[1]?.name
  return { reject: reject && ts.isIdentifier(reject) ? reject.text : undefined }
}

/** The parameter that the function around gives a variable, once and for all. */
function keptIn({ name, parent }: ts.VariableDeclaration, types: TypeQuestions): ts.ParameterDeclaration | undefined {
  if (!ts.isIdentifier(name)) return undefined
  const scope = enclosingFunction(parent)?.body ?? parent.getSourceFile()
  const given = findNode(
    scope,
    (node): node is ts.BinaryExpression =>
      isAssignment(node) && ts.isIdentifier(node.left) && types.localSymbol(node.left) === types.localSymbol(name),
  )
  const value = given && unwrap(given.right)
  const parameter = value && ts.isIdentifier(value) ? types.localSymbol(value)?.valueDeclaration : undefined
  return parameter && ts.isParameter(parameter) ? parameter : undefined
}

/** By its methods; by its name where it has no type. */
function isDeferred(node: ts.Expression, types: TypeQuestions): boolean {
  const text = node.getText()
  if (text === 'Promise') return false
  return types.isUntyped(node) ? /promise|deferred|\bdefer\b|\bdfd\b/iu.test(text) : types.hasMethod(node, ['reject'])
}
