import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { runningLosers } from '../analysis/cancellation/raceLosers.ts'
import {
  enclosingFunction,
  excerpt,
  isLoop,
  isMethodCall,
  isPromiseCombinator,
  isWithin,
  someOwnNode,
  unwrap,
} from '../analysis/code/syntax.ts'
import { timeLimitOf } from '../analysis/cancellation/timeLimits.ts'
import { longestGiven, millisecondsOf } from '../analysis/cancellation/delays.ts'
import { type Wait, waitOf } from '../analysis/cancellation/timers.ts'
import { limitTimerFixes, raceTimerFixes } from '../fixes/raceTimer.ts'
import type { Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

/** Timers up to this, in milliseconds, are gone before anybody minds. */
const SHORT = 1_000

export const rule = defineRule({
  id: 'no-abandoned-race-loser',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: 'Disallow races whose losers run on: timers that are never cleared, requests that are never aborted',
    fixable: false,
    hasSuggestions: true,
  },
  check(context) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (isPromiseCombinator(node, 'race')) checkRace(node, context)
      },
      [ts.SyntaxKind.NewExpression](node: ts.NewExpression) {
        if (node.expression.getText() === 'Promise') checkPromise(node, context)
      },
    }
  },
})

function checkRace(race: ts.CallExpression, context: RuleContext): void {
  const { analysis } = context
  const list = race.arguments[0] && contestants(race.arguments[0], analysis)
  if (!list) return
  const waits = list.elements.map((element) => (ts.isSpreadElement(element) ? undefined : waitOf(element, analysis)))
  const isHere = list.literal !== undefined && isWithin(list.literal, race)
  const losers = waits.filter((wait) => wait !== undefined && (wait.milliseconds ?? Infinity) > SHORT) as Wait[]
  const [first] = losers
  if (waits.every((wait) => wait !== undefined) || exitsAfterwards(race)) return
  if (!first) {
    checkCalls(race, list.elements, context)
    return
  }
  if (losers.every(({ delay }) => delay && (longestGiven(delay, analysis) ?? Infinity) <= SHORT)) return
  const level: Level = analysis.role === 'test' || losers.every(({ kind }) => kind === 'name') ? 'possible' : 'likely'
  context.report({
    node: race.expression,
    level,
    message:
      `When another promise wins this race, ${nameOf(first)} runs on ${durationOf(first)}: `
      + 'nothing clears it, and it keeps the process alive along with all that its callback holds.',
    related: losers.map(({ call }) => ({ node: call, message: 'This timer is never cleared.' })),
    suggestions: losers.length === 1 && isHere && !isDeeper(first, race) ? raceTimerFixes(race, first, analysis) : [],
  })
}

/** A time limit written into a promise by hand: a race between a timer and an event. */
function checkPromise(made: ts.NewExpression, { analysis, report }: RuleContext): void {
  const limit = timeLimitOf(made, analysis)
  const delay = limit?.timer.arguments[1]
  if (!limit || !delay || exitsAfterwards(made)) return
  const milliseconds = millisecondsOf(delay, analysis)
  if ((milliseconds ?? Infinity) <= SHORT || (longestGiven(delay, analysis) ?? Infinity) <= SHORT) return
  report({
    node: limit.timer.expression,
    level: analysis.role === 'test' ? 'possible' : 'likely',
    message:
      `When this promise settles in another way, the timer runs on ${durationOf({ delay, milliseconds })}: `
      + 'nothing clears it, and it keeps the process alive along with all that its callback holds.',
    related: [{ node: limit.other, message: 'This settles it too.' }],
    suggestions: limitTimerFixes(made, limit.timer, analysis),
  })
}

/** What talks to the outside and would take a signal, in a race whose timers are looked after. */
function checkCalls(
  race: ts.CallExpression,
  elements: readonly ts.Expression[],
  { analysis, report }: RuleContext,
): void {
  if (analysis.role === 'test' || elements.some(ts.isSpreadElement)) return
  const losers = runningLosers(elements, analysis)
  const [first] = losers
  if (!first) return
  report({
    node: race.expression,
    level: analysis.role === 'product' ? 'likely' : 'possible',
    message: `When another promise wins this race, \`${excerpt(first)}\` goes on to its end, and nobody wants what it brings: it would take a signal, and has none.`,
    related: losers.map((node) => ({ node, message: 'This goes on when it has lost.' })),
  })
}

/** Whether a helper's wait lies in a function of its own in the list, where no edit of the list reaches it. */
function isDeeper({ call, kind }: Wait, race: ts.CallExpression): boolean {
  return kind !== 'timer' && enclosingFunction(call) !== enclosingFunction(race)
}

interface Contestants {
  /** The list, where it is written as a whole. */
  readonly literal: ts.ArrayLiteralExpression | undefined
  readonly elements: readonly ts.Expression[]
}

/** The promises, written in the call or in a constant that nothing else reads; also those that are put in on a condition. */
function contestants(argument: ts.Expression, { references, types }: FileAnalysis): Contestants | undefined {
  let list = unwrap(argument)
  if (isMethodCall(list, 'filter')) list = unwrap(list.expression.expression)
  if (ts.isArrayLiteralExpression(list)) return { literal: list, elements: list.elements.flatMap(spread) }
  const declaration = ts.isIdentifier(list) ? types.localSymbol(list)?.declarations?.[0] : undefined
  if (
    !declaration
    || !ts.isVariableDeclaration(declaration)
    || !ts.isIdentifier(declaration.name)
    || !declaration.initializer
  )
    return undefined
  const value = unwrap(declaration.initializer)
  if (!ts.isArrayLiteralExpression(value) || enclosingFunction(value) !== enclosingFunction(argument)) return undefined
  const others = references.of(declaration.name).filter((use) => use !== list)
  if (others.length === 0) return { literal: value, elements: value.elements.flatMap(spread) }
  const pushes = others.map((use) => use.parent.parent)
  const isOnlyPushed = pushes.every(
    (call) =>
      isMethodCall(call, 'push')
      && ts.isExpressionStatement(call.parent)
      && enclosingFunction(call) === enclosingFunction(argument)
      && !ts.findAncestor(call, (at) => (at === enclosingFunction(argument) ? 'quit' : isLoop(at))),
  )
  if (!isOnlyPushed) return undefined
  return {
    literal: undefined,
    elements: [...value.elements, ...(pushes as ts.CallExpression[]).flatMap((call) => call.arguments)].flatMap(spread),
  }
}

/** `...(limit ? [sleep(limit)] : [])`: what is in the list or not. */
function spread(element: ts.Expression): readonly ts.Expression[] {
  if (!ts.isSpreadElement(element)) return [element]
  const value = unwrap(element.expression)
  if (ts.isArrayLiteralExpression(value)) return value.elements.flatMap(spread)
  if (!ts.isConditionalExpression(value)) return [element]
  const branches = [unwrap(value.whenTrue), unwrap(value.whenFalse)]
  return branches.every(ts.isArrayLiteralExpression)
    ? branches.flatMap((branch) => branch.elements.flatMap(spread))
    : [element]
}

function nameOf({ call, kind }: Wait): string {
  return kind === 'timer' ? 'the timer' : `the timer of \`${excerpt(call)}\``
}

function durationOf({ delay, milliseconds }: Pick<Wait, 'delay' | 'milliseconds'>): string {
  if (milliseconds !== undefined) return `for up to ${String(milliseconds / 1_000)} s`
  return delay ? `for up to \`${excerpt(delay)}\` ms` : 'until it fires'
}

/** A program that ends itself after the race takes its timers with it. */
function exitsAfterwards(race: ts.Expression): boolean {
  const scope = enclosingFunction(race) ?? race.getSourceFile()
  return someOwnNode(
    scope,
    (node) =>
      node.pos >= race.end
      && isMethodCall(node, 'exit')
      && /^(?:process|app|electron\.app)$/u.test(node.expression.expression.getText()),
  )
}
