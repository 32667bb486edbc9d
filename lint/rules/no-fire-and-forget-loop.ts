import ts from 'typescript'
import { runsInHandler, runsUnattended } from '../analysis/code/attendance.ts'
import { sizeOf } from '../analysis/bounds/boundedness.ts'
import {
  droppedCalls,
  isDetachedByHelper,
  isEditorCall,
  isInDispose,
  isNotice,
  isSaidToRunAlone,
  isTrackedElsewhere,
  loopAround,
} from '../analysis/promises/droppedWork.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { endsForNobody, isDroppedByHabit } from '../analysis/promises/habit.ts'
import { waitFedBy } from '../analysis/promises/fedWaits.ts'
import { givesPromise } from '../analysis/promises/likePromise.ts'
import { turnsAwaySecondRun } from '../analysis/promises/overlap.ts'
import { isWeak, type Reliance, relianceOnTurns } from '../analysis/promises/reliance.ts'
import {
  calleeName,
  canAwaitAt,
  enclosingFunction,
  excerpt,
  isAsync,
  isLoop,
  isMethodCall,
  isWithin,
  someNode,
  someOwnNode,
  suspends,
  unwrap,
} from '../analysis/code/syntax.ts'
import { canAddAwait } from '../fixes/awaits.ts'
import { insertBefore } from '../fixes/insertBefore.ts'
import { freeName, holdScope } from '../fixes/names.ts'
import { indentOf, lineEndAfter, styleOf } from '../fixes/style.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

interface Options {
  /** Functions that detach work on purpose, by the last name of the call. */
  readonly allowedCalls: readonly string[]
}

export const rule = defineRule<Options>({
  id: 'no-fire-and-forget-loop',
  meta: {
    family: 'fan-out',
    level: 'likely',
    description: 'Disallow starting a promise per turn of a loop without ever waiting for it',
    fixable: false,
    hasSuggestions: true,
  },
  defaultOptions: { allowedCalls: [] },
  optionsSchema: {
    type: 'object',
    properties: { allowedCalls: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
    additionalProperties: false,
  },
  check({ analysis, options, report }) {
    return {
      [ts.SyntaxKind.ExpressionStatement](statement: ts.ExpressionStatement) {
        const [started] = droppedCalls(statement)
        if (started === undefined) return
        const loop = loopAround(statement, analysis)
        if (loop === undefined || runsOnce(statement, loop)) return
        if (options.allowedCalls.includes(calleeName(started) ?? '')) return
        const level = levelOf(started, statement, loop, analysis)
        if (level === undefined) return
        report({
          node: started.expression,
          level,
          message: `Nothing waits for \`${excerpt(started.expression)}\`: each turn of the loop starts one, the code after the loop runs before they are done, and a rejection is unhandled.`,
          related: [{ node: loopHead(loop), message: 'Each turn of this loop starts one.' }],
          suggestions: suggestionsFor(started, statement, loop, analysis),
        })
      },
    }
  },
})

function loopHead(loop: ts.Node): ts.Node {
  if (ts.isForOfStatement(loop) || ts.isForInStatement(loop) || ts.isWhileStatement(loop) || ts.isDoStatement(loop))
    return loop.expression
  if (ts.isForStatement(loop)) return loop.condition ?? loop
  return ts.isCallExpression(loop) ? loop.expression : loop
}

/** Whether the turn that starts the call is the last one, because the loop is left right after. */
function runsOnce(statement: ts.Statement, loop: ts.Node): boolean {
  if (!isLoop(loop)) return false
  for (let at: ts.Node = statement; at !== loop.statement; at = at.parent) {
    if (!ts.isBlock(at.parent) && !ts.isCaseOrDefaultClause(at.parent)) continue
    const { statements } = at.parent
    const after = statements.slice(statements.indexOf(at as ts.Statement) + 1)
    const leaves = after.some(
      (next) =>
        ts.isReturnStatement(next) || ts.isThrowStatement(next) || (ts.isBreakStatement(next) && endsLoop(next, loop)),
    )
    if (leaves) return true
  }
  return false
}

/** Whether a `break` is one of the loop, and not of a `switch` or a loop in it. */
function endsLoop(leave: ts.BreakStatement, loop: ts.Node): boolean {
  return (
    leave.label !== undefined
    || ts.findAncestor(leave.parent, (at) => at === loop || isLoop(at) || ts.isSwitchStatement(at)) === loop
  )
}

function levelOf(
  started: ts.CallExpression,
  statement: ts.Statement,
  loop: ts.Node,
  analysis: FileAnalysis,
): Level | undefined {
  const { types, summaries } = analysis
  if (isFew(loop)) return undefined
  if (!givesPromise(started, analysis) || isDetachedByHelper(started, types)) return undefined
  // Asked late: the type of a list may cost a lot, and most loops drop calls that give no promise.
  if (ts.isForOfStatement(loop) && isShortList(unwrap(loop.expression), analysis)) return undefined
  if (isQueuedInto(started, loop)) return undefined
  const callee = types.functionOf(started.expression)
  if (callee && isAsync(callee) && !summaries.of(callee).awaits) return undefined
  // Tests and examples set work going and look at it later, or never.
  if (analysis.role !== 'product' || isNotice(started)) return 'possible'
  if (isTrackedElsewhere(started) || isSaidToRunAlone(started, analysis) || !summaries.callCanReject(started))
    return 'possible'
  if (callee && turnsAwaySecondRun(callee)) return 'possible'
  if (isAcceptLoop(loop) || runsUnattended(statement) || isInDispose(statement)) return 'possible'
  const reliance = relianceOnTurns(started, analysis)
  if (!reliance || (reliance.kind !== 'handler' && isEditorCall(started, types))) return 'possible'
  if (isWeak(reliance) && (!isCountedOn(started, loop, reliance) || runsInHandler(statement))) return 'possible'
  if (isWeak(reliance) && isUsual(started, loop, analysis)) return 'possible'
  if (reliance.kind === 'feeds' || types.thenable(started) === 'unknown') return 'likely'
  return isLoop(loop) && canAwaitAt(statement) && (reliance.kind !== 'change' || isAllThereIs(started))
    ? 'certain'
    : 'likely'
}

/**
 * Whether a weak sign is enough: it is in functions that could wait, where the work is awaited elsewhere or changes something.
 * Elsewhere nobody could have waited, and the end of the work has to count: what is told to end is awaited elsewhere.
 */
function isCountedOn(started: ts.CallExpression, loop: ts.Node, { kind }: Reliance): boolean {
  if (kind === 'io' || kind === 'handler') return false
  return canAwaitAt(loop) || (kind === 'awaited' && ENDINGS.test(calleeName(started) ?? ''))
}

const ENDINGS =
  /^_*(?:shut_?down|close|stop|end|dispose|destroy|terminate|disconnect|flush|finish|finalize)(?=$|[A-Z_])/u

function isUsual(started: ts.CallExpression, loop: ts.Node, analysis: FileAnalysis): boolean {
  const act = ts.isCallExpression(loop) || isLoop(loop) ? loop : undefined
  return (act && endsForNobody(act, analysis)) === true || isDroppedByHabit(started, analysis)
}

/** Whether the function around waits for nothing: then it is async for what the loop starts, or for no reason. */
function isAllThereIs(started: ts.CallExpression): boolean {
  const body = enclosingFunction(started)?.body
  return body !== undefined && !someOwnNode(body, suspends)
}

const FLUSHES = /^(?:exec|execute|commit|flush|send|end|done|finish|close|drain|wait|onIdle|settled)$/u

/** `for (…) add(pipeline, job)` before `await pipeline.exec()`: the calls only queue, and the last one waits for all. */
function isQueuedInto(started: ts.CallExpression, loop: ts.Node): boolean {
  const callee = unwrap(started.expression)
  const receiver = ts.isPropertyAccessExpression(callee) ? [callee.expression] : []
  const holders = new Set(
    [...receiver, ...started.arguments]
      .map(unwrap)
      .filter(ts.isIdentifier)
      .map((name) => name.text),
  )
  const scope = enclosingFunction(loop)?.body ?? loop.getSourceFile()
  return someNode(
    scope,
    (node) =>
      node.pos >= loop.end
      && isMethodCall(node)
      && FLUSHES.test(node.expression.name.text)
      && holders.has(node.expression.expression.getText()),
  )
}

/** A loop over a few items fixed in the code, or one that starts a fixed number of workers. */
function isFew(loop: ts.Node): boolean {
  if (ts.isForOfStatement(loop)) return ts.isArrayLiteralExpression(unwrap(loop.expression))
  if (!ts.isForStatement(loop) || !loop.condition || !ts.isBinaryExpression(loop.condition)) return false
  const limit = unwrap(loop.condition.right)
  return ts.isNumericLiteral(limit) || /concurren|workers?|parallel|threads/iu.test(limit.getText())
}

/** A tuple, or a constant table. */
function isShortList(list: ts.Expression, analysis: FileAnalysis): boolean {
  if (analysis.types.isFixedTuple(list)) return true
  const size = sizeOf(list, analysis.types)
  return size.kind === 'bounded' && (size.why === 'an array literal' || size.why === 'a constant')
}

/** `for await (const request of server) handle(request)`: a server that answers many at a time. */
function isAcceptLoop(loop: ts.Node): boolean {
  if (ts.isForOfStatement(loop)) return loop.awaitModifier !== undefined
  return (ts.isWhileStatement(loop) || ts.isDoStatement(loop)) && loop.expression.kind === ts.SyntaxKind.TrueKeyword
}

function suggestionsFor(
  started: ts.CallExpression,
  statement: ts.ExpressionStatement,
  loop: ts.Node,
  analysis: FileAnalysis,
): readonly Fix[] {
  // To wait for what fills something before its reader is there may take for ever.
  if (waitFedBy(started, analysis) || (isLoop(loop) && beginsLater(started, loop, analysis))) return []
  if (!isLoop(loop) || !canAddAwait(statement, analysis) || unwrap(statement.expression) !== started) return []
  const inTurn: Fix = {
    title: 'Await each call in turn',
    edits: () => [{ start: started.getStart(), end: started.getStart(), text: 'await ' }],
  }
  const collected = collectFix(started, statement, loop, analysis)
  if (!collected) return [inTurn]
  // What a queue runs in its own time must not hold up what fills the queue.
  return isTrackedElsewhere(started) ? [collected, inTurn] : [inTurn, collected]
}

/** Whether what the calls are given to is told only behind the loop to begin: a queue that stands still until then. */
function beginsLater(started: ts.CallExpression, loop: ts.Node, { references }: FileAnalysis): boolean {
  const callee = unwrap(started.expression)
  const queue = ts.isPropertyAccessExpression(callee) ? unwrap(callee.expression) : undefined
  const name = queue && (ts.isPropertyAccessExpression(queue) ? queue.name : queue)
  if (!name || !ts.isIdentifier(name)) return false
  return references.named(name.text).some(({ pos, parent }) => {
    const holder = ts.isPropertyAccessExpression(parent) && parent.name.pos === pos ? parent.parent : parent
    return (
      pos >= loop.end && ts.isPropertyAccessExpression(holder) && /^(?:start|resume|release)$/u.test(holder.name.text)
    )
  })
}

/** Keeps the promises of all turns and waits for them behind the loop. */
function collectFix(
  started: ts.CallExpression,
  statement: ts.ExpressionStatement,
  loop: ts.IterationStatement,
  analysis: FileAnalysis,
): Fix | undefined {
  if (!ts.isBlock(loop.parent) && !ts.isSourceFile(loop.parent)) return undefined
  // An exit from inside the loop would pass the wait by.
  if (someOwnNode(loop.statement, (at) => ts.isReturnStatement(at))) return undefined
  if (ts.findAncestor(statement.parent, (at) => at !== loop && isWithin(at, loop) && isLoop(at))) return undefined
  return {
    title: 'Start all calls and wait for them after the loop',
    edits: () => {
      const { semicolon, newLine } = styleOf(analysis.sourceFile)
      const name = freeName('started', analysis.references, loop.parent)
      const indent = indentOf(loop)
      const kind = analysis.types.typeName(started) === 'Promise' ? 'Promise' : 'PromiseLike'
      const type = /\.[mc]?jsx?$/u.test(analysis.sourceFile.fileName) ? '' : `: ${kind}<unknown>[]`
      const behind = lineEndAfter(analysis.sourceFile, loop.end)
      return [
        insertBefore(loop, `const ${name}${type} = []`),
        { start: started.getStart(), end: started.getStart(), text: `${name}.push(` },
        { start: started.end, end: started.end, text: ')' },
        { start: behind, end: behind, text: `${newLine}${indent}await Promise.all(${name})${semicolon}` },
        holdScope(loop),
      ]
    },
  }
}
