import ts from 'typescript'
import { runsInHandler, runsUnattended } from '../analysis/attendance.ts'
import { changesState, droppedCalls, isDetachedByHelper, isMeantToRunAlone, loopAround, waitedElsewhere } from '../analysis/droppedWork.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { RISKY_IO } from '../analysis/knowledge.ts'
import { type Settling, settlingWithout } from '../analysis/unsettled.ts'
import { calleeName, canAwaitAt, enclosingFunction, excerpt, isFunctionExpression, isFunctionNode, isMethodCall, isPromiseCombinator, someOwnNode, suspends, unwrap, wrapperOf } from '../analysis/syntax.ts'
import { styleOf } from '../fixes/style.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

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
          const settling = settlingWithout(call, analysis.types)
          if (!settling && (!canAwaitAt(call) || enclosingFunction(call) === undefined)) continue
          if (analysis.types.thenable(call) !== 'always' || isDetachedByHelper(call, analysis.types)) continue
          if (isJoinedCallback(call) || loopAround(statement, analysis) || !analysis.summaries.callCanReject(call)) continue
          if (settling) {
            report({
              node: call.expression,
              level: analysis.role === 'test' ? 'possible' : 'likely',
              message: `Nothing handles a failure of \`${excerpt(started(call).expression)}\`: then \`${excerpt(settling.call.expression)}\` is never called, and whoever waits for that promise waits for ever.`,
              related: [{ node: settling.call, message: 'Only success settles the other promise.' }],
              suggestions: [passOn(call, settling, analysis)],
            })
            continue
          }
          const verdict = verdictOn(call, analysis)
          report({
            node: call.expression,
            level: verdict.level,
            message: `Nothing waits for \`${excerpt(call.expression)}\`: ${verdict.consequence}, and a rejection is unhandled.`,
            related: verdict.related,
            suggestions: suggestionsFor(call, verdict, analysis),
          })
        }
      },
    }
  },
})

/** `Promise.all(users.map(async (user) => { save(user) }))` is another rule's: the callback waits for nothing. */
function isJoinedCallback(call: ts.CallExpression): boolean {
  const fn = enclosingFunction(call)
  const list = fn && wrapperOf(fn).parent
  return fn?.body !== undefined && list !== undefined && ts.isCallExpression(list) && isPromiseCombinator(wrapperOf(list).parent) && !someOwnNode(fn.body, suspends)
}

/** The call at the head of a chain of `then`. */
function started(call: ts.CallExpression): ts.CallExpression {
  const receiver = isMethodCall(call, 'then', 'finally') ? unwrap(call.expression.expression) : undefined
  return receiver && ts.isCallExpression(receiver) ? started(receiver) : call
}

interface Verdict {
  readonly level: Level
  readonly consequence: string
  readonly related: readonly { readonly node: ts.Node; readonly message: string }[]
}

/** A dropped call alone is no evidence; what is needed is a sign that somebody counts on it. */
function verdictOn(call: ts.CallExpression, analysis: FileAnalysis): Verdict {
  const elsewhere = waitedElsewhere(call, analysis)
  const handler = handlerAround(call)
  const consequence = handler
    ? 'the `catch` around it never sees its failure'
    : `${nameAround(call)} is done before it is`
  const related = handler
    ? [{ node: handler, message: 'This handler is for what is thrown or awaited inside the `try`.' }]
    : elsewhere ? [{ node: elsewhere, message: 'Here it is awaited.' }] : []
  const isSilent = analysis.role !== 'product' || runsUnattended(call) || runsInHandler(call) || isInvokedAtOnce(call)
    || isMethodCall(call, 'then', 'finally') || isMeantToRunAlone(call, analysis)
  const counts = elsewhere !== undefined || handler !== undefined || changesState(call) || reachesOut(call, analysis)
  return { level: counts && !isSilent ? 'likely' : 'possible', consequence, related }
}

function nameAround(node: ts.Node): string {
  const name = enclosingFunction(node)?.name
  return name ? `\`${name.getText()}\`` : 'the function around it'
}

/** `(async () => { … })()` sets work going, and its author knew. */
function isInvokedAtOnce(call: ts.CallExpression): boolean {
  return isFunctionExpression(unwrap(call.expression))
}

/** The `catch` of the `try` that a call stands in. */
function handlerAround(call: ts.CallExpression): ts.Node | undefined {
  for (let at: ts.Node = call; !isFunctionNode(at.parent) && !ts.isSourceFile(at.parent); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause) return at.parent.catchClause.variableDeclaration ?? at.parent.catchClause
  }
  return undefined
}

function reachesOut(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  return [...analysis.summaries.ioOf(call).keys()].some((kind) => RISKY_IO.has(kind))
}

/** Where nothing tells that somebody counts on the call, leaving it to run comes first: a wait may be for something that never ends. */
function suggestionsFor(call: ts.CallExpression, { level }: Verdict, analysis: FileAnalysis): readonly Fix[] {
  const wait: Fix = { title: 'Wait for it', edits: () => [{ start: call.getStart(), end: call.getStart(), text: 'await ' }] }
  const letRun: Fix = {
    title: 'Let it run, and handle its failure',
    edits: () => [
      { start: call.getStart(), end: call.getStart(), text: 'void ' },
      { start: call.end, end: call.end, text: `.catch(${handler('console.error', analysis)})` },
    ],
  }
  return level === 'possible' ? [letRun, wait] : [wait, letRun]
}

function passOn(call: ts.CallExpression, { call: settle, reject }: Settling, analysis: FileAnalysis): Fix {
  return {
    title: 'Pass the failure on',
    edits: () => {
      if (!reject) return []
      return [{ start: call.end, end: call.end, text: `.catch(${ts.isIdentifier(settle.expression) ? reject : handler(reject, analysis)})` }]
    },
  }
}

/** A handler that gives the failure to a function. */
function handler(taker: string, { sourceFile }: FileAnalysis): string {
  const type = /\.[mc]?jsx?$/u.test(sourceFile.fileName) ? '' : ': unknown'
  return `(error${type}) => { ${taker}(error)${styleOf(sourceFile).semicolon} }`
}
