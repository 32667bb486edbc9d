import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { ASKING_NAMES, RISKY_IO, SIGNAL_NAMES, SLEEP_NAMES } from '../analysis/knowledge/names.ts'
import {
  calleeName,
  constantNumber,
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isFunctionExpression,
  isLoop,
  isMethodCall,
  isWithin,
  someNode,
  someOwnNode,
  unwrap,
} from '../analysis/code/syntax.ts'
import { importName, mayImportModules } from '../fixes/imports.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-unbounded-retry',
  meta: {
    family: 'bounds',
    level: 'likely',
    description: 'Disallow retrying for ever, at once, with nothing that could end it',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.TryStatement](node: ts.TryStatement) {
        if (!node.catchClause) return
        const { catchClause } = node
        const retry =
          loopRetry(node, catchClause)
          ?? pressingRetry(node, catchClause, analysis)
          ?? recursiveRetry(node, catchClause, analysis)
        if (!retry || isAsking(retry.tried, analysis)) return
        const tried = excerpt(retry.tried.expression)
        report({
          node: retry.where,
          level:
            retry.pressed === undefined
              ? levelOf(retry.tried, analysis)
              : analysis.role === 'test'
                ? 'possible'
                : 'likely',
          message:
            retry.pressed === undefined
              ? `Whenever \`${tried}\` fails it is called again at once, for as long as it fails: `
                + 'there is no last attempt, no pause and no signal to stop it.'
              : `Whenever \`${tried}\` fails with ${retry.pressed} it is called again at once, for as long as it does: `
                + 'the other side cannot keep up, or is not there yet, and gets no pause in which that could change.',
          related: [{ node: retry.tried, message: 'This is what is tried again.' }],
          suggestions: retry.loop ? retrySuggestion(retry.loop, node, analysis) : [],
        })
      },
    }
  },
})

interface Retry {
  /** Where the squiggle goes: the loop's keyword, or the call that starts over. */
  readonly where: ts.Node
  readonly tried: ts.CallExpression
  readonly loop: ts.IterationStatement | undefined
  /** The failure that speaks of an other side that cannot keep up, where only such ones are tried again. */
  readonly pressed?: string
}

/** `while (true) { try { return await load() } catch {} }` with nothing in the loop that counts, waits or listens. */
function loopRetry(node: ts.TryStatement, clause: ts.CatchClause): Retry | undefined {
  const loop = loopOf(node)
  if (!loop || leaves(clause.block) || isHeldBack(loop)) return undefined
  // An await after the attempt paces the loop, whatever it waits for.
  const tried = awaitedCall(node.tryBlock)
  const isPaced = someOwnNode(
    loop,
    (at) => ts.isAwaitExpression(at) && (at.pos < node.tryBlock.pos || at.end > node.tryBlock.end),
  )
  return tried && !isPaced ? { where: loop.getFirstToken() ?? loop, tried, loop } : undefined
}

/** The loop that an attempt is all but alone in, and that its success ends. */
function loopOf(node: ts.TryStatement): ts.IterationStatement | undefined {
  const loop = ts.isBlock(node.parent) ? node.parent.parent : undefined
  if (!loop || !isLoop(loop) || ts.isForOfStatement(loop) || ts.isForInStatement(loop)) return undefined
  return leavesOnSuccess(node, loop) ? loop : undefined
}

/** `catch (error) { if (error.status === 429) continue; throw error }`: the very failures that want a pause are tried again without. */
function pressingRetry(node: ts.TryStatement, { block }: ts.CatchClause, analysis: FileAnalysis): Retry | undefined {
  const loop = loopOf(node)
  const tried = awaitedCall(node.tryBlock)
  if (!loop || !tried) return undefined
  for (const branch of block.statements) {
    if (!ts.isIfStatement(branch) || branch.elseStatement || !goesOn(branch.thenStatement)) continue
    const pressed = isNegated(branch.expression) ? undefined : OVERLOAD.exec(branch.expression.getText())?.[0]
    if (pressed === undefined || isHeldBack(loop, branch.expression)) continue
    const isPaced = someOwnNode(
      loop,
      (at) =>
        ts.isAwaitExpression(at)
        && (at.pos < node.tryBlock.pos || at.end > node.tryBlock.end)
        && !isOnlyReading(at, analysis),
    )
    return isPaced
      ? undefined
      : { where: loop.getFirstToken() ?? loop, tried, loop: undefined, pressed: `\`${pressed}\`` }
  }
  return undefined
}

/** Failures by which a service says that it has too much to do, or that it is not there yet. */
const OVERLOAD =
  /E(?:CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN)|\b(?:429|502|503|504)\b|RESOURCE_EXHAUSTED|\bUNAVAILABLE\b|TooManyRequests|Throttling\w*|rate.?limit\w*/iu

function goesOn(branch: ts.Statement): boolean {
  const last = ts.isBlock(branch) ? branch.statements.at(-1) : branch
  return last !== undefined && ts.isContinueStatement(last)
}

function isNegated(condition: ts.Expression): boolean {
  return someNode(
    condition,
    (at) =>
      (ts.isPrefixUnaryExpression(at) && at.operator === ts.SyntaxKind.ExclamationToken)
      || (ts.isBinaryExpression(at)
        && [ts.SyntaxKind.ExclamationEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken].includes(
          at.operatorToken.kind,
        )),
  )
}

/** `policy = await getPolicy()`: what is fetched anew before the next attempt is one more request, and no pause. */
function isOnlyReading(wait: ts.AwaitExpression, { summaries }: FileAnalysis): boolean {
  const call = unwrap(wait.expression)
  if (!ts.isCallExpression(call)) return false
  const callee = unwrap(call.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText()
  const reached = [...summaries.ioOf(call).keys()]
  return (
    !reached.includes('timer')
    && (reached.length > 0 || /^(?:get|fetch|load|read|list|refetch|refresh)(?=$|[A-Z])/u.test(name))
  )
}

/** Success ends the loop: the attempt returns or breaks as its last act, or sets what the loop's condition asks for. */
function leavesOnSuccess(node: ts.TryStatement, loop: ts.IterationStatement): boolean {
  const last = node.tryBlock.statements.at(-1)
  if (last && (ts.isReturnStatement(last) || ts.isBreakStatement(last))) return true
  const condition =
    ts.isWhileStatement(loop) || ts.isDoStatement(loop)
      ? unwrap(loop.expression)
      : ts.isForStatement(loop)
        ? loop.condition
        : undefined
  if (!condition || condition.kind === ts.SyntaxKind.TrueKeyword) return false
  const names = new Set<string>()
  const collect = (at: ts.Node): void => {
    if (ts.isIdentifier(at)) names.add(at.text)
    forEachChild(at, collect)
  }
  collect(condition)
  return node.tryBlock.statements.some(
    (statement) =>
      ts.isExpressionStatement(statement)
      && ts.isBinaryExpression(statement.expression)
      && statement.expression.operatorToken.kind === ts.SyntaxKind.EqualsToken
      && names.has(statement.expression.left.getText()),
  )
}

/** Whether the handler may give up: it throws, returns or breaks somewhere. */
function leaves(block: ts.Node): boolean {
  return someOwnNode(block, (at) => ts.isThrowStatement(at) || ts.isReturnStatement(at) || ts.isBreakStatement(at))
}

const COUNTING =
  /attempt|retr(?:y|ies)|tries|deadline|timeout|elapsed|remaining|\bmax|Date\.now|performance\.now|backoff/iu

/** A cap, a clock, a pause or a signal in the loop: a comparison with a number, a name that counts, a wait, a signal. */
function isHeldBack(scope: ts.Node, apartFrom?: ts.Node): boolean {
  return someNode(scope, (at) => {
    if (ts.isBinaryExpression(at)) {
      const isOrder =
        at.operatorToken.kind >= ts.SyntaxKind.LessThanToken
        && at.operatorToken.kind <= ts.SyntaxKind.GreaterThanEqualsToken
      // `status === 429` tells failures apart, and counts nothing.
      const isTold = apartFrom !== undefined && isWithin(at, apartFrom)
      if (isOrder || isTold) return isOrder
      return [at.left, at.right].some(
        (side) => (constantNumber(side) ?? 0) > 0 && ts.isBinaryExpression(at) && isEquality(at),
      )
    }
    // Taking a timer back waits for nothing.
    if (ts.isIdentifier(at) && /^clear(?:Timeout|Interval|Immediate)$/u.test(at.text)) return false
    if (ts.isIdentifier(at))
      return (
        SIGNAL_NAMES.test(at.text) || COUNTING.test(at.text) || SLEEP_NAMES.test(at.text) || at.text === 'setTimeout'
      )
    return ts.isPropertyAccessExpression(at) && COUNTING.test(at.getText())
  })
}

function isEquality({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.EqualsEqualsToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken
}

/** `catch { return load(url) }` in `load(url)` itself, with the arguments it was given. */
function recursiveRetry(node: ts.TryStatement, clause: ts.CatchClause, analysis: FileAnalysis): Retry | undefined {
  const fn = enclosingFunction(node)
  if (!fn || isLoopBetween(node, fn)) return undefined
  const tried = awaitedCall(node.tryBlock)
  const last = clause.block.statements.at(-1)
  const value = last && (ts.isReturnStatement(last) || ts.isExpressionStatement(last)) ? last.expression : undefined
  const again =
    value && unwrap(ts.isAwaitExpression(unwrap(value)) ? (unwrap(value) as ts.AwaitExpression).expression : value)
  if (!tried || !again || !ts.isCallExpression(again) || calleeName(again) === undefined) return undefined
  const repeats =
    again.arguments.length <= fn.parameters.length
    && again.arguments.every((argument, index) => argument.getText() === fn.parameters[index]?.name.getText())
  if (!repeats || analysis.types.functionOf(again.expression) !== fn) return undefined
  const isPaced = someOwnNode(
    clause.block,
    (at) => at !== last && ts.isAwaitExpression(at) && unwrap(at.expression) !== again,
  )
  const givesUp = someOwnNode(
    clause.block,
    (at) => at !== last && (ts.isThrowStatement(at) || ts.isReturnStatement(at)),
  )
  return isPaced || givesUp || mends(clause.block, last) || isHeldBack(fn)
    ? undefined
    : { where: again, tried, loop: undefined }
}

/** Whether the handler does anything before it starts over, such as making the folder that was missing. */
function mends(block: ts.Block, last: ts.Statement | undefined): boolean {
  return block.statements.some((statement) => statement !== last && !isLogging(statement))
}

function isLogging(statement: ts.Statement): boolean {
  if (!ts.isExpressionStatement(statement)) return false
  const call = unwrap(statement.expression)
  return ts.isCallExpression(call) && /(?:^|\.)(?:console|log(?:ger)?)\b/iu.test(call.expression.getText())
}

function isLoopBetween(node: ts.Node, fn: FunctionNode): boolean {
  return ts.findAncestor(node, (at) => at === fn || isLoop(at)) !== fn
}

/** The call that the attempt waits for first: the request, and not the reading of its answer. */
function awaitedCall(block: ts.Block): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined
  forEachOwnNode(block, (at) => {
    if (!ts.isAwaitExpression(at)) return
    const call = unwrap(at.expression)
    if (ts.isCallExpression(call) && (found === undefined || isWithin(call, found))) found = call
  })
  return found
}

/** People are asked again as often as it takes, and messages are waited for: neither fails at once for ever. */
function isAsking(tried: ts.CallExpression, { types }: FileAnalysis): boolean {
  if (
    /prompt|question|input|ask|select|confirm|readline|receive|accept|next|take|dequeue|pick|show/iu.test(
      calleeName(tried) ?? '',
    )
  )
    return true
  const fn = types.functionOf(tried.expression)
  return (
    fn?.body !== undefined
    && someNode(fn.body, (at) => ts.isCallExpression(at) && ASKING_NAMES.test(calleeName(at) ?? ''))
  )
}

function levelOf(tried: ts.CallExpression, { summaries, role }: FileAnalysis): Level {
  const reaches = [...summaries.ioOf(tried).keys()].some((kind) => RISKY_IO.has(kind) || kind === 'stat')
  return reaches && role !== 'test' ? 'likely' : 'possible'
}

/** `return retry(() => load())` for a loop that holds nothing but the attempt. */
function retrySuggestion(loop: ts.IterationStatement, node: ts.TryStatement, analysis: FileAnalysis): Fix[] {
  const [only, ...others] = node.tryBlock.statements
  const isEndless = ts.isWhileStatement(loop)
    ? loop.expression.kind === ts.SyntaxKind.TrueKeyword
    : ts.isForStatement(loop) && !loop.condition && !loop.initializer
  if (!isEndless || !mayImportModules(analysis.sourceFile)) return []
  if (!ts.isBlock(loop.statement) || loop.statement.statements.length !== 1 || others.length > 0 || node.finallyBlock)
    return []
  if (!only || !ts.isReturnStatement(only) || !only.expression || node.catchClause?.block.statements.length !== 0)
    return []
  const value = unwrap(only.expression)
  const call = ts.isAwaitExpression(value) ? unwrap(value.expression) : undefined
  const hasComments = /\/[/*]/u.test(loop.getText())
  if (
    !call
    || !ts.isCallExpression(call)
    || hasComments
    || someNode(call, (at) => ts.isAwaitExpression(at) || isMethodCall(at, 'catch') || isFunctionExpression(at))
  )
    return []
  return [
    {
      title: 'Try up to 5 times with growing pauses, with `retry`',
      edits: () => {
        const retry = importName(analysis, '@forkline/runtime', 'retry', loop)
        const semicolon = only.getText().endsWith(';') ? ';' : ''
        const text = `return await ${retry.name}(() => ${call.getText()}, { attempts: 5, delay: 200 })${semicolon}`
        return [...retry.edits, { start: loop.getStart(), end: loop.end, text }]
      },
    },
  ]
}
