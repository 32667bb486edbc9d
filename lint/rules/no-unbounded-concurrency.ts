import ts from 'typescript'
import { admitsNoLimit } from '../analysis/bounds/admissions.ts'
import { isAnsweredList } from '../analysis/bounds/answeredLists.ts'
import { downloadIn, isFoundInContent } from '../analysis/bounds/downloads.ts'
import {
  isAnsweredName,
  isContentName,
  isCorpusName,
  isFileListName,
  isHostedName,
  isOpenEndedName,
  isStoredName,
} from '../analysis/knowledge/collectionNames.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { ATTACHMENT_NAMES, CODE_HOSTS, type IoKind, SMALL_FILE_LISTS } from '../analysis/knowledge/names.ts'
import { isLimiterCall } from '../analysis/flow/limiters.ts'
import { isListingOfOneFolder, isListingOfRemains, isListingOfTree } from '../analysis/bounds/listings.ts'
import { isRecursive } from '../analysis/bounds/recursiveWork.ts'
import { type Given, sizeByCallers } from '../analysis/bounds/sizeByCallers.ts'
import type { Size } from '../analysis/bounds/sizes.ts'
import { isInChunkLoop, type StartedTogether, startedTogether } from '../analysis/bounds/startedTogether.ts'
import {
  calleeName,
  enclosingFunction,
  excerpt,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  someNode,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { losesComment } from '../fixes/comments.ts'
import { boundedMap, existingLimit } from '../fixes/limiter.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

interface Options {
  /** Functions that bound what they are given or what runs in them, where the linter cannot see it; last name of the call. */
  readonly boundedCalls: readonly string[]
}

export const rule = defineRule<Options>({
  id: 'no-unbounded-concurrency',
  meta: {
    family: 'bounds',
    level: 'likely',
    description: 'Disallow starting I/O for every item of an input of unknown size at once',
    fixable: false,
    hasSuggestions: true,
  },
  defaultOptions: { boundedCalls: [] },
  optionsSchema: {
    type: 'object',
    properties: { boundedCalls: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
    additionalProperties: false,
  },
  check({ analysis, options, report }) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        const fanOut = startedTogether(node, analysis)
        if (fanOut === undefined || analysis.role === 'test') return
        // The size is cheaper to tell than what the calls reach, and it settles most cases.
        const size = fanOut.size()
        if (size.kind === 'bounded' || isInChunkLoop(fanOut.input)) return
        const { joined } = fanOut
        const isAdmitted = admitsNoLimit(joined, fanOut.work)
        const kinds = reachedIo(fanOut.work, analysis, options, isAdmitted)
        const [costliest] = kinds
        if (costliest === undefined) return
        const given =
          size.kind === 'open' && size.source === 'parameter' ? sizeByCallers(size, analysis.types) : undefined
        if (given?.kind === 'bounded') return
        const isFromCaller = given?.kind === 'open'
        const decided = isFromCaller ? given.size : size
        const likely =
          !isForOneMessage(joined, fanOut.work)
          && kinds.find((one) => isAdmitted || levelOf(decided, given, fanOut, one, analysis) === 'likely')
        const reached = likely || costliest
        report({
          node: joined,
          level: likely ? 'likely' : 'possible',
          message: `\`${excerpt(joined.expression)}\` over \`${excerpt(fanOut.input)}\` starts ${NOUNS[reached.kind]} for every item at once, however many there are${
            decided.kind === 'open' ? ` (${sourceText(decided)})` : ''
          }: ${CONSEQUENCES[reached.kind]}.`,
          related: [
            ...(isFromCaller ? [{ node: given.size.node, message: 'This is where the items come from.' }] : []),
            ...(reached.call.getSourceFile() === node.getSourceFile()
            && joined.pos <= reached.call.pos
            && reached.call.end <= joined.end
              ? []
              : [{ node: reached.call, message: `This is ${NOUNS[reached.kind]} that each item starts.` }]),
          ],
          suggestions: fanOut.map ? suggestionsFor(joined, fanOut.map, analysis) : [],
        })
      },
    }
  },
})

interface Reached {
  readonly kind: RiskyKind
  readonly call: ts.CallExpression
}

/**
 * The I/O that each item starts, unless something on the way limits it; the costliest first. Looking at files is worth a word
 * only where the code itself asks for a limit.
 */
function reachedIo(work: ts.Node, analysis: FileAnalysis, options: Options, isAdmitted: boolean): readonly Reached[] {
  const inner = ts.isExpression(work) ? unwrap(work) : work
  const io = new Map<IoKind, ts.CallExpression>()
  if (ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner)) {
    const fn = analysis.types.functionOf(inner)
    const summary = fn && analysis.summaries.of(fn)
    if (!summary || summary.limits) return []
    for (const [kind, call] of summary.io) io.set(kind, call)
  } else if (isFunctionExpression(inner)) {
    const summary = analysis.summaries.of(inner)
    if (summary.limits) return []
    for (const [kind, call] of summary.io) io.set(kind, call)
  }
  const executor = isPromiseMade(inner) ? inner.arguments?.[0] && unwrap(inner.arguments[0]) : undefined
  if (executor && isFunctionExpression(executor))
    for (const [kind, call] of analysis.summaries.of(executor).io) io.set(kind, call)
  if (ts.isCallExpression(inner)) {
    if (isLimiterCall(inner, analysis.types)) return []
    for (const [kind, call] of analysis.summaries.ioOf(inner)) io.set(kind, call)
    for (const callback of inner.arguments.map(unwrap).filter(isFunctionExpression)) {
      for (const [kind, call] of analysis.summaries.of(callback).io) io.set(kind, call)
    }
  }
  if (
    options.boundedCalls.length > 0
    && someNode(work, (at) => ts.isCallExpression(at) && options.boundedCalls.includes(lastName(at)))
  )
    return []
  const download = io.has('network') ? undefined : downloadIn(work, analysis.types, analysis.summaries)
  if (download) io.set('network', download)
  const looked = isAdmitted && !io.has('file') ? io.get('stat') : undefined
  if (looked) io.set('file', looked)
  return SEVERITY.flatMap((kind) => {
    const call = io.get(kind)
    return call ? [{ kind, call }] : []
  })
}

function isPromiseMade(node: ts.Node): node is ts.NewExpression {
  return ts.isNewExpression(node) && calleeName(node) === 'Promise'
}

function lastName(call: ts.CallExpression): string {
  const callee = unwrap(call.expression)
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText()
}

const SEVERITY: readonly RiskyKind[] = ['model', 'process', 'network', 'file', 'database']

type RiskyKind = Exclude<IoKind, 'stat' | 'timer' | 'memory'>

const NOUNS: Readonly<Record<RiskyKind, string>> = {
  model: 'a model call',
  process: 'a child process',
  network: 'a network request',
  file: 'a file operation',
  database: 'a database query',
}

const CONSEQUENCES: Readonly<Record<RiskyKind, string>> = {
  model: 'past the rate limit the service answers 429 and one failure rejects them all',
  process: 'thousands of processes exhaust memory and the process table',
  network: 'thousands of sockets open together, and the other side throttles or times out',
  file: 'past the limit of open files the calls fail with EMFILE',
  database: 'they queue for the connection pool and time out there',
}

function sourceText(size: Extract<Size, { kind: 'open' }>): string {
  switch (size.source) {
    case 'parameter':
      return `the caller decides how many \`${size.name}\` there are`
    case 'listing':
      return `\`${size.name}\` lists whatever is there`
    case 'query':
      return `\`${size.name}\` gives as many as it finds`
    case 'pages':
      return `\`${size.name}\` holds what all pages give`
    case 'output':
      return `\`${size.name}\` holds what a program printed`
    case 'field':
      return `nothing limits \`${size.name}\``
    case 'request':
      return `the sender of the request decides how many \`${size.name}\` there are`
    case 'stream':
      return `\`${size.name}\` goes on for as long as it likes`
  }
}

/**
 * Likely takes one of these, besides a call that costs something:
 * - the outside world is seen to decide how many there are: a listing, pages, an answer of which no page was asked for, a request;
 * - they are the pieces of a corpus, by what they are called;
 * - each starts the same for what lies below it, so that a whole tree is under way at once;
 * - each downloads something, by the name of the call, and they are what a text holds: links, images, matches of a pattern;
 * - a comment asks for a limit;
 * - nobody in the program calls the function, so that it is there for others, and its parameter names what comes in bulk.
 */
function levelOf(
  size: Size,
  given: Given | undefined,
  { input, work }: StartedTogether,
  reached: Reached,
  analysis: FileAnalysis,
): Level {
  const { kind, call } = reached
  const { role, types, summaries } = analysis
  if (kind === 'database' || (role === 'build' && kind !== 'process' && kind !== 'model')) return 'possible'
  // A browser opens a few connections to each host and lets the rest wait.
  if (kind === 'network' && /\.[jt]sx$/u.test(analysis.sourceFile.fileName)) return 'possible'
  const name = lastNameIn(input)
  // Files open and close within milliseconds; it takes a listing of a whole tree to run out of descriptors.
  if (kind === 'file') {
    const isOfTree =
      size.kind === 'open'
      && size.source === 'listing'
      && !SMALL_FILE_LISTS.test(name)
      && (isListingOfTree(size.node, types)
        || isListingOfRemains(size.node)
        || (isOpenEndedName(name) && isRecursive(work, reached, types, summaries)))
    return isOfTree ? 'likely' : 'possible'
  }
  if (
    !VALUE_NAMES.test(name)
    && (kind !== 'process' || isOpenEndedName(name))
    && isRecursive(work, reached, types, summaries)
  )
    return 'likely'
  if (kind === 'network' && isFoundInContent(input, name) && downloadIn(work, types, summaries)) return 'likely'
  if (kind === 'network' && isHostedName(name) && CODE_HOSTS.test(call.expression.getText())) return 'likely'
  if (size.kind !== 'open') return isMany(name, kind) || isAllAnswered(input, name, analysis) ? 'likely' : 'possible'
  if (size.inChunks && kind !== 'model') return 'possible'
  // What lies in one folder was put there by this very program more often than not, unless it is to go somewhere else.
  if (kind !== 'model' && isListingOfOneFolder(size.node))
    return (kind === 'network' ? HANDS_OVER.test(work.getText()) : isFileListName(name)) ? 'likely' : 'possible'
  if (size.source !== 'parameter' && size.source !== 'field') return 'likely'
  if (size.source === 'field' && isAllAnswered(input, name, analysis)) return 'likely'
  // A list that is handed in has as many items as somebody chose: most often a few.
  const isForOthers =
    given?.kind === 'unseen'
    && (kind === 'process'
      || isContentName(size.name)
      || (kind === 'network' && !given.isHandedOn && isStoredName(size.name)))
  if (kind === 'process' && isOfChosen(size.node)) return 'possible'
  return isForOthers || isMany(size.name, kind) || (kind === 'model' && isContentName(size.name))
    ? 'likely'
    : 'possible'
}

/** All that another service has: it was asked in the same function, and for no page. */
function isAllAnswered(input: ts.Node, name: string, { types, summaries }: FileAnalysis): boolean {
  return (name === '' || isAnsweredName(name)) && ts.isExpression(input) && isAnsweredList(input, types, summaries)
}

/** Calls that take what lies here to somewhere else. */
const HANDS_OVER = /\b_?(?:upload|put|publish|send|push|sync|import|ingest|index|deploy|migrate)\w*\(/iu

/** `pickFiles(paths)`, `setInputFiles(paths)`: somebody has chosen them one by one. */
function isOfChosen(declaration: ts.Node): boolean {
  const fn = enclosingFunction(declaration)
  return fn?.name !== undefined && CHOOSING_NAMES.test(fn.name.getText())
}

/** Names of functions that take what somebody has chosen. */
const CHOOSING_NAMES =
  /Input(?=File|$)|(?:^|[a-z])(?:[Pp]ick|[Ss]elect(?:ed)?|[Cc]hoose|[Cc]hosen|[Dd]rop(?:ped)?|[Aa]ttach)(?=[A-Z]|$)/u

/** The pieces of a corpus, and the files of a tree: of these there are as many as there are, wherever the list comes from. */
function isMany(name: string, kind: RiskyKind): boolean {
  return (kind === 'model' && isCorpusName(name)) || (kind === 'process' && isFileListName(name))
}

/** Names of a value that is gone through part by part, whatever it is: one parameter or answer, and no tree of items. */
const VALUE_NAMES = /(?:^|[a-z])(?:value|expression|expr|schema|args?|params?|props|properties|json)s?$/iu

/** `texts` in `this.texts`, in `texts.filter(…)` and in `Object.keys(texts)`. */
function lastNameIn(input: ts.Node): string {
  let at = ts.isExpression(input) ? unwrap(input) : input
  while (isMethodCall(at)) {
    const { expression: receiver } = at.expression
    const [first] = at.arguments
    at = unwrap(first && ['Object', 'Array'].includes(receiver.getText()) ? first : receiver)
  }
  return ts.isPropertyAccessExpression(at) ? at.name.text : ts.isIdentifier(at) ? at.text : ''
}

/** `const attachments = await Promise.all(…)`, `images.map((image) => fetchAttachment(image))`: as few as one message takes. */
function isForOneMessage(joined: ts.CallExpression, work: ts.Expression): boolean {
  const wait = wrapperOf(joined).parent
  const given = ts.isAwaitExpression(wait) ? wrapperOf(wait).parent : wait
  if (ts.isVariableDeclaration(given) && ATTACHMENT_NAMES.test(given.name.getText())) return true
  const inner = unwrap(work)
  const body = isFunctionExpression(inner) ? inner.body : inner
  const result = ts.isBlock(body) ? undefined : unwrap(body)
  const started = result && ts.isAwaitExpression(result) ? unwrap(result.expression) : result
  return started !== undefined && ts.isCallExpression(started) && ATTACHMENT_NAMES.test(calleeName(started) ?? '')
}

function suggestionsFor(joined: ts.CallExpression, map: MethodCall, analysis: FileAnalysis): readonly Fix[] {
  const [callback] = map.arguments
  if (callback === undefined || map.arguments.length > 1 || (map.questionDotToken ?? map.expression.questionDotToken))
    return []
  const fixes: Fix[] = []
  const limit = existingLimit(analysis, joined)
  const inner = unwrap(callback)
  if (limit !== undefined && ts.isArrowFunction(inner)) fixes.push(wrapInLimit(inner, limit))
  const isWholeArgument = joined.arguments[0] !== undefined && unwrap(joined.arguments[0]) === map
  const takesOne = isFunctionExpression(inner) && inner.parameters.length <= 1
  // Items of a type that nobody knows come into a callback of `map` as `any`, and into one of ours as `unknown`.
  const isTyped = !analysis.types.isUntyped(map.expression.expression)
  const keepsAll = !losesComment(wrapperOf(joined), [map.expression.expression, callback])
  const bounded =
    isPromiseCombinator(joined, 'all') && isWholeArgument && isTyped && keepsAll
      ? boundedMap(analysis, joined, takesOne)
      : undefined
  if (bounded) {
    fixes.push({
      title: `Run a few at a time with ${bounded.by}`,
      edits: () => bounded.replace(wrapperOf(joined), map.expression.expression.getText(), callback),
    })
  }
  return fixes
}

function wrapInLimit(callback: ts.ArrowFunction, limit: string): Fix {
  const { body } = callback
  const isOwnAsync = ts.isBlock(body) || isAsync(callback)
  return {
    title: `Run a few at a time with \`${limit}\``,
    edits: () => [
      { start: body.getStart(), end: body.getStart(), text: isOwnAsync ? `${limit}(async () => ` : `${limit}(() => ` },
      { start: body.end, end: body.end, text: ')' },
    ],
  }
}
