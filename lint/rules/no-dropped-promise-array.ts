import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import { runsUnattended } from '../analysis/code/attendance.ts'
import { saysWhatItGives } from '../analysis/code/calledDeclarations.ts'
import { isMeantToRunAlone, isSaidToRunAlone } from '../analysis/promises/droppedWork.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { fateOf, handlesRejection } from '../analysis/flow/promiseFate.ts'
import {
  canAwaitAt,
  enclosingFunction,
  excerpt,
  type FunctionNode,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  someOwnNode,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { canAddAwait } from '../fixes/awaits.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule, type Report } from '../rule.ts'

export const rule = defineRule({
  id: 'no-dropped-promise-array',
  meta: {
    family: 'fan-out',
    level: 'certain',
    description: 'Disallow arrays of promises that nothing awaits, returns or passes on',
    fixable: true,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.AwaitExpression](node: ts.AwaitExpression) {
        const array = unwrap(node.expression)
        if (!ts.isIdentifier(array)) return
        const fate = fateOf(node, analysis.references)
        if (fate.kind !== 'dropped' || !analysis.types.isPromiseArray(array) || !isOnlyAwaited(array, analysis)) return
        const joins = joinAwaited(array, analysis)
        report({
          node,
          level: 'certain',
          message: `\`await\` does not look into the array \`${array.text}\`: the code after it runs before any of its promises is done.`,
          related: [{ node: declarationOf(array, analysis) ?? array, message: 'The promises are in here.' }],
          fix: fate.variable ? undefined : joins,
          suggestions: fate.variable ? [joins] : [],
        })
      },
      [ts.SyntaxKind.ExpressionStatement](statement: ts.ExpressionStatement) {
        const found = droppedResult(statement, analysis)
        if (found) report(found)
      },
      [ts.SyntaxKind.VariableDeclaration](node: ts.VariableDeclaration) {
        const found = onlyCollected(node, analysis)
        if (found) report(found)
      },
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        const callback = mappingCallback(node)
        if (callback === undefined) return
        const awaited = awaitOf(node)
        const fate = fateOf(awaited ?? node, analysis.references)
        if (fate.kind !== 'dropped') return
        const array = isPromises(node, callback, analysis)
        if (!array) return
        const canReject = callbackCanReject(callback, analysis)
        const joins = joinFix(node, awaited, analysis)
        if (awaited) {
          // What a promise-like receiver gives, or an untyped one, may well be waited for.
          if (array === 'surely')
            report({
              node: node.expression,
              level: 'certain',
              message: `\`await\` does not look into the array that \`${excerpt(node.expression)}\` gives: the code after it runs before any of its promises is done${canReject ? ', and a rejection is unhandled' : ''}.`,
              fix: fate.variable ? undefined : joins,
              suggestions: fate.variable && joins ? [joins] : [],
            })
          return
        }
        if (isDoneAtOnce(callback, analysis)) return
        report({
          node: fate.variable ?? node.expression,
          level:
            isSaidToRunAlone(node, analysis) || handlesEach(callback)
              ? 'possible'
              : array === 'guessed'
                ? 'likely'
                : levelOf(node, canReject),
          message: `\`${excerpt(node.expression)}\` starts a promise for each item, and ${
            fate.variable ? `nothing ever waits for \`${fate.variable.text}\`` : 'the array of them is dropped'
          }: the code after it runs before any is done${canReject ? ', and a rejection is unhandled' : ''}.`,
          related: fate.variable ? [{ node: node.expression, message: 'The promises are started here.' }] : [],
          // In a variable the promises have a type that others may name; then it is for a person to decide.
          fix: fate.variable ? undefined : joins,
          suggestions: fate.variable && joins ? [joins] : [],
        })
      },
    }
  },
})

/** `startAll(items)`, awaited or not, where the function gives the promises that it has started in an array. */
function droppedResult(statement: ts.ExpressionStatement, analysis: FileAnalysis): Report | undefined {
  const expression = unwrap(statement.expression)
  const awaited = ts.isAwaitExpression(expression) ? expression : undefined
  const call = awaited ? unwrap(awaited.expression) : expression
  // Elsewhere nobody could wait for them, and to ask for the types of all calls would cost too much.
  if (!ts.isCallExpression(call) || !canAwaitAt(call) || enclosingFunction(call) === undefined) return undefined
  if (mappingCallback(call) ?? isMethodCall(call, ...ARRAY_METHODS)) return undefined
  const { types } = analysis
  if (isPromiseCombinator(call) || types.isArrayMethod(call.expression) || types.isUntypedChain(call.expression))
    return undefined
  if (saysWhatItGives(call, types) || !types.givesPromiseArray(call)) return undefined
  const joins = joinFix(call, awaited, analysis)
  const later = 'the code after it runs before any of them is done'
  return {
    node: awaited ?? call.expression,
    level: runsUnattended(call) || isMeantToRunAlone(call, analysis) ? 'possible' : 'certain',
    message: awaited
      ? `\`await\` does not look into the array of promises that \`${excerpt(call.expression)}\` gives: ${later}.`
      : `\`${excerpt(call.expression)}\` gives an array of promises, which is dropped: ${later}, and a rejection is unhandled.`,
    fix: joins,
  }
}

/** `const started = []`, which is filled with promises, and which nothing else ever looks at. */
function onlyCollected({ name, initializer }: ts.VariableDeclaration, analysis: FileAnalysis): Report | undefined {
  if (
    !initializer
    || !ts.isIdentifier(name)
    || !ts.isArrayLiteralExpression(initializer)
    || initializer.elements.length > 0
  )
    return undefined
  const fn = enclosingFunction(name)
  // By name first: nearly every list is read in an obvious way.
  const isElsewhere = (use: ts.Identifier): boolean =>
    use !== name && use.pos > name.end && use.end < (fn?.end ?? 0) && additionTo(use) === undefined && !isLengthOf(use)
  if (fn === undefined || analysis.references.named(name.text).some(isElsewhere)) return undefined
  const uses = analysis.references.of(name)
  const added = uses.flatMap((use) => additionTo(use)?.arguments ?? [])
  const promise = added.map(unwrap).find((one) => ts.isCallExpression(one) && analysis.types.thenable(one) === 'always')
  if (
    !promise
    || !ts.isCallExpression(promise)
    || uses.some((use) => additionTo(use) === undefined && !isLengthOf(use))
  )
    return undefined
  const canReject = analysis.summaries.callCanReject(promise)
  return {
    node: name,
    level: levelOf(name, canReject),
    message: `Nothing ever waits for the promises in \`${name.text}\`: they are collected, and the function goes on before any is done${canReject ? ', and a rejection is unhandled' : ''}.`,
    related: [{ node: promise, message: 'Promises are added here.' }],
  }
}

/** `list.push(…)`, as a statement. */
function additionTo(use: ts.Identifier): MethodCall | undefined {
  const call = use.parent.parent
  return isMethodCall(call, 'push', 'unshift')
    && call.expression === use.parent
    && ts.isExpressionStatement(wrapperOf(call).parent)
    ? call
    : undefined
}

function isLengthOf({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent) && parent.name.text === 'length'
}

/** Methods that give an array that others hold too: `started.splice(0)`, `started.reverse()`. */
const ARRAY_METHODS = ['splice', 'reverse', 'sort', 'fill', 'copyWithin', 'concat', 'filter', 'slice']

function declarationOf(name: ts.Identifier, { types }: FileAnalysis): ts.Identifier | undefined {
  const declaration = types.localSymbol(name)?.valueDeclaration
  return declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name)
    ? declaration.name
    : undefined
}

/** Whether a variable of the function is filled and awaited, and nothing else looks at the promises that it holds. */
function isOnlyAwaited(array: ts.Identifier, analysis: FileAnalysis): boolean {
  const name = declarationOf(array, analysis)
  if (name === undefined || ts.isSourceFile(name.parent.parent.parent.parent)) return false
  return analysis.references.of(name).every((use) => {
    const { parent } = wrapperOf(use)
    if (ts.isAwaitExpression(parent)) return fateOf(parent, analysis.references).kind === 'dropped'
    if (ts.isPropertyAccessExpression(parent) && isMethodCall(parent.parent, 'push', 'unshift'))
      return fateOf(parent.parent, analysis.references).kind === 'dropped'
    return fateOf(use, analysis.references).kind === 'dropped'
  })
}

function joinAwaited(array: ts.Identifier, { types }: FileAnalysis): Fix {
  const type = types.typeOf(array)
  const all = type && types.mayBeMissing(type) ? `${array.text} ?? []` : array.text
  return {
    title: 'Wait for all of them with `Promise.all`',
    edits: () => [{ start: array.getStart(), end: array.end, text: `Promise.all(${all})` }],
  }
}

/** `await items.map(…)` is over at once, as is the `await` of any value that is no promise. */
function awaitOf(node: ts.CallExpression): ts.AwaitExpression | undefined {
  const { parent } = wrapperOf(node)
  return ts.isAwaitExpression(parent) ? parent : undefined
}

function mappingCallback(node: ts.CallExpression): ts.Expression | undefined {
  if (isMethodCall(node, 'map', 'flatMap')) return node.arguments[0] && unwrap(node.arguments[0])
  if (isMethodCall(node, 'from') && node.expression.expression.getText() === 'Array')
    return node.arguments[1] && unwrap(node.arguments[1])
  return undefined
}

/** Whether an async callback, or the async function that all of it calls, never waits: what it does is done with the array. */
function isDoneAtOnce(callback: ts.Expression, analysis: FileAnalysis): boolean {
  if (isFunctionExpression(callback) && isAsync(callback)) return neverWaits(callback, analysis)
  const called = isFunctionExpression(callback) ? bodyCall(callback)?.expression : callback
  const fn = called && analysis.types.functionOf(called)
  return fn !== undefined && neverWaits(fn, analysis)
}

/** `store(item)` of `(item) => store(item)`. */
function bodyCall({ body }: ts.ArrowFunction | ts.FunctionExpression): ts.CallExpression | undefined {
  const result = ts.isBlock(body) ? undefined : unwrap(body)
  return result && ts.isCallExpression(result) ? result : undefined
}

function neverWaits(fn: FunctionNode, { summaries, types }: FileAnalysis): boolean {
  if (!isAsync(fn) || !fn.body || summaries.of(fn).awaits) return false
  if (!ts.isBlock(fn.body)) return types.thenable(fn.body) === 'never'
  return !someOwnNode(
    fn.body,
    (node) =>
      ts.isReturnStatement(node) && node.expression !== undefined && types.thenable(node.expression) !== 'never',
  )
}

/** Whether the call gives an array of promises; guessed where the receiver has no type but the callback is async. */
function isPromises(
  node: MethodCall | ts.CallExpression,
  callback: ts.Expression,
  analysis: FileAnalysis,
): 'surely' | 'guessed' | undefined {
  if (
    isFunctionExpression(callback)
    && !isAsync(callback)
    && ts.isBlock(callback.body)
    && !callback.body.statements.some(containsReturn)
  )
    return undefined
  if (analysis.types.isPromiseArray(node)) return 'surely'
  const isAsyncLiteral = isFunctionExpression(callback) && isAsync(callback)
  return isAsyncLiteral && isMethodCall(node) && analysis.types.isUntyped(node.expression.expression)
    ? 'guessed'
    : undefined
}

function containsReturn(statement: ts.Statement): boolean {
  return (
    ts.isReturnStatement(statement)
    || (forEachChild(statement, (child) => ts.isStatement(child) && containsReturn(child)) ?? false)
  )
}

function callbackCanReject(callback: ts.Expression, analysis: FileAnalysis): boolean {
  const fn = isFunctionExpression(callback) ? callback : analysis.types.functionOf(callback)
  return fn === undefined || analysis.summaries.of(fn).canReject
}

/** `(page) => page.close().catch(() => {})`: whoever handles each failure has thought of the promises. */
function handlesEach(callback: ts.Expression): boolean {
  const fn = unwrap(callback)
  return ts.isArrowFunction(fn) && !ts.isBlock(fn.body) && handlesRejection(fn.body)
}

function levelOf(node: ts.Node, canReject: boolean): Level {
  if (runsUnattended(node)) return 'possible'
  if (canAwaitAt(node)) return 'certain'
  return canReject ? 'likely' : 'possible'
}

function joinFix(
  node: ts.CallExpression,
  awaited: ts.AwaitExpression | undefined,
  analysis: FileAnalysis,
): Fix | undefined {
  const { types } = analysis
  const holder = wrapperOf(awaited ?? node)
  // Where the code says what the variable holds, that changes as well.
  if (!canAddAwait(node, analysis) || (ts.isVariableDeclaration(holder.parent) && holder.parent.type)) return undefined
  // An array's own method gives an array; of another call the arguments have to be looked at.
  const type = types.isArrayMethod(node.expression) ? undefined : types.typeOf(node)
  const isMaybe = ts.isOptionalChain(node) || (type !== undefined && types.mayBeMissing(type))
  return {
    title: 'Wait for all of them with `Promise.all`',
    edits: () => [
      { start: node.getStart(), end: node.getStart(), text: awaited ? 'Promise.all(' : 'await Promise.all(' },
      { start: node.end, end: node.end, text: isMaybe ? ' ?? [])' : ')' },
    ],
  }
}
