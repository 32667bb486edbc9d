import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { rootIdentifier } from '../analysis/code/imports.ts'
import { callersSignals, type ReachableSignal, visibleSignals } from '../analysis/cancellation/signals.ts'
import {
  enclosingFunction,
  calleeName,
  excerpt,
  findNode,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isAsync,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isPromiseCombinator,
  isWithin,
  someNode,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import type { TypeQuestions } from '../analysis/code/typeQuestions.ts'
import { removeInFinally } from '../fixes/removeListener.ts'
import type { Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

export const rule = defineRule({
  id: 'no-leaked-abort-listener',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: "Disallow listeners on a caller's abort signal that stay when the work is done",
    fixable: false,
    hasSuggestions: true,
  },
  check(context) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (isMethodCall(node, 'addEventListener')) checkListener(node, context)
      },
    }
  },
})

function checkListener(
  call: ts.CallExpression & { readonly expression: ts.PropertyAccessExpression },
  context: RuleContext,
): void {
  const { analysis } = context
  // The signals of a test end with it.
  if (analysis.role === 'test') return
  const [event, handler, options] = call.arguments
  if (!event || !handler || !ts.isStringLiteralLike(event) || event.text !== 'abort') return
  const once = isOnce(options)
  const fn = enclosingFunction(call)
  if (once === undefined || !fn || isTakenElsewhere(handler, call, analysis)) return
  const joined = joinOf(call, handler, analysis)
  if (joined) {
    reportJoin(call, joined, context)
    return
  }
  const signal = signalOf(call, analysis)
  if (!signal) return
  const turn = turnAround(call, signal)
  const end = endsByItself(fn, call, handler, analysis)
  if (!end) return
  const fix = removeInFinally(call, analysis)
  context.report({
    node: call.expression,
    level: levelOf(turn !== undefined || isOversight(handler, call, analysis), once, analysis),
    message: turn
      ? `Each turn of the loop leaves one more listener on \`${excerpt(call.expression.expression)}\`, with all that it holds, until the signal aborts or is dropped.`
      : `When the work ends without an abort, this listener stays on \`${excerpt(call.expression.expression)}\`, with all that it holds: a signal that lives longer gathers one for each call.`,
    related: [{ node: end, message: 'The work may end here, and the listener stays.' }],
    suggestions: fix ? [fix] : [],
  })
}

/** The `return` of a function that joins its caller's signals into one, and keeps no way to take its listeners off them again. */
function joinOf(
  call: ts.CallExpression & { readonly expression: ts.PropertyAccessExpression },
  handler: ts.Expression,
  analysis: FileAnalysis,
): ts.ReturnStatement | undefined {
  const { references, types } = analysis
  const signal = unwrap(call.expression.expression)
  const list = ts.isIdentifier(signal) ? listAround(signal, types) : undefined
  const fn = list && enclosingFunction(list)
  if (!list || !fn?.body || !types.signals.isSignal(signal) || !isGivenBy(list, fn, types)) return undefined
  const body = types.functionOf(unwrap(handler))?.body
  const abort = findNode(body, (node) => isMethodCall(node, 'abort') && ts.isIdentifier(node.expression.expression))
  const controller =
    abort && isMethodCall(abort, 'abort')
      ? types.localSymbol(abort.expression.expression as ts.Identifier)?.declarations?.[0]
      : undefined
  if (
    !controller
    || !ts.isVariableDeclaration(controller)
    || !ts.isIdentifier(controller.name)
    || enclosingFunction(controller) !== fn
  )
    return undefined
  // Where the platform can join them, this is for old ones only.
  if (someNode(fn.body, (node) => isMethodCall(node, 'any') && node.expression.expression.getText() === 'AbortSignal'))
    return undefined
  const given = references
    .of(controller.name)
    .find(
      ({ parent }) =>
        ts.isPropertyAccessExpression(parent) && parent.name.text === 'signal' && ts.isReturnStatement(parent.parent),
    )
  return given && (given.parent.parent as ts.ReturnStatement)
}

/** What a name goes through one by one: `for (const signal of signals)`, `signals.forEach((signal) => …)`. */
function listAround(name: ts.Identifier, types: TypeQuestions): ts.Expression | undefined {
  const declaration = types.localSymbol(name)?.declarations?.[0]
  if (!declaration) return undefined
  if (ts.isVariableDeclaration(declaration))
    return ts.isForOfStatement(declaration.parent.parent) ? declaration.parent.parent.expression : undefined
  const visit = ts.isParameter(declaration) ? wrapperOf(declaration.parent).parent : undefined
  return visit && isMethodCall(visit, 'forEach') ? visit.expression.expression : undefined
}

/** Whether a list comes from the caller: a parameter, or what is picked from one. */
function isGivenBy(list: ts.Expression, fn: FunctionNode, types: TypeQuestions): boolean {
  const root = rootIdentifier(list)
  const declaration = root && types.localSymbol(root)?.declarations?.[0]
  if (!declaration || enclosingFunction(declaration) !== fn) return false
  if (ts.isParameter(declaration)) return true
  return (
    ts.isVariableDeclaration(declaration)
    && declaration.initializer !== undefined
    && isGivenBy(declaration.initializer, fn, types)
  )
}

function reportJoin(
  call: ts.CallExpression & { readonly expression: ts.PropertyAccessExpression },
  end: ts.ReturnStatement,
  { analysis, report }: RuleContext,
): void {
  report({
    node: call.expression,
    level: levelOf(true, false, analysis),
    message: `Nothing takes this listener off \`${excerpt(call.expression.expression)}\` again but an abort: a signal that lives longer than the joined one gathers one for each call. \`AbortSignal.any\` leaves none.`,
    related: [{ node: end, message: 'Who gets the joined signal has no way to remove them.' }],
    suggestions: [],
  })
}

/** The signal that the listener hangs on: a caller's, or one of the function's own that outlives the turns of a loop without an end. */
function signalOf(
  call: ts.CallExpression & { readonly expression: ts.PropertyAccessExpression },
  analysis: FileAnalysis,
): ReachableSignal | undefined {
  const text = bare(call.expression.expression.getText())
  const isIt = (signal: ReachableSignal): boolean => bare(signal.text) === text
  return (
    callersSignals(call, analysis).find(isIt)
    ?? visibleSignals(call, analysis).find((signal) => {
      const turn = isIt(signal) ? turnAround(call, signal) : undefined
      return (
        turn !== undefined
        && (ts.isWhileStatement(turn) || (ts.isForStatement(turn) && !turn.condition))
        && !isWithin(signal.root, turn)
      )
    })
  )
}

function turnAround(call: ts.Node, { owner }: ReachableSignal): ts.Node | undefined {
  return ts.findAncestor(call, (node) => (node === owner ? 'quit' : isLoop(node)))
}

function bare(text: string): string {
  return text.replace(/[?!()\s]/gu, '')
}

/** Whether the options say `once`; undefined where they may say how the listener goes away. */
function isOnce(options: ts.Expression | undefined): boolean | undefined {
  if (options === undefined) return false
  const object = unwrap(options)
  if (object.kind === ts.SyntaxKind.TrueKeyword || object.kind === ts.SyntaxKind.FalseKeyword) return false
  if (!ts.isObjectLiteralExpression(object)) return undefined
  if (object.properties.some((property) => ts.isSpreadAssignment(property) || property.name.getText() === 'signal'))
    return undefined
  return object.properties.some((property) => property.name?.getText() === 'once')
}

/** Whether the handler goes by a name that something else is given too: `removeEventListener`, or who will call that. */
function isTakenElsewhere(handler: ts.Expression, call: ts.CallExpression, { references }: FileAnalysis): boolean {
  const value = unwrap(handler)
  if (isFunctionNode(value)) return false
  const name = ts.isIdentifier(value) ? value : ts.isPropertyAccessExpression(value) ? value.name : undefined
  if (!name) return true
  return references.members(name.text).some((use) => {
    if (isWithin(use, call)) return false
    const holder = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const { parent } = holder
    const isDeclared =
      (ts.isVariableDeclaration(parent) || ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent))
      && parent.name === holder
    return !isDeclared && !(ts.isCallExpression(parent) && parent.expression === holder)
  })
}

/** Where the work that the listener is for may end with no abort: the promise settles otherwise, or the function goes on past an await. */
function endsByItself(
  fn: FunctionNode,
  call: ts.CallExpression,
  handler: ts.Expression,
  analysis: FileAnalysis,
): ts.Node | undefined {
  const promise = wrapperOf(fn).parent
  if (ts.isNewExpression(promise) && promise.expression.getText() === 'Promise') {
    const names = fn.parameters.map((parameter) => parameter.name.getText())
    const isSettling = (node: ts.Node): boolean =>
      ts.isIdentifier(node) && names.includes(node.text) && node.pos >= (fn.body?.pos ?? 0)
    const outside = findNode(
      fn.body,
      (node) => !isWithin(node, call) && !isOfHandler(node, handler) && isSettling(node) && !isAbortedBranch(node, fn),
    )
    if (outside) return outside
    return raceOf(promise, analysis)
  }
  if (!fn.body) return undefined
  if (!isAsync(fn)) return keptSettler(fn.body, analysis)
  const wait = findNode(fn.body, (node) => node.pos >= call.end && suspends(node) && enclosingFunction(node) === fn)
  return wait && !givesWhatItStops(fn, handler) ? wait : undefined
}

/** The race that a promise stands in, itself or by the name that holds it for that race alone. */
function raceOf(promise: ts.Expression, { references }: FileAnalysis): ts.Node | undefined {
  const holder = wrapperOf(promise).parent
  const isHeld = ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name)
  const uses: readonly ts.Node[] = isHeld ? references.of(holder.name) : [promise]
  const [use] = uses
  const list = use && uses.length === 1 ? wrapperOf(use).parent : undefined
  return list && ts.isArrayLiteralExpression(list) && isPromiseCombinator(wrapperOf(list).parent, 'race', 'any')
    ? list.parent
    : undefined
}

/** Where a promise that the function gives out puts the way to settle it: in a queue, say, whose turn settles it. */
function keptSettler(body: ts.Node, { types }: FileAnalysis): ts.Node | undefined {
  let kept: ts.Node | undefined
  forEachOwnNode(body, (node) => {
    const given = ts.isReturnStatement(node) && node.expression ? unwrap(node.expression) : undefined
    const holder = given && ts.isIdentifier(given) ? types.localSymbol(given)?.declarations?.[0] : undefined
    const made = holder && ts.isVariableDeclaration(holder) && holder.initializer && unwrap(holder.initializer)
    const executor =
      made && ts.isNewExpression(made) && calleeName(made) === 'Promise' ? made.arguments?.[0] : undefined
    if (!executor || !isFunctionNode(executor) || !isWithin(executor, body)) return
    const settle = executor.parameters[0]?.name.getText()
    // What a variable holds may well be for the listener alone.
    kept ??= findNode(
      executor.body,
      (at) =>
        ts.isIdentifier(at)
        && at.text === settle
        && !(ts.isBinaryExpression(at.parent) && ts.isIdentifier(at.parent.left)),
    )
  })
  return kept
}

/** Whether a node lies in the function that goes by the handler's name. */
function isOfHandler(node: ts.Node, handler: ts.Expression): boolean {
  const name = handler.getText()
  return (
    ts.findAncestor(
      node,
      (at) =>
        isFunctionNode(at) && (ts.isVariableDeclaration(at.parent) ? at.parent.name : at.name)?.getText() === name,
    ) !== undefined
  )
}

/** `if (signal.aborted) { reject(…); return }`: the way out before there is a listener. */
function isAbortedBranch(node: ts.Node, fn: FunctionNode): boolean {
  const branch = ts.findAncestor(node, (at) => (at === fn ? 'quit' : ts.isIfStatement(at)))
  return branch !== undefined && ts.isIfStatement(branch) && /\baborted\b/u.test(branch.expression.getText())
}

/** Whether the function hands out what the handler ends: a server, say, that lives until the abort. */
function givesWhatItStops(fn: FunctionNode, handler: ts.Expression): boolean {
  const named = new Set<string>()
  const collect = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) named.add(node.text)
    forEachChild(node, collect)
  }
  collect(handler)
  return (
    fn.body !== undefined
    && someOwnNode(
      fn.body,
      (node) =>
        ts.isReturnStatement(node)
        && node.expression !== undefined
        && !ts.isAwaitExpression(unwrap(node.expression))
        && someNode(node.expression, (at) => ts.isIdentifier(at) && named.has(at.text)),
    )
  )
}

/**
 * Whether a listener that goes with the abort was still left by mistake: all that it does is to note the abort, which the
 * signal says itself, or the file takes others of its kind off again.
 */
function isOversight(handler: ts.Expression, call: ts.Node, { sourceFile, types }: FileAnalysis): boolean {
  const body = types.functionOf(handler)?.body
  const acts = body && (ts.isBlock(body) ? body.statements : [body])
  const isNote = (act: ts.Node): boolean => {
    const done = ts.isExpressionStatement(act) ? act.expression : act
    return isAssignment(done) && ts.isIdentifier(done.left) && done.right.kind === ts.SyntaxKind.TrueKeyword
  }
  if (acts && acts.length > 0 && acts.every(isNote)) return true
  return someNode(
    sourceFile,
    (node) =>
      isMethodCall(node, 'removeEventListener')
      && !isWithin(node, call)
      && node.arguments[0]?.getText().slice(1, -1) === 'abort',
  )
}

function levelOf(isDecided: boolean, once: boolean, { role }: FileAnalysis): Level {
  // The signals of a script or an example end with it.
  if (role !== 'product') return 'possible'
  // Who writes `once` has thought of the abort, and most of these signals live as long as one request.
  return isDecided || !once ? 'likely' : 'possible'
}
