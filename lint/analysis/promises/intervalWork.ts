import ts from 'typescript'
import { droppedCalls } from './droppedWork.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { WRITE_NAMES } from '../knowledge/names.ts'
import { guardsItself } from './overlap.ts'
import {
  calleeName,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  someNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/** Async work that a timer starts again and again, whether or not the last run has ended. */
export interface IntervalWork {
  /** What a message calls it. */
  readonly name: string
  /** The call inside the callback that starts it, where the callback itself is not async. */
  readonly call: ts.CallExpression | undefined
  readonly canReject: boolean
  /** Whether a run changes something outside: what overlaps then does harm, and what fails is lost. */
  readonly changesOutside: boolean
}

/** Deep enough for a method that calls a service that writes. */
const MAX_DEPTH = 2

/** The work of a callback that may overlap itself; undefined where it waits for nothing or sees to it by itself. */
export function overlappingWork(callback: ts.Expression, analysis: FileAnalysis): IntervalWork | undefined {
  const given = unwrap(callback)
  const inner = isMethodCall(given, 'bind') ? unwrap(given.expression.expression) : given
  if (isFunctionExpression(inner) && !isAsync(inner)) return workInside(inner, analysis)
  const fn = analysis.types.functionOf(inner)
  if (!fn || !isAsync(fn)) return undefined
  return workOf(fn, isFunctionExpression(inner) ? 'its async callback' : `\`${excerpt(inner)}\``, undefined, analysis)
}

function workInside(fn: ts.ArrowFunction | ts.FunctionExpression, analysis: FileAnalysis): IntervalWork | undefined {
  if (guardsItself(fn, analysis.types)) return undefined
  const expressions = ts.isBlock(fn.body)
    ? fn.body.statements.filter(ts.isExpressionStatement).flatMap(droppedCalls)
    : [unwrap(fn.body)].filter(ts.isCallExpression)
  for (const call of expressions) {
    const callee = analysis.types.functionOf(call.expression)
    const work =
      callee && isAsync(callee) ? workOf(callee, `\`${excerpt(call.expression)}\``, call, analysis) : undefined
    if (work) return { ...work, canReject: analysis.summaries.callCanReject(call) }
  }
  return undefined
}

function workOf(
  fn: FunctionNode,
  name: string,
  call: ts.CallExpression | undefined,
  analysis: FileAnalysis,
): IntervalWork | undefined {
  const summary = analysis.summaries.of(fn)
  if (!summary.awaits || guardsItself(fn, analysis.types) || waitsForGuarded(fn, analysis)) return undefined
  return { name, call, canReject: summary.canReject, changesOutside: changesOutside(fn, analysis) }
}

/** Whether a function waits for a write, by the name of the call, or for one of a function that it calls. */
function changesOutside(fn: FunctionNode, analysis: FileAnalysis, depth = 0): boolean {
  return (
    fn.body !== undefined
    && someNode(fn.body, (node) => {
      const { parent } = wrapperOf(node)
      if (!ts.isCallExpression(node) || !(ts.isAwaitExpression(parent) || isGivenOut(parent))) return false
      const name = calleeName(node) ?? ''
      if (WRITE_NAMES.test(name) || CHANGING_NAMES.test(name) || isWritingRequest(node)) return true
      const callee = depth < MAX_DEPTH ? analysis.types.functionOf(node.expression) : undefined
      return callee !== undefined && changesOutside(callee, analysis, depth + 1)
    })
  )
}

function isGivenOut(parent: ts.Node): boolean {
  return ts.isReturnStatement(parent) || ts.isArrowFunction(parent)
}

/** Names of calls that end what others may still use, set a mark that others look at, or work off what lies in a queue. */
const CHANGING_NAMES =
  /^_*(?:close|kill|destroy|terminate|stop|shutdown|extend|renew|release|acquire|lock|process)(?=$|[A-Z_\d])/u

/** `fetch(url, { method: 'POST' })`. */
function isWritingRequest(call: ts.CallExpression): boolean {
  return call.arguments.some(
    (argument) =>
      ts.isObjectLiteralExpression(unwrap(argument)) && /\bmethod:\s*['"`](?!GET|HEAD)/iu.test(argument.getText()),
  )
}

/** Whether all that the function waits for are calls that turn away a second run themselves. */
function waitsForGuarded(fn: FunctionNode, { types }: FileAnalysis): boolean {
  const waits: ts.Node[] = []
  forEachOwnNode(fn, (node) => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) waits.push(node)
  })
  return (
    waits.length > 0
    && waits.every((wait) => {
      const call = ts.isAwaitExpression(wait) ? unwrap(wait.expression) : wait
      const callee = ts.isCallExpression(call) ? types.functionOf(call.expression) : undefined
      return callee !== undefined && isAsync(callee) && guardsItself(callee, types)
    })
  )
}
