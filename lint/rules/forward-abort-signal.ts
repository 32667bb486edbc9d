import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { importOrigin } from '../analysis/code/imports.ts'
import { ioKindOf } from '../analysis/code/ioKind.ts'
import { type CancelProtocol, SIGNALS, TOKENS } from '../analysis/knowledge/cancelProtocols.ts'
import { RECORDER_NAMES, SIGNAL_NAMES, SLEEP_NAMES, STARTERS } from '../analysis/knowledge/names.ts'
import { type CallSlot, isKnownCallee, preferredSlot, slotsOf } from '../analysis/cancellation/signalSlots.ts'
import { carriesSignal, receiverCarriesSignal } from '../analysis/cancellation/signalCarriers.ts'
import { type ReachableSignal, signalsInReach } from '../analysis/cancellation/signals.ts'
import {
  calleeSeesSignal,
  type CallUse,
  isCleanup,
  isStoppedByListener,
  useOf,
} from '../analysis/cancellation/signalUse.ts'
import { watchOf } from '../analysis/cancellation/signalWatch.ts'
import {
  calleeName,
  excerpt,
  isFunctionExpression,
  isFunctionNode,
  isLoop,
  isMethodCall,
  someNode,
  unwrap,
} from '../analysis/code/syntax.ts'
import { isConfigurable, millisecondsOf } from '../analysis/cancellation/delays.ts'
import type { TypeQuestions } from '../analysis/code/typeQuestions.ts'
import { startsNothing, waitsOn } from '../analysis/cancellation/waitsOn.ts'
import { forwardFixes, moveFix } from '../fixes/forwardSignal.ts'
import type { Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

/** In milliseconds; a pause below this in a loop that looks at the signal delays an abort by less than anybody minds. */
const SHORT_POLL = 1_000

export const rule = defineRule({
  id: 'forward-abort-signal',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: 'Require passing the abort signal in scope to the calls that accept one',
    fixable: true,
    hasSuggestions: true,
  },
  check(context) {
    const { text } = context.sourceFile
    const protocols: CancelProtocol[] = []
    if (/AbortSignal|AbortController|signal|Request/u.test(text)) protocols.push(SIGNALS)
    if (/CancellationToken|[tT]oken\??\.(?:is|on)Cancellation/u.test(text)) protocols.push(TOKENS)
    if (protocols.length === 0) return {}
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        for (const protocol of protocols) checkCall(node, protocol, context)
      },
    }
  },
})

function checkCall(call: ts.CallExpression, protocol: CancelProtocol, context: RuleContext): void {
  const { analysis } = context
  if (startsNothing(call)) return
  const inReach = signalsInReach(call, analysis, protocol)
  if (inReach.length === 0) return
  // Most calls that name a signal pass it on as they should; only for functions known by heart is a wrong place told.
  if (namesSignal(call) && !isKnownCallee(call.expression, analysis.types)) return
  const slots = slotsOf(call, analysis.types, protocol)
  const place = preferredSlot(call, slots)
  if (!place) return
  const signals = inReach.filter(
    (signal) => !isStoppedByListener(call, signal, analysis) && !calleeSeesSignal(call, signal, analysis),
  )
  const [signal] = signals
  // Tests make controllers to watch one call of several.
  if (signal?.source === 'local' && analysis.role === 'test') return
  if (!signal || isCleanup(call, signal.owner, analysis)) return
  const misplaced = protocol === SIGNALS ? misplacedSignal(call, place, analysis) : undefined
  if (misplaced) {
    reportMisplaced(call, place, misplaced, context)
    return
  }
  if (mayHaveSignal(call, slots, analysis, protocol)) return
  const use = useHere(call, analysis)
  if (use === 'detached' || use === 'guarded' || isShortPoll(call, analysis)) return
  report(call, place, signals, signal, use, context)
}

function namesSignal(call: ts.CallExpression): boolean {
  return call.arguments.some((argument) =>
    someNode(argument, (node) => ts.isIdentifier(node) && SIGNAL_NAMES.test(node.text)),
  )
}

function report(
  call: ts.CallExpression,
  place: CallSlot,
  signals: readonly ReachableSignal[],
  signal: ReachableSignal,
  use: CallUse,
  context: RuleContext,
): void {
  const { analysis } = context
  const { protocol } = signal
  const level = levelOf(call, place, signals, signal, use, analysis)
  const fixes = forwardFixes(call, place, signals, analysis)
  const isSafe = level === 'certain' && fixes.length === 1
  context.report({
    node: call.expression,
    level,
    message: `\`${excerpt(call.expression)}\` is given no ${protocol === SIGNALS ? 'signal' : 'token'}: when \`${signal.text}\` ${protocol.event}, it runs on to its end and its caller waits for it.`,
    related: [{ node: signal.root, message: `\`${signal.text}\` is at hand since here.` }],
    fix: isSafe ? fixes[0] : undefined,
    suggestions: isSafe ? [] : fixes,
  })
}

/**
 * How sure a missing signal is a mistake.
 *
 * - `certain`: the call's own parameter or option, by its declaration, is for the signal that the function was given, and
 *   what the function waits for there lasts: the network, a process, a model, a timer.
 * - `likely`: the same by way of a function around, a field or a name that is known; or a declared parameter of a function
 *   whose body is not at hand; or an option of one that a package declares, that the file gives a signal elsewhere, or that the
 *   function gives another call. Of a token no more: whether work rejects when it is cancelled, or gives less, is its own.
 * - `possible`: the rest, among it local files, waits for what others do, and options of functions that nobody knows.
 */
function levelOf(
  call: ts.CallExpression,
  place: CallSlot,
  signals: readonly ReachableSignal[],
  signal: ReachableSignal,
  use: CallUse,
  analysis: FileAnalysis,
): Level {
  if (analysis.role === 'test' || use === 'passed' || signal.source === 'request' || signal.source === 'spare field')
    return 'possible'
  if (signal.source === 'local') return isForgotten(signal, analysis) ? 'likely' : 'possible'
  // A local file is read or written before anybody minds, and half of one is worth less than none.
  if (ioKindOf(call, analysis.types) === 'file') return 'possible'
  // What it waits for comes by itself, and is left alone by who stops waiting.
  if (waitsForEnd(call)) return 'possible'
  // Of a call that is given work to do, the signal may end less than that work.
  const runsWork = call.arguments.some((argument) => isFunctionExpression(unwrap(argument)))
  // What records the work may end its record at the abort; the work has to mind the signal itself.
  if (runsWork && RECORDER_NAMES.test(calleeName(call) ?? '')) return 'possible'
  const source = waitsOn(call, analysis)
  // Giving up such a wait ends no work, and most often there is nothing to wait for.
  if (source === 'given' || source === 'memory') return 'possible'
  // Options have room for a signal that one of many ways to call a function minds; a parameter is there to be given.
  if (
    source === 'unknown'
    && place.slot.kind === 'option'
    && !isMeantForSignals(call, analysis)
    && !isGivenBeside(call, place.slot.property, signal)
  )
    return 'possible'
  const isSure =
    source === 'outside'
    && place.typed !== undefined
    && signal.source === 'parameter'
    && use === 'awaited'
    && signals.length === 1
    && !runsWork
    // What a function does when its token is cancelled, reject or give less, is its own; nobody but a person knows.
    && signal.protocol === SIGNALS
  return isSure ? 'certain' : 'likely'
}

/** Whether a function is known or published with its signal, or the file gives one to another call of it: here it was left out. */
function isMeantForSignals(call: ts.CallExpression, { sourceFile, types }: FileAnalysis): boolean {
  const callee = unwrap(call.expression)
  const named = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  const declared = ts.isMemberName(named) ? types.symbol(named)?.declarations?.[0] : undefined
  if (declared?.getSourceFile().isDeclarationFile || isKnownCallee(callee, types)) return true
  const name = calleeName(call)
  return someNode(
    sourceFile,
    (node) => ts.isCallExpression(node) && node !== call && calleeName(node) === name && namesSignal(node),
  )
}

/** Whether the function hands it to another call under the same name: `exec(file, { cwd, token })` beside `run(text, { cwd })`. */
function isGivenBeside(call: ts.CallExpression, property: string, { owner }: ReachableSignal): boolean {
  const isIt = (node: ts.Node): boolean =>
    (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && node.name.getText() === property
  return (
    owner.body !== undefined
    && someNode(
      owner.body,
      (node) =>
        ts.isCallExpression(node)
        && node !== call
        && node.arguments.some((argument) => {
          const options = unwrap(argument)
          return ts.isObjectLiteralExpression(options) && options.properties.some(isIt)
        }),
    )
  )
}

/** `once(stream, 'finish')`: the event by which a thing says that it is done. */
function waitsForEnd(call: ts.CallExpression): boolean {
  const event = calleeName(call) === 'once' ? call.arguments[1] : undefined
  return (
    event !== undefined
    && ts.isStringLiteralLike(event)
    && /^(?:finish|close|exit|end|drain|spawn|ready|listening|open)$/u.test(event.text)
  )
}

/** The short pause of a loop that looks at the signal on each turn: the abort is seen soon enough. */
function isShortPoll(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  const [delay] = call.arguments
  if (
    !SLEEP_NAMES.test(calleeName(call) ?? '')
    || !delay
    || isConfigurable(delay, analysis)
    || (millisecondsOf(delay, analysis) ?? Infinity) >= SHORT_POLL
  )
    return false
  const loop = ts.findAncestor(call, (node) => isLoop(node) || isFunctionNode(node))
  return loop !== undefined && isLoop(loop) && watchOf(loop, analysis).kind === 'minds'
}

/** Whether a signal made in the function goes nowhere: it was made for the calls below and forgotten. */
function isForgotten({ root, text }: ReachableSignal, { references }: FileAnalysis): boolean {
  const isProperty = text !== root.text
  return (
    ts.isIdentifier(root)
    && !references.of(root).some((use) => {
      if (!isProperty) return !ts.isPropertyAccessExpression(use.parent)
      return !ts.isPropertyAccessExpression(use.parent) || use.parent.name.text === 'signal'
    })
  )
}

/** What becomes of the call, where it is one that can be cancelled: it gives a promise, or starts a process. */
function useHere(call: ts.CallExpression, analysis: FileAnalysis): CallUse {
  const use = useOf(call, analysis)
  const name = calleeName(call) ?? ''
  const isStarter =
    STARTERS.has(name)
    && /^(?:node:)?child_process$/u.test(importOrigin(call.expression, analysis.types)?.specifier ?? '')
  if (analysis.types.thenable(call) !== 'never') return use
  if (isStarter)
    return someNode(analysis.sourceFile, (node) => ts.isIdentifier(node) && node.text === 'kill') ? 'guarded' : 'joined'
  return ts.isForOfStatement(call.parent) ? use : 'detached'
}

/** Whether some argument brings a signal, or an object that may hold one, or says on purpose that there is none. */
function mayHaveSignal(
  call: ts.CallExpression,
  slots: readonly CallSlot[],
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): boolean {
  if (call.arguments.some((argument) => ts.isSpreadElement(argument) || carriesSignal(argument, analysis, protocol)))
    return true
  if (receiverCarriesSignal(call, analysis, protocol)) return true
  return slots.some(({ slot }) => {
    const given = call.arguments[slot.index]
    return given !== undefined && isWhole(unwrap(given), analysis)
  })
}

/** A value that is not written out here, so that nobody can see what it holds. */
function isWhole(given: ts.Expression, { types }: FileAnalysis): boolean {
  if (ts.isObjectLiteralExpression(given)) return given.properties.some(ts.isSpreadAssignment)
  if (ts.isLiteralExpression(given) || ts.isTemplateExpression(given) || isFunctionExpression(given)) return false
  if (ts.isArrayLiteralExpression(given)) return false
  return (
    types.isUntyped(given) || isListOfObjects(given, types) || !(types.isNumberOrString(given) || types.isArray(given))
  )
}

/** `inputs.map((input) => optionsFor(input))`: each of the options may hold a signal. */
function isListOfObjects(given: ts.Expression, types: TypeQuestions): boolean {
  const callback = isMethodCall(given, 'map') ? given.arguments[0] : undefined
  const fn = callback && unwrap(callback)
  return fn !== undefined && ts.isArrowFunction(fn) && !ts.isBlock(fn.body) && !types.isNumberOrString(unwrap(fn.body))
}

/** An argument that holds a signal where a function that we know does not look for one. */
function misplacedSignal(
  call: ts.CallExpression,
  { slot }: CallSlot,
  analysis: FileAnalysis,
): ts.Expression | undefined {
  if (slot.kind !== 'option' || !isKnownCallee(call.expression, analysis.types)) return undefined
  // Where the signal stands in its place, one elsewhere is a value like any other; so is what a function is about:
  // `once(signal, 'abort')` waits for the end itself.
  const inPlace = call.arguments[slot.index]
  if (inPlace && ts.isObjectLiteralExpression(unwrap(inPlace)) && carriesSignal(inPlace, analysis)) return undefined
  return call.arguments.find((argument, index) => {
    const value = unwrap(argument)
    if (index === 0 && slot.index > 0) return false
    if (analysis.types.signals.isSignal(value)) return true
    return (
      index !== slot.index
      && ts.isObjectLiteralExpression(value)
      && value.properties.length === 1
      && value.properties[0]?.name?.getText() === slot.property
    )
  })
}

function reportMisplaced(
  call: ts.CallExpression,
  place: CallSlot,
  misplaced: ts.Expression,
  context: RuleContext,
): void {
  const fix = moveFix(call, place, misplaced)
  context.report({
    node: misplaced,
    level: place.typed ? 'certain' : 'likely',
    message: `\`${excerpt(call.expression)}\` does not look for a signal here, so that an abort does not reach it.`,
    suggestions: fix ? [fix] : [],
  })
}
