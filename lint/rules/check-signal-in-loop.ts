import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { SLEEP_NAMES } from '../analysis/knowledge.ts'
import { signalsInReach } from '../analysis/signals.ts'
import { slotsOf } from '../analysis/signalSlots.ts'
import { isCleanup } from '../analysis/signalUse.ts'
import { watchOf } from '../analysis/signalWatch.ts'
import { calleeName, enclosingFunction, excerpt, forEachOwnNode, isAsync, someOwnNode, unwrap } from '../analysis/syntax.ts'
import { millisecondsOf, waitOf } from '../analysis/timers.ts'
import { throwIfAborted } from '../fixes/throwIfAborted.ts'
import type { Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

/** Turns shorter than this, in milliseconds, of a loop that ends by itself are over before anybody minds. */
const SHORTEST = 50

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
    if (!/AbortSignal|signal/iu.test(context.sourceFile.text)) return {}
    const check = (loop: ts.IterationStatement): void => { checkLoop(loop, context) }
    return {
      [ts.SyntaxKind.WhileStatement]: check,
      [ts.SyntaxKind.DoStatement]: check,
      [ts.SyntaxKind.ForStatement]: check,
      [ts.SyntaxKind.ForOfStatement]: check,
    }
  },
})

function checkLoop(loop: ts.IterationStatement, context: RuleContext): void {
  const { analysis } = context
  const fn = enclosingFunction(loop)
  if (!fn || !isAsync(fn)) return
  const calls = awaitedCalls(loop)
  const [first] = calls
  const pause = ts.isForOfStatement(loop) ? undefined : calls.find((call) => isPause(call, analysis))
  if (!first || (!pause && !someOwnNode(loop, ts.isCatchClause))) return
  const signal = signalsInReach(loop.statement, analysis).find(({ source }) => source === 'parameter' || source === 'enclosing')
  if (!signal || isCleanup(first, signal.owner, analysis)) return
  const watch = watchOf(loop, analysis)
  if (watch.kind === 'swallows') {
    const fix = throwIfAborted(watch.clause.block, signal, analysis)
    context.report({
      node: watch.clause.getFirstToken() ?? watch.clause,
      level: levelOf(loop, analysis),
      message: `When \`${signal.text}\` aborts, \`${excerpt(watch.call.expression)}\` rejects, and this \`catch\` takes it for a failure like any other: the loop goes on.`,
      related: [{ node: watch.call, message: 'An abort comes out here.' }],
      suggestions: fix ? [fix] : [],
    })
    return
  }
  if (watch.kind === 'minds' || !pause) return
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

function levelOf(loop: ts.IterationStatement, { role }: FileAnalysis): Level {
  // Over a list, what follows an abort fails at once, item by item, and most who wrote it mean each to have its try.
  return role === 'test' || ts.isForOfStatement(loop) ? 'possible' : 'likely'
}

/** The calls that the loop itself waits for, those of loops inside it left to these. */
function awaitedCalls(loop: ts.IterationStatement): ts.CallExpression[] {
  const calls: ts.CallExpression[] = []
  forEachOwnNode(loop, (node) => {
    const awaited = ts.isAwaitExpression(node) ? unwrap(node.expression) : undefined
    if (!awaited) return
    const inner = ts.findAncestor(node.parent, (at) => ts.isIterationStatement(at, false))
    if (inner !== loop) return
    if (ts.isCallExpression(awaited)) calls.push(awaited)
    else if (ts.isNewExpression(awaited)) forEachOwnNode(awaited, (part) => { if (ts.isArrowFunction(part)) collectTimers(part, calls) })
  })
  return calls
}

function collectTimers(executor: ts.ArrowFunction, calls: ts.CallExpression[]): void {
  const add = (node: ts.Node): void => { if (ts.isCallExpression(node) && calleeName(node) === 'setTimeout') calls.push(node) }
  add(executor.body)
  forEachOwnNode(executor, add)
}

/** Whether a call only waits, and takes no signal: one that takes it is `forward-abort-signal`'s business. */
function isPause(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  const name = calleeName(call) ?? ''
  if (name === 'setTimeout' && ts.findAncestor(call, ts.isNewExpression)?.expression.getText() === 'Promise') {
    const delay = call.arguments[1]
    return delay !== undefined && (millisecondsOf(delay, analysis) ?? Infinity) >= SHORTEST
  }
  const wait = waitOf(call, analysis)
  if (!wait && !SLEEP_NAMES.test(name)) return false
  const milliseconds = wait ? wait.milliseconds : call.arguments[0] && millisecondsOf(call.arguments[0], analysis)
  return (milliseconds ?? Infinity) >= SHORTEST && slotsOf(call, analysis.types).length === 0
}
