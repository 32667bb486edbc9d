import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { handlesRejection } from '../flow/promiseFate.ts'
import { knownImport } from '../code/imports.ts'
import { packageOfInstance } from '../code/ioKind.ts'
import {
  calleeName,
  dottedName,
  enclosingFunction,
  enclosingStatement,
  isAsync,
  isFunctionExpression,
  isFunctionNode,
  isLoop,
  isMethodCall,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * The calls whose results a statement drops: `f()`, `a && f()`, `a ? f() : g()`. Those under `void` or with a handler of
 * their own are left out, for they say that this is meant.
 */
export function droppedCalls(statement: ts.ExpressionStatement): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = []
  const visit = (node: ts.Expression): void => {
    const inner = unwrap(node)
    if (ts.isCallExpression(inner)) {
      if (!handlesRejection(inner)) found.push(inner)
    } else if (ts.isConditionalExpression(inner)) {
      visit(inner.whenTrue)
      visit(inner.whenFalse)
    } else if (ts.isBinaryExpression(inner) && SHORT_CIRCUITS.has(inner.operatorToken.kind)) visit(inner.right)
  }
  visit(statement.expression)
  return found
}

const SHORT_CIRCUITS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

/** The loop, or the `forEach` callback, whose turns run the statement; none when a function lies between. */
export function loopAround(statement: ts.Statement, analysis: FileAnalysis): ts.Node | undefined {
  for (let at: ts.Node = statement; !ts.isSourceFile(at.parent); at = at.parent) {
    const { parent } = at
    if (isLoop(parent) && parent.statement === at) return parent
    if (isFunctionNode(parent)) {
      const call = isFunctionExpression(parent) && !isAsync(parent) ? wrapperOf(parent).parent : undefined
      return call && isMethodCall(call, 'forEach') && analysis.types.isBuiltinCollection(call.expression.expression)
        ? call
        : undefined
    }
  }
  return undefined
}

const CHAINING = new Set(['then', 'catch', 'finally'])

/**
 * `work().ignoreErrors()`: a project's own method on promises says that the work is detached on purpose. So does a helper
 * that the project's configuration lists as `detached`. `query.limit(5)`, where queries have a `then`, is a step of one.
 */
export function isDetachedByHelper(started: ts.CallExpression, types: TypeQuestions): boolean {
  const name = dottedName(started.expression) ?? calleeName(started)
  if (name !== undefined && types.knowledge.isDetached(name)) return true
  if (isKept(started, types)) return true
  if (!isMethodCall(started) || CHAINING.has(started.expression.name.text)) return false
  // What is built step by step, and runs when it is waited for, gives itself back at each step.
  return types.thenable(unwrap(started.expression.expression)) === 'always'
}

/** `group.go(task)`, `test('…', fn)`: the package waits for what is started, and handles and tells of its failure. */
export function isKept(started: ts.CallExpression, types: TypeQuestions): boolean {
  const callee = unwrap(started.expression)
  const known = knownImport(callee, types)
  if (known?.knowledge.keeps?.includes(known.origin.exported)) return true
  if (!ts.isPropertyAccessExpression(callee)) return false
  return packageOfInstance(callee.expression, types)?.keeps?.includes(callee.name.text) ?? false
}

/** `queue.add(…)`: what is started is kept by the receiver, which waits for it in its own time. */
export function isTrackedElsewhere(started: ts.CallExpression): boolean {
  const name = dottedName(started.expression)
  return (
    name !== undefined
    && /(?:queue|pool|scheduler|limiter|group|tasks|executor)\.(?:add|push|go|run|schedule|submit|enqueue|start|exec)$/iu.test(
      name,
    )
  )
}

/** Whether code runs in a synchronous function that only tidies up, where nobody waits for anything. */
export function isInDispose(node: ts.Node): boolean {
  const fn = enclosingFunction(node)
  const name = fn?.name?.getText()
  return (
    name !== undefined
    && /^(?:dispose|deactivate|unmount|ngOnDestroy|componentWillUnmount)$/u.test(name)
    && fn !== undefined
    && !isAsync(fn)
  )
}

/** Names of reports and notices: nobody waits for them to arrive. */
const NOTICES =
  /^_*(?:(?:track|log|trace|report|capture|notify|signal|show|print|prompt|alert|toast|emit|publish|broadcast|dispatch|prefetch|preload|warm|prime)(?=$|[A-Z_])|(?:handle|fire|raise|trigger|send)Event(?=$|[A-Z_])|(?!(?:schedule|cancel|clear|save|store|persist|insert|update|delete|remove)[A-Z_]).*(?:telemetry|analytics|metric|message|notification|listener$|towebview|torenderer))/iu

/** Names of work that is set going, and goes on by itself. */
const SET_GOING =
  /^_*(?:do)?(?:(?:schedule|trigger|kick|start|begin|launch|spawn|watch|poll|listen|run|process|refresh|reload|loop|serve|ping|heartbeat|sync|copy)(?=$|[A-Z_])|.*(?:background|detached|forget|async$|eventually|later$|debounce|throttle))/iu

/** Whether a call has a view look for newer data: `refetch()`, and `mutate()` with nothing to store. */
function isFetchedAnew(call: ts.CallExpression, name: string): boolean {
  return /^(?:refetch|revalidate)/u.test(name) || (/^mutate/u.test(name) && call.arguments.length === 0)
}

const DETACHED_COMMENT =
  /background|fire.{1,5}forget|kick(?:s|ed|ing)? off|(?:not|n['’]t|no need to|without) (?:\w+ ){0,2}(?:a?wait|block)|intentional|deliberate|non-?blocking|detached|on purpose|best.effort|(?:n['’]t|never) (?:\w+ ){0,2}(?:responses?|answers?|repl(?:y|ies)|resolves?)\b|async(?:hronous)?ly|no-floating-promises/iu

/** Whether a dropped call says, by its name, a helper or a comment beside it, that the work is left to run on purpose. */
export function isMeantToRunAlone(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  if (isDetachedByHelper(call, analysis.types) || isTrackedElsewhere(call)) return true
  const name = calleeName(call)
  return (
    name === undefined
    || isNotice(call)
    || SET_GOING.test(name)
    || isFetchedAnew(call, name)
    || isSaidToRunAlone(call, analysis)
    || isEditorCall(call, analysis.types)
    || isStreamWrite(call, analysis.types)
  )
}

/**
 * Whether a call writes to the writer of a web stream. The stream keeps the order of writes and hands a failure to whoever
 * reads it; a write that is waited for before anybody reads may never end.
 */
function isStreamWrite(call: ts.CallExpression, types: TypeQuestions): boolean {
  return isMethodCall(call, 'write') && types.typeName(call.expression.expression) === 'WritableStreamDefaultWriter'
}

/**
 * Whether a call is answered by VS Code, whose promises are of the type `Thenable`: extensions let nearly all of them run,
 * for the editor shows by itself what fails.
 */
export function isEditorCall(call: ts.CallExpression, types: TypeQuestions): boolean {
  return types.typeName(call) === 'Thenable'
}

const LOG_LINE =
  /(?:^|[._])(?:\w*log(?:ger|ging)?s?|console|spinner|progress|out(?:put)?(?:Channel)?)\.(?:trace|debug|verbose|info|notice|warn(?:ing)?|error|fatal|critical|success|write(?:Line)?|append(?:Line)?|print(?:ln)?)$/iu

/** What is only there to tell somebody something, whatever its methods are called. */
const TELLERS =
  /(?:notif(?:y|ier|ications?)|telemetry|analytics|metrics)(?:Manager|Service|Client|Center|Recorder)?\.\w+$/iu

/** Streams that nobody reads on: they are told to stop, and whether they do is of no interest. */
const STREAM_CANCELS = /(?:body|reader|stream)\.cancel$/iu

/** Whether a call only tells somebody something: `notifyAdmin(user)`, `logger.debug('…')`, `notifier.onDone(job)`. */
export function isNotice(call: ts.CallExpression): boolean {
  const dotted = dottedName(call.expression) ?? ''
  return [LOG_LINE, TELLERS, STREAM_CANCELS].some((names) => names.test(dotted)) || NOTICES.test(calleeName(call) ?? '')
}

/** Whether a call is for the value that it gives: whoever drops that wants it fetched for later. */
export function isForValue(call: ts.CallExpression): boolean {
  return /^_*(?:get|find)[A-Z]/u.test(calleeName(call) ?? '')
}

/** Whether a comment beside a dropped call says that nobody is meant to wait for it. */
export function isSaidToRunAlone(call: ts.CallExpression, { sourceFile }: FileAnalysis): boolean {
  const statement = enclosingStatement(call)
  if (statement === undefined) return false
  const lineEnd = sourceFile.text.indexOf('\n', statement.end)
  const behind = sourceFile.text.slice(statement.end, lineEnd === -1 ? undefined : lineEnd)
  const comments = [commentsAbove(statement) + behind, ...leadingBlocks(statement).map(commentsAbove)]
  return comments.some((text) => DETACHED_COMMENT.test(text.replaceAll(OWN_DIRECTIVE, '')))
}

/** What turns a rule of ours off is obeyed elsewhere: were its reason evidence, it would turn off nothing. */
const OWN_DIRECTIVE = /\beslint-disable[\w-]*[^\n]*\bforkline\/[^\n]*/gu

/** The statements whose comment is about this one too: the `try` that tries it first, and the `if` that it is all of. */
function leadingBlocks(statement: ts.Statement): readonly ts.Statement[] {
  const block = ts.isBlock(statement.parent) ? statement.parent : undefined
  const around = block?.parent ?? statement.parent
  if (ts.isTryStatement(around) && around.tryBlock.statements[0] === statement) return [around]
  const isAll = block === undefined || block.statements.length === 1
  return isAll && ts.isIfStatement(around) && !around.elseStatement ? [around] : []
}

function commentsAbove(statement: ts.Statement): string {
  return statement.getSourceFile().text.slice(statement.pos, statement.getStart())
}
