import ts from 'typescript'
import {
  abortedOnSuccessOnly,
  clearedOnSuccessOnly,
  deadlineOf,
  isHandleDropped,
} from '../analysis/cancellation/deadlines.ts'
import { earlyClearOf } from '../analysis/cancellation/earlyClears.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  calleeName,
  enclosingFunction,
  enclosingStatement,
  excerpt,
  type FunctionNode,
  hasModifier,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  isWithin,
  someNode,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { millisecondsOf } from '../analysis/cancellation/delays.ts'
import { wrapInFinally } from '../fixes/wrapInFinally.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

/** Timers up to this, in milliseconds, are gone before anybody minds. */
const SHORT = 1_000

export const rule = defineRule({
  id: 'no-lost-cancel',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: 'Disallow abort controllers that nothing aborts, and deadlines that outlive the work they are for',
    fixable: false,
    hasSuggestions: true,
  },
  check(context) {
    // Tests hand over signals that nobody will abort, and end with their process.
    if (context.analysis.role === 'test') return {}
    return {
      [ts.SyntaxKind.NewExpression](node: ts.NewExpression) {
        if (calleeName(node) !== 'AbortController') return
        const holder = wrapperOf(node).parent
        if (ts.isVariableDeclaration(holder)) checkVariable(holder, context)
        else if (ts.isPropertyDeclaration(holder)) checkField(holder, context)
      },
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (calleeName(node) === 'setTimeout') checkTimer(node, context)
      },
      [ts.SyntaxKind.ReturnStatement](node: ts.ReturnStatement) {
        checkReturn(node, context)
      },
    }
  },
})

function checkVariable(declaration: ts.VariableDeclaration, context: RuleContext): void {
  const { name } = declaration
  const fn = enclosingFunction(declaration)
  if (!fn || !ts.isIdentifier(name)) return
  if (!ts.isVariableDeclarationList(declaration.parent) || !(declaration.parent.flags & ts.NodeFlags.Const)) return
  const uses = context.analysis.references.of(name)
  if (uses.length > 0 && uses.every(isSignalRead)) {
    reportNeverAborted(
      name,
      uses.map((use) => use.parent),
      context,
    )
    return
  }
  for (const use of uses) checkDeadline(use, fn, context)
  checkAbort(name, context)
}

/** A field that nobody outside can reach. */
function checkField(field: ts.PropertyDeclaration, context: RuleContext): void {
  const { name, parent } = field
  if (!ts.isMemberName(name) || (!ts.isPrivateIdentifier(name) && !hasModifier(field, ts.SyntaxKind.PrivateKeyword)))
    return
  const holders = context.analysis.references
    .members(name.text)
    .filter((use) => use !== name && isWithin(use, parent))
    .map((use) => use.parent)
  const isRead = (holder: ts.Node): holder is ts.PropertyAccessExpression =>
    ts.isPropertyAccessExpression(holder) && isSignalRead(holder)
  if (holders.length > 0 && holders.every(isRead))
    reportNeverAborted(
      name,
      holders.map((holder) => holder.parent),
      context,
    )
}

/** `controller.signal`, and nothing more. */
function isSignalRead(controller: ts.Node): boolean {
  const { parent } = controller
  return ts.isPropertyAccessExpression(parent) && parent.expression === controller && parent.name.text === 'signal'
}

function reportNeverAborted(name: ts.MemberName, reads: readonly ts.Node[], { analysis, report }: RuleContext): void {
  report({
    node: name,
    level: reads.some((read) => isForTyped(read, analysis)) ? levelOf(analysis) : 'possible',
    message: `Nothing ever aborts \`${name.text}\`: what is given its signal looks as if it could be cancelled, and cannot.`,
    related: reads.slice(0, 1).map((node) => ({ node, message: 'This signal never aborts.' })),
  })
}

/** Whether a signal goes to something of which types tell: only then is it clear that it is not there because it must be. */
function isForTyped(read: ts.Node, { types }: FileAnalysis): boolean {
  const call = ts.findAncestor(read, (at) =>
    ts.isStatement(at) ? 'quit' : ts.isCallExpression(at) || ts.isNewExpression(at),
  )
  if (!call || (!ts.isCallExpression(call) && !ts.isNewExpression(call))) return true
  return !types.isUntyped(call.expression)
}

function checkAbort(name: ts.Identifier, { analysis, report }: RuleContext): void {
  const found = abortedOnSuccessOnly(name, analysis)
  if (!found) return
  const fix = endInFinally(name, found.abort, analysis, 'Abort in `finally`')
  report({
    node: name,
    level: levelOf(analysis),
    message: `When the work fails, nothing aborts \`${name.text}\`: what was given its signal runs on, and nobody waits for it any more.`,
    related: [
      { node: found.exit, message: 'A failure here leaves the function.' },
      { node: found.abort, message: 'This aborts only when all went well.' },
    ],
    suggestions: fix ? [fix] : [],
  })
}

function checkDeadline(use: ts.Identifier, fn: FunctionNode, { analysis, report }: RuleContext): void {
  const timer = deadlineOf(use)
  const delay = timer?.arguments[1]
  if (!timer || !delay || enclosingFunction(timer) !== fn || (millisecondsOf(delay, analysis) ?? Infinity) <= SHORT)
    return
  if (isHandleDropped(timer)) {
    if (
      !fn.body
      || !someOwnNode(fn.body, (node) => node.pos >= timer.end && (suspends(node) || givesWork(node, use, analysis)))
    )
      return
    report({
      node: timer.expression,
      level: levelOf(analysis),
      message: `When the work is done in time, this timer runs on until it fires: nothing clears it, and it keeps the process alive and \`${use.text}\` with all that listens to it.`,
      related: [{ node: use.parent, message: 'This is all that the timer is for.' }],
    })
    return
  }
  const skipped = clearedOnSuccessOnly(timer, analysis)
  if (!skipped) return
  const fix = endInFinally(timer, skipped.clear, analysis, 'Clear the timer in `finally`')
  report({
    node: timer.expression,
    level: levelOf(analysis),
    message: `When the work fails, nothing clears this timer: it runs on until it fires, and keeps the process alive and \`${use.text}\` with all that listens to it.`,
    related: [
      { node: skipped.wait, message: 'A failure here leaves the function.' },
      { node: skipped.clear, message: 'This clears the timer only when all went well.' },
    ],
    suggestions: fix ? [fix] : [],
  })
}

/** A timer that acts when work takes long, and that success alone clears: after a failure it acts for work that is over. */
function checkTimer(timer: ts.CallExpression, { analysis, report }: RuleContext): void {
  const [callback, delay] = timer.arguments
  const acts = callback && unwrap(callback)
  if (!acts || !isFunctionExpression(acts) || !delay || (millisecondsOf(delay, analysis) ?? Infinity) <= SHORT) return
  const skipped = clearedOnSuccessOnly(timer, analysis, (node) => {
    const call = ts.isAwaitExpression(node) ? unwrap(node.expression) : undefined
    return call !== undefined && ts.isCallExpression(call) && analysis.summaries.callCanReject(call)
  })
  if (!skipped || isOfNoMatter(acts)) return
  const fix = endInFinally(timer, skipped.clear, analysis, 'Clear the timer in `finally`')
  report({
    node: timer.expression,
    level: levelOf(analysis),
    message: 'When the work fails, nothing clears this timer: it fires later, and acts for work that is over.',
    related: [
      { node: skipped.wait, message: 'A failure here leaves the function.' },
      { node: skipped.clear, message: 'This clears the timer only when all went well.' },
    ],
    suggestions: fix ? [fix] : [],
  })
}

/** What a late timer may do all the same: abort a controller, told elsewhere; kill what should be gone by then; or only log. */
function isOfNoMatter(acts: ts.ArrowFunction | ts.FunctionExpression): boolean {
  if (someNode(acts, (node) => isMethodCall(node, 'abort', 'kill'))) return true
  const done = ts.isBlock(acts.body)
    ? acts.body.statements.map((statement) => (ts.isExpressionStatement(statement) ? statement.expression : undefined))
    : [acts.body]
  return done.every((node) => node && LOGS.test(node.getText()))
}

const LOGS = /^(?:this\.)?#?_?(?:console|log(?:ger)?|debug)\b/iu

/** Work that is given out while it has yet to end, out of a `try` whose `finally` takes its time limit back. */
function checkReturn(statement: ts.ReturnStatement, { analysis, report }: RuleContext): void {
  const early = earlyClearOf(statement, analysis)
  const fn = enclosingFunction(statement)
  if (!early || !fn) return
  const { work, timer, clear } = early
  const at = work.getStart()
  const fix: Fix = { title: 'Wait for it before `finally`', edits: () => [{ start: at, end: at, text: 'await ' }] }
  report({
    node: work.expression,
    level: 'certain',
    message: `Nothing waits here, so that \`finally\` clears the timer as soon as \`${excerpt(work.expression)}\` has begun: the time limit never comes.`,
    related: [
      { node: clear, message: 'This runs before the promise has ended.' },
      { node: timer, message: 'This is cleared before it can fire.' },
    ],
    suggestions: isAsync(fn) && statement.expression === work ? [fix] : [],
  })
}

/** What a script or an example leaves running is over when it ends. */
function levelOf({ role }: FileAnalysis): Level {
  return role === 'product' ? 'likely' : 'possible'
}

/** `return fetch(url, { signal: controller.signal })`: the caller waits for what the deadline is for. */
function givesWork(node: ts.Node, controller: ts.Identifier, { references, types }: FileAnalysis): boolean {
  if (!ts.isReturnStatement(node) || !node.expression || types.thenable(node.expression) === 'never') return false
  return references
    .of(controller)
    .some((use) => isSignalRead(use) && isWithin(use, node) && enclosingFunction(use) === enclosingFunction(node))
}

/** The statements between two places, in `try`, where both stand in one block. */
function endInFinally(start: ts.Node, end: ts.CallExpression, analysis: FileAnalysis, title: string): Fix | undefined {
  const taken = enclosingStatement(start)
  const given = enclosingStatement(end)
  if (
    !taken
    || !given
    || !ts.isBlock(taken.parent)
    || given.parent !== taken.parent
    || !ts.isExpressionStatement(given)
  )
    return undefined
  const { statements } = taken.parent
  const between = statements.slice(statements.indexOf(taken) + 1, statements.indexOf(given))
  return wrapInFinally({ taken, given, between }, analysis, title)
}
