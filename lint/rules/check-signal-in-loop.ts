import ts from 'typescript'
import { nameOf } from '../analysis/flow/concurrentRegion.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { type CancelProtocol, SIGNALS, TOKENS } from '../analysis/knowledge/cancelProtocols.ts'
import { SLEEP_NAMES } from '../analysis/knowledge/names.ts'
import { type ReachableSignal, signalsInReach } from '../analysis/cancellation/signals.ts'
import { slotsOf } from '../analysis/cancellation/signalSlots.ts'
import { isCleanup } from '../analysis/cancellation/signalUse.ts'
import { watchOf } from '../analysis/cancellation/signalWatch.ts'
import {
  calleeName,
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isAsync,
  isFunctionExpression,
  isFunctionNode,
  isWithin,
  someNode,
  someOwnNode,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { millisecondsOf } from '../analysis/cancellation/delays.ts'
import { waitOf } from '../analysis/cancellation/timers.ts'
import { throwIfAborted } from '../fixes/throwIfAborted.ts'
import type { Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

/** Turns shorter than this, in milliseconds, of a loop that ends by itself are over before anybody minds. */
const SHORTEST = 50

/** Pauses up to this, in milliseconds, delay an abort by less than anybody minds. */
const LONG = 1_000

export const rule = defineRule({
  id: 'check-signal-in-loop',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: 'Require loops that wait and try again to mind the abort signal in scope',
    fixable: false,
    hasSuggestions: true,
  },
  check(context) {
    const { text } = context.sourceFile
    const protocols: CancelProtocol[] = []
    if (/AbortSignal|signal/iu.test(text)) protocols.push(SIGNALS)
    if (/CancellationToken|[tT]oken\??\.isCancellation/u.test(text)) protocols.push(TOKENS)
    if (protocols.length === 0) return {}
    const check = (loop: ts.IterationStatement): void => {
      for (const protocol of protocols) checkLoop(loop, protocol, context)
    }
    return {
      [ts.SyntaxKind.WhileStatement]: check,
      [ts.SyntaxKind.DoStatement]: check,
      [ts.SyntaxKind.ForStatement]: check,
      [ts.SyntaxKind.ForOfStatement]: check,
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        for (const protocol of protocols) checkAgain(node, protocol, context)
      },
    }
  },
})

function checkLoop(loop: ts.IterationStatement, protocol: CancelProtocol, context: RuleContext): void {
  const { analysis } = context
  const fn = enclosingFunction(loop)
  if (!fn || !isAsync(fn)) return
  const calls = awaitedCalls(loop)
  const [first] = calls
  const pause = ts.isForOfStatement(loop) ? undefined : calls.find((call) => isPause(call, analysis))
  if (!first || (!pause && !someOwnNode(loop, ts.isCatchClause))) return
  const signal = signalsInReach(loop.statement, analysis, protocol).find(
    ({ source }) => source === 'parameter' || source === 'enclosing',
  )
  if (!signal || isCleanup(first, signal.owner, analysis)) return
  const watch = watchOf(loop, analysis)
  if (watch.kind === 'swallows') {
    const fix = throwIfAborted(watch.clause.block, signal, analysis)
    context.report({
      node: watch.clause.getFirstToken() ?? watch.clause,
      level: levelOf(loop, analysis),
      message: `When \`${signal.text}\` ${protocol.event}, \`${excerpt(watch.call.expression)}\` rejects, and this \`catch\` takes it for a failure like any other: the loop goes on.`,
      related: [{ node: watch.call, message: 'An abort comes out here.' }],
      suggestions: fix ? [fix] : [],
    })
    return
  }
  if (!pause) return
  if (watch.kind === 'minds') {
    checkPause(loop, pause, signal, context)
    return
  }
  const fix = throwIfAborted(loop.statement, signal, analysis)
  context.report({
    node: loop.getFirstToken() ?? loop,
    level: levelOf(loop, analysis),
    message: `This loop never looks at \`${signal.text}\`: after an abort it goes on, turn after turn, until it ends by itself.`,
    related: [
      { node: pause, message: 'It pauses here each turn.' },
      { node: signal.root, message: `\`${signal.text}\` is at hand since here.` },
    ],
    suggestions: fix ? [fix] : [],
  })
}

/** A long pause that the signal does not reach, in a loop that hands the signal to the work it tries again. */
function checkPause(
  loop: ts.IterationStatement,
  pause: ts.CallExpression,
  signal: ReachableSignal,
  { analysis, report }: RuleContext,
): void {
  const milliseconds = delayOf(pause, analysis)
  if ((milliseconds ?? Infinity) <= LONG) return
  const work = callsOf(loop).find((call) => call !== pause && !isWithin(pause, call) && isGiven(call, signal))
  if (!work) return
  report({
    node: pause.expression,
    level: levelOf(loop, analysis),
    message: `\`${signal.text}\` reaches \`${excerpt(work.expression)}\`, but not this pause: after an abort the loop waits on for ${durationOf(milliseconds)} before it looks.`,
    related: [{ node: work, message: 'This is given the signal.' }],
    suggestions: [],
  })
}

/** A function that pauses long and then calls itself with the signal, to try once more: a loop written as recursion. */
function checkAgain(again: ts.CallExpression, protocol: CancelProtocol, { analysis, report }: RuleContext): void {
  const { parent } = wrapperOf(again)
  const name = ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) ? calleeName(again) : undefined
  const fn = name !== undefined && ts.findAncestor(again, (at) => isFunctionNode(at) && nameOf(at)?.text === name)
  const holder = enclosingFunction(again)
  if (!fn || !holder || analysis.types.functionOf(again.expression) !== fn) return
  const pause = awaitedCalls(holder).find((call) => call.end <= again.pos && isPause(call, analysis))
  const milliseconds = pause && delayOf(pause, analysis)
  if (!pause || (milliseconds ?? Infinity) <= LONG) return
  const signal = signalsInReach(pause, analysis, protocol).find(({ owner }) => owner === fn)
  if (!signal || !isPassedOn(again, signal)) return
  report({
    node: pause.expression,
    level: analysis.role === 'test' ? 'possible' : 'likely',
    message: `\`${signal.text}\` reaches the next attempt, but not this pause: after an abort it waits on for ${durationOf(milliseconds)} before that is seen.`,
    related: [{ node: again, message: 'This tries once more.' }],
    suggestions: [],
  })
}

/** Whether a call is given the signal, or the object that holds it as a whole. */
function isPassedOn(call: ts.CallExpression, signal: ReachableSignal): boolean {
  const isRoot = (node: ts.Expression): boolean => ts.isIdentifier(node) && node.text === signal.root.text
  return (
    isGiven(call, signal)
    || call.arguments.some((argument) => {
      const value = unwrap(argument)
      return (
        isRoot(value)
        || (ts.isObjectLiteralExpression(value)
          && value.properties.some((part) => ts.isSpreadAssignment(part) && isRoot(unwrap(part.expression))))
      )
    })
  )
}

function durationOf(milliseconds: number | undefined): string {
  return milliseconds === undefined ? 'as long as it takes' : `up to ${String(milliseconds / 1_000)} s`
}

/** The calls of a loop whose outcome it waits for, or gives out. */
function callsOf(loop: ts.IterationStatement): ts.CallExpression[] {
  const calls: ts.CallExpression[] = []
  forEachOwnNode(loop, (node) => {
    if (!ts.isCallExpression(node)) return
    const { parent } = wrapperOf(node)
    if (
      ts.isAwaitExpression(parent)
      || ts.isReturnStatement(parent)
      || ts.isVariableDeclaration(parent)
      || ts.isYieldExpression(parent)
      || ts.isForOfStatement(parent)
    )
      calls.push(node)
  })
  return calls
}

/** Whether a call is given the signal by its name, itself or in an object that is written out. */
function isGiven(call: ts.CallExpression, { root, text }: ReachableSignal): boolean {
  const isIt = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === root.text && text === root.text)
    || (ts.isPropertyAccessExpression(node) && bare(node.getText()) === bare(text))
  return call.arguments.some((argument) => !isFunctionExpression(unwrap(argument)) && someNode(argument, isIt))
}

function bare(text: string): string {
  return text.replace(/[?!]/gu, '')
}

function levelOf(loop: ts.IterationStatement, { role }: FileAnalysis): Level {
  // Over a list, what follows an abort fails at once, item by item, and most who wrote it mean each to have its try.
  return role === 'test' || ts.isForOfStatement(loop) ? 'possible' : 'likely'
}

/** The calls that a loop, or a function, itself waits for, those of loops inside it left to these. */
function awaitedCalls(scope: ts.IterationStatement | FunctionNode): ts.CallExpression[] {
  const calls: ts.CallExpression[] = []
  forEachOwnNode(scope, (node) => {
    const awaited = ts.isAwaitExpression(node) ? unwrap(node.expression) : undefined
    if (!awaited) return
    const inner = ts.findAncestor(node.parent, (at) => at === scope || ts.isIterationStatement(at, false))
    if (inner !== scope) return
    if (ts.isCallExpression(awaited)) calls.push(awaited)
    else if (ts.isNewExpression(awaited) && !endsWithAbort(awaited))
      forEachOwnNode(awaited, (part) => {
        if (ts.isArrowFunction(part)) collectTimers(part, calls)
      })
  })
  return calls
}

/** Whether a promise listens for an abort itself. */
function endsWithAbort(made: ts.NewExpression): boolean {
  return someNode(
    made,
    (node) =>
      (ts.isStringLiteralLike(node) && node.text === 'abort') || (ts.isIdentifier(node) && node.text === 'onabort'),
  )
}

function collectTimers(executor: ts.ArrowFunction, calls: ts.CallExpression[]): void {
  const add = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && calleeName(node) === 'setTimeout') calls.push(node)
  }
  add(executor.body)
  forEachOwnNode(executor, add)
}

/** Whether a call only waits, and takes no signal: one that takes it is `forward-abort-signal`'s business. */
function isPause(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  if (isTimer(call)) return call.arguments[1] !== undefined && (delayOf(call, analysis) ?? Infinity) >= SHORTEST
  if (!waitOf(call, analysis) && !SLEEP_NAMES.test(calleeName(call) ?? '')) return false
  return (
    (delayOf(call, analysis) ?? Infinity) >= SHORTEST
    && [SIGNALS, TOKENS].every((protocol) => slotsOf(call, analysis.types, protocol).length === 0)
  )
}

/** The `setTimeout` of a promise's executor. */
function isTimer(call: ts.CallExpression): boolean {
  return (
    calleeName(call) === 'setTimeout' && ts.findAncestor(call, ts.isNewExpression)?.expression.getText() === 'Promise'
  )
}

function delayOf(call: ts.CallExpression, analysis: FileAnalysis): number | undefined {
  const wait = isTimer(call) ? undefined : waitOf(call, analysis)
  if (wait) return wait.milliseconds
  const delay = call.arguments[isTimer(call) ? 1 : 0]
  return delay && millisecondsOf(delay, analysis)
}
