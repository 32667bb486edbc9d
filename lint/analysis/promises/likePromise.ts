import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { resultsOf } from '../code/callbacks.ts'
import { rootIdentifier } from '../code/imports.ts'
import { perNode } from '../code/perNode.ts'
import {
  calleeName,
  enclosingFunction,
  type FunctionNode,
  headOfChain,
  isFunctionNode,
  isMethodCall,
  isPromiseCombinator,
  someNode,
  unwrap,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Whether a call gives a promise, by its type; where none is known, as with a package that is not installed, by what the code
 * around makes of it: it waits for the same call as a rule, or the function that is called gives a chain.
 */
export function givesPromise(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  const thenable = analysis.types.thenable(call)
  if (thenable !== 'unknown') return thenable === 'always'
  if (isAwaitedLikewise(call, analysis) && isAwaitedAsARule(call)) return true
  const callee = analysis.types.functionOf(call.expression)
  return callee !== undefined && givesChain(callee, analysis.types)
}

/** Names of what must have reached its place before anybody says that it has. */
const STORES =
  /^[_#]*(?:save|write|store|persist|delete|remove|insert|upsert|create|update|commit|flush|append)(?=$|[A-Z_\d])/u

/**
 * Whether the function around a dropped call waits for the same call in another place, or the call stores or removes
 * something, and the file waits for the same call elsewhere.
 */
export function isAwaitedLikewise(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  const other = sameCallAwaited(call, analysis)
  return (
    other !== undefined && (enclosingFunction(other) === enclosingFunction(call) || STORES.test(calleeName(call) ?? ''))
  )
}

/** Whether the file waits for such a call at least as often as it drops one: some wait for all that they call, promise or not. */
function isAwaitedAsARule(call: ts.CallExpression): boolean {
  const text = textOf(call)
  if (text === undefined || text.endsWith('Sync')) return false
  const file = call.getSourceFile()
  return (awaitsIn(file).get(text)?.length ?? 0) >= (dropsIn(file).get(text) ?? 0)
}

/** A place where the file waits for the same call, written the same way, of the same object: the nearest function comes first. */
export function sameCallAwaited(call: ts.CallExpression, { types }: FileAnalysis): ts.AwaitExpression | undefined {
  const text = textOf(call)
  const others = text === undefined ? undefined : awaitsIn(call.getSourceFile()).get(text)
  if (!others) return undefined
  const around = enclosingFunction(call)
  return (
    others.find((other) => enclosingFunction(other.wait) === around)?.wait
    ?? others.find((other) => isSameRoot(call, other.call, types))?.wait
  )
}

interface Awaited {
  readonly call: ts.CallExpression
  readonly wait: ts.AwaitExpression
}

const awaitsIn = perNode((file: ts.SourceFile): ReadonlyMap<string, readonly Awaited[]> => {
  const found = new Map<string, Awaited[]>()
  someNode(file, (node) => {
    const awaited = ts.isAwaitExpression(node) ? unwrap(node.expression) : undefined
    if (!awaited || !ts.isAwaitExpression(node) || !ts.isCallExpression(awaited)) return false
    const call = headOfChain(awaited)
    const text = textOf(call)
    if (text !== undefined) found.set(text, [...(found.get(text) ?? []), { call, wait: node }])
    return false
  })
  return found
})

const dropsIn = perNode((file: ts.SourceFile): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  someNode(file, (node) => {
    const dropped = ts.isExpressionStatement(node) ? unwrap(node.expression) : undefined
    const text = dropped && ts.isCallExpression(dropped) ? textOf(dropped) : undefined
    if (text !== undefined) found.set(text, (found.get(text) ?? 0) + 1)
    return false
  })
  return found
})

/** What is called, as it is written: `this.store.save` in `this.store?.save(item)`. */
function textOf(call: ts.CallExpression): string | undefined {
  const callee = unwrap(call.expression)
  return ts.isIdentifier(callee) || ts.isPropertyAccessExpression(callee)
    ? callee.getText().replaceAll(/[\s?!]/gu, '')
    : undefined
}

/** Whether both begin with the same variable, with two that are made the same way, or with `this` of the same class. */
function isSameRoot(one: ts.CallExpression, two: ts.CallExpression, types: TypeQuestions): boolean {
  const [first, second] = [rootIdentifier(one.expression), rootIdentifier(two.expression)]
  if (!first || !second)
    return first === second && ts.findAncestor(one, ts.isClassLike) === ts.findAncestor(two, ts.isClassLike)
  const [declared, other] = [first, second].map((name) => types.localSymbol(name)?.declarations?.[0])
  if (!declared || !other) return false
  if (declared === other) return true
  return (
    ts.isVariableDeclaration(declared)
    && ts.isVariableDeclaration(other)
    && declared.initializer !== undefined
    && declared.initializer.getText() === other.initializer?.getText()
  )
}

/** Whether all that a function gives is made of promises: `return prepare().then(…)`, `return new Promise(…)`. */
function givesChain(fn: FunctionNode, types: TypeQuestions, depth = 2): boolean {
  const results = resultsOf(fn)
  return results.length > 0 && results.every((result) => isChain(result, types, depth))
}

function isChain(result: ts.Expression, types: TypeQuestions, depth: number): boolean {
  const node = unwrap(result)
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Promise'
  if (!ts.isCallExpression(node)) return false
  if (isMethodCall(node, 'then', 'catch') && node.arguments.some((given) => isFunctionNode(unwrap(given)))) return true
  if (isPromiseCombinator(node) || /^Promise\.(?:resolve|reject)$/u.test(node.expression.getText())) return true
  const callee = depth > 0 ? types.functionOf(node.expression) : undefined
  return callee !== undefined && givesChain(callee, types, depth - 1)
}
