import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { nameOf, usesOf } from './concurrentRegion.ts'
import { isUnderLock } from './locks.ts'
import { perNode } from '../code/perNode.ts'
import type { References } from '../code/references.ts'
import {
  calleeName,
  dottedName,
  enclosingFunction,
  forEachOwnNode,
  type FunctionNode,
  hasModifier,
  isAssignment,
  isFunctionExpression,
  isLogicalAssignment,
  isMethodCall,
  isWithin,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Wrappers and decorators that let one activation run, or one at a time. */
const ONE_AT_A_TIME =
  /once|memo|lazy|singleton|single[-_]?flight|dedupe|debounce|throttle|mutex|lock|synchron|serial|exclusive|queue|transaction|atomic|critical[-_]?section/iu

/** Names of decorators besides: they give a call that comes meanwhile the promise of the one that runs. */
const JOINED = /^(?:gated?|sequential\w*|coalesced?|join\w*|in_?flight|reuse\w*|share\w*)(?=$|[(<.])/iu

const MAX_CALLERS = 3

/**
 * Whether activations of a function run one after another, as far as this file shows: under a lock, on a promise chain,
 * behind a shared promise that is kept while it runs, or wrapped in something that sees to it.
 *
 * @param before The place that must be covered: a lock taken later than that does not count.
 */
export function isSerialised(
  fn: FunctionNode,
  before: ts.Node,
  references: References,
  types: TypeQuestions,
  depth = 0,
): boolean {
  if (isUnderLock(fn, before, types) || isWrapped(fn, types) || isStreamStep(fn) || waitsForPredecessor(fn, before))
    return true
  const { parent } = wrapperOf(fn)
  if (isFunctionExpression(fn) && ts.isCallExpression(parent)) {
    if (parent.expression === wrapperOf(fn)) return isKept(parent)
    if (isSerialiser(parent, types)) return true
  }
  if (isOneByOneFromTop(fn, references)) return true
  if (depth >= MAX_CALLERS) return false
  const outer = enclosingFunction(fn)
  if (
    outer
    && isFunctionExpression(fn)
    && ts.isCallExpression(parent)
    && isSerialised(outer, fn, references, types, depth + 1)
  )
    return true
  return isReachedOnlyThroughLocks(fn, references, types, depth)
}

function isWrapped(fn: FunctionNode, { knowledge }: TypeQuestions): boolean {
  const decorators = ts.canHaveDecorators(fn) ? (ts.getDecorators(fn) ?? []) : []
  if (
    decorators.some(
      ({ expression }) =>
        ONE_AT_A_TIME.test(expression.getText()) || JOINED.test(expression.getText()) || isNamedLock(expression),
    )
  )
    return true
  const { parent } = wrapperOf(fn)
  return (
    ts.isCallExpression(parent)
    && parent.expression !== wrapperOf(fn)
    && ONE_AT_A_TIME.test(parent.expression.getText())
  )

  /** `@exclusive`, `@exclusive()`, where the project says so. */
  function isNamedLock(decorator: ts.Expression): boolean {
    const name = dottedName(ts.isCallExpression(decorator) ? decorator.expression : decorator)
    return name !== undefined && knowledge.isLock(name)
  }
}

const STREAM_STEPS = new Set([
  'transform',
  '_transform',
  'write',
  '_write',
  '_flush',
  'flush',
  '_final',
  'pull',
  '_read',
])

/** Methods that a stream calls one after another: the next chunk waits until the last one is done. */
function isStreamStep(fn: FunctionNode): boolean {
  const name =
    nameOf(fn) ?? (ts.isPropertyAssignment(fn.parent) && ts.isIdentifier(fn.parent.name) ? fn.parent.name : undefined)
  if (name === undefined || !STREAM_STEPS.has(name.text)) return false
  const owner = ts.findAncestor(
    fn.parent,
    (at) => ts.isClassLike(at) || ts.isNewExpression(at) || isFunctionExpression(at),
  )
  if (owner === undefined) return false
  const made = ts.isNewExpression(owner)
    ? owner.expression
    : ts.isClassLike(owner)
      ? owner.heritageClauses?.[0]
      : undefined
  return made !== undefined && /Stream|Transform|Writable|Readable|Duplex/u.test(made.getText())
}

/** `const previous = this.tail; this.tail = new Promise(…); await previous`: each waits for the one before. */
function waitsForPredecessor(fn: FunctionNode, before: ts.Node): boolean {
  return firstWaitForPredecessor(fn) < before.pos
}

/** Where the first such `await` is; infinity where there is none. */
const firstWaitForPredecessor = perNode((fn: FunctionNode): number => {
  const held = new Map<string, string>()
  const replaced = new Set<string>()
  let first = Infinity
  forEachOwnNode(fn, (node) => {
    if (first < Infinity) return
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      held.set(node.name.text, node.initializer.getText())
    else if (isAssignment(node)) replaced.add(node.left.getText())
    else if (ts.isAwaitExpression(node)) {
      const name = unwrap(node.expression).getText()
      const [root] = name.split('.')
      const origin = held.get(root ?? name)
      if ((origin !== undefined && replaced.has(origin)) || (held.has(name) && replaced.has(name))) first = node.pos
    }
  })
  return first
})

/** A call of a function that hands its callback to a chain or a lock: `this.#enqueue(() => …)`. */
function isSerialiser(call: ts.CallExpression, types: TypeQuestions): boolean {
  if (ONE_AT_A_TIME.test(calleeName(call) ?? '')) return true
  const callee = types.functionOf(call.expression)
  if (callee?.body === undefined) return false
  const parameters = new Set(callee.parameters.map((parameter) => parameter.name.getText()))
  const replaced = ownNodes(callee)
    .filter(isAssignment)
    .map((node) => node.left.getText())
  const chained = ownNodes(callee).some(
    (node) =>
      isMethodCall(node, 'then', 'finally')
      && node.arguments.some((argument) => mentions(argument, parameters))
      && replaced.some((name) => node.expression.expression.getText().startsWith(name)),
  )
  if (chained) return true
  const runs = ownNodes(callee).find((node) => ts.isCallExpression(node) && mentions(node.expression, parameters))
  return runs !== undefined && (isUnderLock(callee, runs, types) || waitsForPredecessor(callee, runs))
}

function ownNodes(fn: FunctionNode): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  forEachOwnNode(fn, (node) => {
    nodes.push(node)
  })
  return nodes
}

function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  return (
    (ts.isIdentifier(node) && names.has(node.text)) || (forEachChild(node, (child) => mentions(child, names)) ?? false)
  )
}

/** Whether every call of a function that only this file can reach is serialised, or kept as a promise while it runs. */
function isReachedOnlyThroughLocks(
  fn: FunctionNode,
  references: References,
  types: TypeQuestions,
  depth: number,
): boolean {
  const name = nameOf(fn)
  if (name === undefined) return false
  const calls: ts.CallExpression[] = []
  for (const use of usesOf(fn, references)) {
    if (isWithin(use, fn)) continue
    const called = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    if (!ts.isCallExpression(called.parent) || called.parent.expression !== called) continue
    if (types.functionOf(called) === fn) calls.push(called.parent)
  }
  if (calls.length === 0) return false
  // A promise kept at one place says that the author knows; what others call from elsewhere is theirs. Where the function
  // keeps its promise there itself, it must do so for all of them.
  if (calls.some((call) => isKept(call) && !keepsItself(fn, call))) return true
  if (!isPrivate(fn)) return false
  return calls.every((call) => {
    const caller = enclosingFunction(call)
    return (
      caller !== undefined
      && (ts.isConstructorDeclaration(caller) || isSerialised(caller, call, references, types, depth + 1))
    )
  })
}

/**
 * Whether a function is only ever awaited on the spot, by the top of the module or by functions of which the same is true:
 * a program that asks, answers, and asks again.
 */
function isOneByOneFromTop(fn: FunctionNode, references: References, depth = 0): boolean {
  const name = nameOf(fn)
  if (
    name === undefined
    || !ts.isIdentifier(name)
    || ts.isMethodDeclaration(fn)
    || depth > MAX_CALLERS
    || !isPrivate(fn)
  )
    return false
  const uses = references.of(name).filter((use) => use !== name)
  return (
    uses.length > 0
    && uses.every((use) => {
      const call = use.parent
      if (!ts.isCallExpression(call) || call.expression !== use || !ts.isAwaitExpression(wrapperOf(call).parent))
        return false
      const caller = enclosingFunction(call)
      return caller === undefined || (caller !== fn && isOneByOneFromTop(caller, references, depth + 1))
    })
  )
}

/** Whether nobody outside of the file can call the function. */
export function isPrivate(fn: FunctionNode): boolean {
  if (fn.name && ts.isPrivateIdentifier(fn.name)) return true
  if (hasModifier(fn, ts.SyntaxKind.PrivateKeyword)) return true
  if (ts.isFunctionDeclaration(fn)) return !hasModifier(fn, ts.SyntaxKind.ExportKeyword)
  const holder = wrapperOf(fn).parent
  return ts.isVariableDeclaration(holder) && !hasModifier(holder.parent.parent, ts.SyntaxKind.ExportKeyword)
}

/** `this.ready ??= this.init()`: the promise is kept, so that the next call finds it and starts nothing. */
function isKept(call: ts.CallExpression): boolean {
  let at: ts.Node = wrapperOf(call)
  while (isMethodCall(at.parent.parent, 'then', 'catch', 'finally') && at.parent.parent.expression === at.parent)
    at = wrapperOf(at.parent.parent)
  const { parent } = at
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return isPutAway(parent.name)
  return isAssignment(parent) && parent.right === at && isKeeping(parent)
}

/** `this.opening = this.open()`, where `open` sets `this.opening` as well. */
function keepsItself(fn: FunctionNode, call: ts.CallExpression): boolean {
  const { parent } = wrapperOf(call)
  if (!isAssignment(parent)) return false
  const place = parent.left.getText()
  return someOwnNode(
    fn,
    (node) => isAssignment(node) && node.left.getText() === place && ts.isNewExpression(unwrap(node.right)),
  )
}

/** `const opening = this.open(); this.opening = opening`: a name for the promise, that is put where the next call finds it before anything is awaited. */
function isPutAway(name: ts.Identifier): boolean {
  const body = enclosingFunction(name)?.body
  if (body === undefined) return false
  const isIt = (node: ts.Expression | undefined): boolean =>
    node !== undefined && ts.isIdentifier(node) && node.text === name.text
  return someOwnNode(body, (node) => {
    if (node.pos < name.end) return false
    const keeps = isMethodCall(node, 'set')
      ? isIt(node.arguments[1])
      : isAssignment(node) && isIt(unwrap(node.right)) && isKeeping(node)
    return keeps && !someOwnNode(body, (at) => suspends(at) && at.pos >= name.end && at.end <= node.pos)
  })
}

function isKeeping(assignment: ts.BinaryExpression): boolean {
  const target = unwrap(assignment.left)
  if (isLogicalAssignment(assignment)) return true
  return (
    ts.isPropertyAccessExpression(target)
    || (ts.isIdentifier(target) && /promise|pending|inflight|ready|loading|task/iu.test(target.text))
  )
}
