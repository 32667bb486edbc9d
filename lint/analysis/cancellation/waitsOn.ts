import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { rootIdentifier } from '../code/imports.ts'
import { ioKindOf } from '../code/ioKind.ts'
import { CACHE_NAMES, type IoKind, SIGNAL_NAMES, SLEEP_NAMES, VALUE_METHODS } from '../knowledge/names.ts'
import {
  calleeName,
  dottedName,
  type FunctionNode,
  isFunctionExpression,
  isFunctionNode,
  isWithin,
  someNode,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * What a call waits for, as far as the bodies of what it calls tell:
 * - `given`: nothing but what it is handed, a promise or a subscription, so that giving up the wait ends no work;
 * - `memory`: a cache that fills itself, so that all but the first call end at once;
 * - `unknown`: something whose body is not in the program;
 * - `outside`: the network, a process, a model, a timer, which last, and go on for nobody when the caller has left.
 */
export type WaitsOn = 'given' | 'memory' | 'unknown' | 'outside'

const ORDER: readonly WaitsOn[] = ['given', 'memory', 'unknown', 'outside']

const LASTING: ReadonlySet<IoKind> = new Set<IoKind>(['network', 'model', 'process', 'database', 'timer'])

/** Deep enough for method → service → client; beyond, a body says little of the call. */
const MAX_DEPTH = 5

/** A call that leads through more bodies than this leads somewhere. */
const MAX_BODIES = 60

export function waitsOn(call: ts.CallExpression, analysis: FileAnalysis): WaitsOn {
  const { summaries, types } = analysis
  const kind = ofCallee(call, { types, seen: new Set(), depth: 0 })
  // Where it is handed work that has yet to run, or has just begun, the wait is for that.
  const isWork = (argument: ts.Expression): boolean =>
    isFunctionExpression(unwrap(argument))
    || someNode(argument, (node) => ts.isCallExpression(node) && summaries.ioOf(node).size > 0)
  return kind === 'given' && call.arguments.some(isWork) ? 'unknown' : kind
}

interface Walk {
  readonly types: TypeQuestions
  /** The functions whose bodies count already. */
  readonly seen: Set<FunctionNode>
  readonly depth: number
}

function ofCallee(call: ts.CallExpression, walk: Walk): WaitsOn {
  const io = ioKindOf(call, walk.types)
  const name = calleeName(call) ?? ''
  if (
    (io !== undefined && LASTING.has(io))
    || SLEEP_NAMES.test(name)
    || name === 'setTimeout'
    || name === 'setInterval'
  )
    return 'outside'
  if (io !== undefined) return 'unknown'
  const fn = walk.types.functionOf(call.expression)
  if (!fn?.body || walk.depth >= MAX_DEPTH || walk.seen.size >= MAX_BODIES) return 'unknown'
  if (walk.seen.has(fn)) return 'given'
  walk.seen.add(fn)
  return ofBody(fn, fn.body, { ...walk, depth: walk.depth + 1 })
}

function ofBody(fn: FunctionNode, body: ts.ConciseBody, walk: Walk): WaitsOn {
  let found: WaitsOn = 'given'
  const note = (kind: WaitsOn): void => {
    if (ORDER.indexOf(kind) > ORDER.indexOf(found)) found = kind
  }
  const visit = (node: ts.Node, isListening: boolean): void => {
    if (found === 'outside') return
    if (ts.isCallExpression(node)) {
      if (isCacheRead(node)) {
        note('memory')
        return
      }
      note(ofInner(node, fn, walk, isListening))
    } else {
      const waited = waitedFor(node)
      // A loop may go on for as long as what it is handed does.
      const isOnce = waited && !ts.isForOfStatement(node) && isGiven(rootIdentifier(waited), fn, walk.types)
      if (waited && !isOnce) note('unknown')
    }
    const isPromise = ts.isNewExpression(node) && node.expression.getText() === 'Promise'
    forEachChild(node, (child) => {
      visit(child, isListening || isPromise)
    })
  }
  visit(body, false)
  return found
}

/** What an `await`, or an async loop, waits for, where that is no call: a promise by its name. */
function waitedFor(node: ts.Node): ts.Expression | undefined {
  if (!suspends(node)) return undefined
  const value = ts.isAwaitExpression(node) || ts.isForOfStatement(node) ? unwrap(node.expression) : undefined
  return value && (ts.isCallExpression(value) || ts.isNewExpression(value)) ? undefined : value
}

/** A call inside a function: one whose promise may be waited for, or that a promise made here listens to. */
function ofInner(call: ts.CallExpression, fn: FunctionNode, walk: Walk, isListening: boolean): WaitsOn {
  const { types } = walk
  if (startsNothing(call)) return 'given'
  const callee = types.functionOf(call.expression)
  if (callee && isWithin(callee, fn)) return 'given'
  const kind = ofCallee(call, walk)
  if (kind !== 'unknown') return kind
  // What a client is asked for by way of a parameter is as much outside as by any other way.
  if (givesPromise(call, fn, types)) return 'unknown'
  return isListening && !isGiven(rootIdentifier(call.expression), fn, types) ? 'unknown' : 'given'
}

/** Whether a call gives a promise; where no type says so, whether it is dealt with as one, or is handed a signal. */
function givesPromise(call: ts.CallExpression, fn: FunctionNode, types: TypeQuestions): boolean {
  const thenable = types.thenable(call)
  if (thenable !== 'unknown') return thenable !== 'never'
  const { parent } = wrapperOf(call)
  if (ts.isAwaitExpression(parent)) return true
  if (
    call.arguments.some((argument) =>
      someNode(argument, (node) => ts.isIdentifier(node) && SIGNAL_NAMES.test(node.text)),
    )
  )
    return true
  return (
    (ts.isReturnStatement(parent) || ts.isArrowFunction(parent))
    && fn.body !== undefined
    && !someOwnNode(fn.body, suspends)
  )
}

/** Whether a name stands for what a function was handed: a parameter, one of a callback in it, or what was made from one. */
function isGiven(name: ts.Identifier | undefined, fn: FunctionNode, types: TypeQuestions, depth = 0): boolean {
  const declaration = name && types.localSymbol(name)?.declarations?.[0]
  if (!declaration || !isWithin(declaration, fn) || depth > 2) return false
  const holder = ts.findAncestor(
    declaration,
    (at) => ts.isParameter(at) || ts.isVariableDeclaration(at) || isFunctionNode(at),
  )
  if (!holder || isFunctionNode(holder)) return false
  if (ts.isParameter(holder)) return true
  const value = ts.isVariableDeclaration(holder) && holder.initializer ? unwrap(holder.initializer) : undefined
  if (!value) return false
  const made = ts.isAwaitExpression(value) ? unwrap(value.expression) : value
  return (
    isGiven(rootIdentifier(made), fn, types, depth + 1)
    || (ts.isCallExpression(made)
      && made.arguments.some((argument) => isGiven(rootIdentifier(argument), fn, types, depth + 1)))
  )
}

/** `cache.get(key, () => load(key))`: what is loaded once, and remembered. */
function isCacheRead(call: ts.CallExpression): boolean {
  const callee = unwrap(call.expression)
  const receiver = ts.isPropertyAccessExpression(callee) ? dottedName(callee.expression) : undefined
  return (
    receiver !== undefined
    && CACHE_NAMES.test(receiver)
    && call.arguments.some((argument) => isFunctionExpression(unwrap(argument)))
  )
}

/** Methods of the language's own values, and of promises: they start nothing that could be cancelled. */
const PLAIN_METHODS = new Set([
  ...VALUE_METHODS,
  'find',
  'has',
  'fill',
  'from',
  'repeat',
  'charCodeAt',
  'toFixed',
  'throwIfAborted',
  'addEventListener',
  'removeEventListener',
  'abort',
])

const PLAIN_OBJECTS = new Set([
  'console',
  'Math',
  'JSON',
  'Object',
  'Array',
  'Number',
  'String',
  'Promise',
  'Date',
  'AbortSignal',
  'Reflect',
])

/** Whether a call is one on the language's own values, which starts no work that a signal could stop. */
export function startsNothing(call: ts.CallExpression): boolean {
  const callee = unwrap(call.expression)
  if (!ts.isPropertyAccessExpression(callee)) return false
  if (ts.isIdentifier(callee.expression) && PLAIN_OBJECTS.has(callee.expression.text)) return true
  // A `find` that is waited for asks a database, not an array.
  return PLAIN_METHODS.has(callee.name.text) && !ts.isAwaitExpression(call.parent)
}
