import ts from 'typescript'
import { runsInHandler, runsUnattended } from '../analysis/code/attendance.ts'
import { linkThatDrops } from '../analysis/promises/brokenChain.ts'
import {
  droppedCalls,
  isDetachedByHelper,
  isForValue,
  isMeantToRunAlone,
  isNotice,
  isSaidToRunAlone,
  loopAround,
} from '../analysis/promises/droppedWork.ts'
import { type Fork, forkOf } from '../analysis/promises/forkedChain.ts'
import { givesPromise, isAwaitedLikewise } from '../analysis/promises/likePromise.ts'
import { DIALOG_CALLS } from '../analysis/knowledge/names.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { endsForNobody, isDroppedByHabit, isDroppedEverywhere, isSlip } from '../analysis/promises/habit.ts'
import { exitAfter } from '../analysis/code/processExit.ts'
import {
  endsTry,
  handlerAround,
  handlerForAlone,
  isAsyncForIt,
  isWeak,
  type Reliance,
  relianceOn,
  relianceOnTurns,
  takerWaiting,
} from '../analysis/promises/reliance.ts'
import { type Settling, settlingWithout } from '../analysis/flow/unsettled.ts'
import {
  calleeName,
  canAwaitAt,
  dottedName,
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  headOfChain,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { canAddAwait, IGNORING } from '../fixes/awaits.ts'
import { dropDisable } from '../fixes/comments.ts'
import { chained, styleOf } from '../fixes/style.ts'
import type { Fix, Level, TextEdit } from '../model.ts'
import { defineRule, type Report } from '../rule.ts'

type Finding = Omit<Report, 'node'>

interface Options {
  /** Functions that detach work on purpose, by the last name of the call. */
  readonly allowedCalls: readonly string[]
}

export const rule = defineRule<Options>({
  id: 'no-floating-fan-out',
  meta: {
    family: 'fan-out',
    level: 'likely',
    description: 'Disallow starting work that can fail and going on without waiting for it',
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
        for (const call of droppedCalls(statement)) {
          if (options.allowedCalls.includes(calleeName(call) ?? '')) continue
          const found = cutOff(call, statement, analysis) ?? problemOf(call, statement, analysis)
          if (found) report({ ...found, node: call.expression })
        }
      },
    }
  },
})

/** What a call does that is still under way when the process is made to end. */
function cutOff(
  call: ts.CallExpression,
  statement: ts.ExpressionStatement,
  analysis: FileAnalysis,
): Finding | undefined {
  const exit = exitAfter(statement, analysis.references)
  if (!exit || analysis.types.thenable(call) !== 'always' || isDetachedByHelper(call, analysis.types)) return undefined
  const callee = analysis.types.functionOf(call.expression)
  if (callee && isAsync(callee) && !analysis.summaries.of(callee).awaits) return undefined
  return {
    level: analysis.role === 'test' || isSaidToRunAlone(call, analysis) ? 'possible' : 'likely',
    message: `\`${excerpt(exit.expression)}\` ends the process before \`${excerpt(call.expression)}\` is done: what it does after its first \`await\` never happens.`,
    related: [{ node: exit, message: 'Here the process ends.' }],
    suggestions: canAddAwait(call, analysis) ? [waitFor(call)] : [],
  }
}

function problemOf(
  call: ts.CallExpression,
  statement: ts.ExpressionStatement,
  analysis: FileAnalysis,
): Finding | undefined {
  const settling = settlingWithout(call, analysis.types)
  const fork = settling ? undefined : forkOf(call, analysis)
  if (fork) return forkedOff(fork, analysis)
  const inVain = settling || canAwaitAt(call) ? undefined : (handlerForAlone(call) ?? outcomeOf(call))
  const link = settling || inVain ? undefined : linkThatDrops(call)
  if (!settling && !inVain && !link && (!canAwaitAt(call) || enclosingFunction(call) === undefined)) return undefined
  if (!isPromise(call, settling, analysis) || isDetachedByHelper(call, analysis.types)) return undefined
  if (isJoinedCallback(call) || loopAround(statement, analysis)) return undefined
  const canReject = analysis.summaries.callCanReject(call)
  if (!canReject && (settling ?? link ?? !takerWaiting(call, analysis))) return undefined
  if (settling) {
    const { lost, told } = WAITING[settling.kind]
    return {
      // A question to the user fails only with the window that it is shown in.
      level: analysis.role === 'test' || isDialog(headOfChain(call)) ? 'possible' : 'likely',
      message: `Nothing handles a failure of \`${excerpt(headOfChain(call).expression)}\`: then \`${excerpt(settling.call.expression)}\` is never called, and ${lost}.`,
      related: [{ node: settling.call, message: told }],
      suggestions: settling.reject === undefined ? [] : [passOn(call, settling.call, settling.reject, analysis)],
    }
  }
  if (link) return brokenBy(call, link, analysis)
  const verdict = verdictOn(call, analysis)
  return {
    level: verdict.level,
    message: `Nothing waits for \`${excerpt(call.expression)}\`: ${verdict.consequence}${canReject ? ', and a rejection is unhandled' : ''}.`,
    related: verdict.related,
    suggestions: suggestionsFor(call, verdict, analysis),
  }
}

/** A chain on a promise that others see to is a promise of its own, which nobody sees to. */
function forkedOff({ chain, promise, seenTo }: Fork, analysis: FileAnalysis): Finding | undefined {
  const isMeant = isSaidToRunAlone(chain, analysis) || isDetachedByHelper(chain, analysis.types)
  if (analysis.types.thenable(chain) !== 'always' || !analysis.summaries.callCanReject(chain)) return undefined
  const isSilent = analysis.role !== 'product' || isMeant || runsUnattended(chain) || runsInHandler(chain)
  return {
    level: isSilent ? 'possible' : 'likely',
    message: `\`${excerpt(chain.expression)}\` makes a promise of its own: where \`${promise.text}\` rejects, that one does, too, and nothing handles it, whoever handles \`${promise.text}\`.`,
    related: [{ node: seenTo, message: `This sees to \`${promise.text}\` alone.` }],
    suggestions: [{ title: 'Ignore its failure here', edits: () => [chained(chain, `.catch(${IGNORING})`)] }],
  }
}

function isDialog(call: ts.CallExpression): boolean {
  return DIALOG_CALLS.test(dottedName(call.expression) ?? '')
}

/** By its type, or by what the code makes of it; what nothing is known of is one if it settles another or is tried. */
function isPromise(call: ts.CallExpression, settling: Settling | undefined, analysis: FileAnalysis): boolean {
  if (givesPromise(call, analysis)) return true
  return analysis.types.thenable(call) === 'unknown' && (settling !== undefined || isChainTried(call))
}

function isChainTried(call: ts.CallExpression): boolean {
  const callback = isMethodCall(call, 'then') ? call.arguments[0] : undefined
  return callback !== undefined && isFunctionExpression(unwrap(callback)) && endsTry(call)
}

/** What a failure means for those who wait, and what success does for them. */
const WAITING: Readonly<Record<Settling['kind'], { lost: string; told: string }>> = {
  promise: { lost: 'whoever waits for that promise waits for ever', told: 'Only success settles the other promise.' },
  callback: { lost: 'whoever waits to be called back waits for ever', told: 'Only success calls back.' },
  answer: { lost: 'the request is never answered', told: 'Only success answers the request.' },
}

/** What a callback starts last, where the chain that it is a link of goes on at once. */
function brokenBy(call: ts.CallExpression, link: MethodCall, analysis: FileAnalysis): Finding {
  const reliance = relianceOnTurns(call, analysis)
  const isMeant = analysis.role !== 'product' || isMeantToRunAlone(call, analysis)
  const isSure = reliance && !isMeant && !(isWeak(reliance) && isDroppedByHabit(call, analysis))
  return {
    level: isSure ? 'likely' : 'possible',
    message: `The chain does not wait for \`${excerpt(call.expression)}\`, for its callback gives nothing back: it goes on before that is done, and a rejection is unhandled.`,
    related: [{ node: link.expression.name, message: 'This is the link that does not wait.' }],
    suggestions: [waitInLink(call)],
  }
}

/** `Promise.all(users.map(async (user) => { save(user) }))` is another rule's: the callback waits for nothing. */
function isJoinedCallback(call: ts.CallExpression): boolean {
  const fn = enclosingFunction(call)
  const list = fn && wrapperOf(fn).parent
  return (
    fn?.body !== undefined
    && list !== undefined
    && ts.isCallExpression(list)
    && isPromiseCombinator(wrapperOf(list).parent)
    && !someOwnNode(fn.body, suspends)
  )
}

/** A `throw` in the callback of a chain whose result is dropped: it is thrown to nobody. */
function outcomeOf(call: ts.CallExpression): ts.Node | undefined {
  const callback = isMethodCall(call, 'then') && call.arguments[0] ? unwrap(call.arguments[0]) : undefined
  if (!callback || !isFunctionExpression(callback)) return undefined
  let thrown: ts.Node | undefined
  forEachOwnNode(callback, (node) => {
    if (ts.isThrowStatement(node) && !handlerAround(node)) thrown ??= node
  })
  return thrown
}

interface Verdict {
  readonly level: Level
  /** Something says that somebody counts on the work, and no habit of the code says otherwise. */
  readonly isCountedOn: boolean
  /** What comes further down waits for the work, though not for its failure. */
  readonly waitsAlready: boolean
  readonly consequence: string
  readonly related: readonly { readonly node: ts.Node; readonly message: string }[]
}

/** A dropped call alone is no evidence; what is needed is a sign that somebody counts on it. */
function verdictOn(call: ts.CallExpression, analysis: FileAnalysis): Verdict {
  const thrown = outcomeOf(call)
  const reliance = relianceOn(call, analysis)
  const head = headOfChain(call)
  const isLikewise = isAwaitedLikewise(call, analysis)
  const isMeant =
    isLikewise || isForItsOwnSake(call, reliance)
      ? isNotice(head) || isSaidToRunAlone(call, analysis)
      : isMeantToRunAlone(head, analysis)
  const isSilent =
    analysis.role !== 'product'
    || runsUnattended(call)
    || runsInHandler(call)
    || isInvokedAtOnce(call)
    || (isMethodCall(call, 'then', 'finally') && !thrown && !endsTry(call))
    || isMeant
  const isUsual = !thrown && !isSilent && reliance !== undefined && isUsualFor(call, reliance, analysis)
  const isCountedOn = (thrown ?? reliance) !== undefined && !isSilent && !isUsual
  // That the work matters does not yet say that its end does.
  const isSure = (): boolean =>
    thrown !== undefined
    || (reliance && !isWeak(reliance))
    || isLikewise
    || isAsyncForIt(call)
    || isSlip(call, analysis)
  return {
    level: isCountedOn && isSure() ? 'likely' : 'possible',
    isCountedOn,
    waitsAlready: reliance?.kind === 'feeds',
    consequence: thrown ? 'what its callback throws reaches nobody' : consequenceOf(call, reliance),
    related: thrown ? [{ node: thrown, message: 'This is thrown to nobody.' }] : relatedTo(reliance),
  }
}

/** Whoever writes a `try` for one call alone means to see it fail, whatever its name says; so does who waits for its work. */
function isForItsOwnSake(call: ts.CallExpression, reliance: Reliance | undefined): boolean {
  return handlerForAlone(call) !== undefined || reliance?.kind === 'taker' || reliance?.kind === 'feeds'
}

/** Whether the habits of the code outweigh a sign; those of a `try` for many things only where all agree. */
function isUsualFor(call: ts.CallExpression, reliance: Reliance, analysis: FileAnalysis): boolean {
  if (reliance.kind === 'handler') return !endsTry(call) && isDroppedEverywhere(call, analysis)
  if (!isWeak(reliance)) return false
  return isForValue(call) || endsForNobody(call, analysis) || isDroppedByHabit(call, analysis)
}

function consequenceOf(call: ts.CallExpression, reliance: Reliance | undefined): string {
  if (reliance?.kind === 'handler') return 'the `catch` around it never sees its failure'
  if (reliance?.kind === 'taker')
    return `\`${excerpt(reliance.node.expression)}\` waits only for the callback, which is done at once`
  if (reliance?.kind === 'feeds')
    return `\`${excerpt(reliance.node)}\` waits for what it hands on, and for ever where it fails`
  if (reliance?.kind === 'check') return `${nameAround(call)} goes on, whatever is wrong`
  return `${nameAround(call)} is done before it is`
}

function relatedTo(reliance: Reliance | undefined): Verdict['related'] {
  if (reliance?.kind === 'handler')
    return [{ node: reliance.node, message: 'This handler is for what is thrown or awaited inside the `try`.' }]
  if (reliance?.kind === 'feeds') return [{ node: reliance.node, message: 'This waits for what the call hands on.' }]
  return reliance?.kind === 'awaited' ? [{ node: reliance.node, message: 'Here it is awaited.' }] : []
}

function nameAround(node: ts.Node): string {
  const name = enclosingFunction(node)?.name
  return name ? `\`${name.getText()}\`` : 'the function around it'
}

/** `(async () => { … })()` sets work going, and its author knew. */
function isInvokedAtOnce(call: ts.CallExpression): boolean {
  return isFunctionExpression(unwrap(call.expression))
}

/** Where nothing tells that somebody counts on the call, leaving it to run comes first: a wait may be for something that never ends. */
function suggestionsFor(
  call: ts.CallExpression,
  { isCountedOn, waitsAlready }: Verdict,
  analysis: FileAnalysis,
): readonly Fix[] {
  // To wait for it before its reader is there may take for ever.
  if (waitsAlready) return []
  const letRun: Fix = {
    title: isIgnored(call) ? 'Let it run, and ignore its failure' : 'Let it run, and handle its failure',
    edits: () => [
      ...undisabled(call),
      { start: call.getStart(), end: call.getStart(), text: 'void ' },
      chained(call, `.catch(${isIgnored(call) ? IGNORING : 'console.error'})`),
    ],
  }
  // Thenables of other kinds have no `catch`.
  const letsRun = analysis.types.hasMethod(call, ['catch']) ? [letRun] : []
  if (!canAddAwait(call, analysis)) return letsRun
  return isCountedOn ? [waitFor(call), ...letsRun] : [...letsRun, waitFor(call)]
}

/** Whether the `catch` around a call does nothing: a failure is nobody's business. */
function isIgnored(call: ts.CallExpression): boolean {
  const handler = handlerAround(call)
  const clause = handler && ts.findAncestor(handler, ts.isCatchClause)
  return clause?.block.statements.length === 0
}

function waitFor(call: ts.CallExpression): Fix {
  return {
    title: 'Wait for it',
    edits: () => [...undisabled(call), { start: call.getStart(), end: call.getStart(), text: 'await ' }],
  }
}

/** With the call seen to, nothing is left for the rule that looks at types alone. */
function undisabled(call: ts.CallExpression): TextEdit[] {
  const { parent } = wrapperOf(call)
  return ts.isExpressionStatement(parent) ? dropDisable(parent, 'no-floating-promises') : []
}

function waitInLink(call: ts.CallExpression): Fix {
  return {
    title: 'Wait for it',
    edits: () => {
      const start = enclosingFunction(call)?.getStart() ?? call.getStart()
      return [{ start, end: start, text: 'async ' }, ...waitFor(call).edits()]
    },
  }
}

function passOn(call: ts.CallExpression, told: ts.CallExpression, reject: string, analysis: FileAnalysis): Fix {
  const taker = ts.isIdentifier(told.expression) ? reject : handler(reject, analysis)
  return { title: 'Pass the failure on', edits: () => [chained(call, `.catch(${taker})`)] }
}

/** A handler that gives the failure to a function. */
function handler(taker: string, { sourceFile }: FileAnalysis): string {
  const type = /\.[mc]?jsx?$/u.test(sourceFile.fileName) ? '' : ': unknown'
  const error = taker === 'error' ? 'reason' : 'error'
  return `(${error}${type}) => { ${taker}(${error})${styleOf(sourceFile).semicolon} }`
}
