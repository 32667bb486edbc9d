import ts from 'typescript'
import { isLimiterCall } from './limiters.ts'
import { calleeName, forEachOwnNode, isAsync, isFunctionExpression, isMethodCall, wrapperOf } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * When a function written in a loop runs:
 * - `later`: surely not before the code around it has gone on: a timer, `then`, an event;
 * - `collected`: kept in a list, to be called later;
 * - `started`: an async function called at once, whose part behind its first await runs later.
 */
export interface Deferral {
  readonly kind: 'later' | 'collected' | 'started'
  /** From here on in the file, what the function reads it reads later. */
  readonly from: number
  /** The call that defers it. */
  readonly call: ts.CallExpression
}

const SCHEDULERS = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'nextTick',
  'requestAnimationFrame',
  'requestIdleCallback',
])
const EVENTS = new Set(['on', 'once', 'addListener', 'addEventListener'])

/** How a function expression is deferred; undefined where it may well run at once. */
export function deferralOf(fn: ts.ArrowFunction | ts.FunctionExpression, types: TypeQuestions): Deferral | undefined {
  const node = wrapperOf(fn)
  const { parent: call } = node
  if (!ts.isCallExpression(call)) return undefined
  if (call.expression === node) {
    const first = isAsync(fn) ? firstAwait(fn) : undefined
    return first && { kind: 'started', from: first.end, call }
  }
  const from = fn.getStart()
  const name = calleeName(call) ?? ''
  if (SCHEDULERS.has(name)) return { kind: 'later', from, call }
  if (isMethodCall(call, 'then', 'catch', 'finally') && types.thenable(call.expression.expression) !== 'never')
    return { kind: 'later', from, call }
  if (isMethodCall(call) && EVENTS.has(name) && call.arguments[1] === node) return { kind: 'later', from, call }
  if (isMethodCall(call, 'push', 'unshift')) return { kind: 'collected', from, call }
  return isLimiterCall(call, types) ? { kind: 'collected', from, call } : undefined
}

function firstAwait(fn: ts.ArrowFunction | ts.FunctionExpression): ts.AwaitExpression | undefined {
  let first: ts.AwaitExpression | undefined
  forEachOwnNode(fn, (node) => {
    if (!first && ts.isAwaitExpression(node)) first = node
  })
  return first
}

export function isDeferrable(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return isFunctionExpression(node) && ts.isCallExpression(wrapperOf(node).parent)
}
