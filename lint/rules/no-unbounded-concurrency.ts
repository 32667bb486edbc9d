import ts from 'typescript'
import { sizeOf, type Size } from '../analysis/boundedness.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { type IoKind, RISKY_IO } from '../analysis/knowledge.ts'
import { isLimiterCall } from '../analysis/limiters.ts'
import { combinatorOf } from '../analysis/promiseFate.ts'
import {
  enclosingFunction,
  excerpt,
  isFunctionExpression,
  isLoop,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  someNode,
  unwrap,
  wrapperOf,
} from '../analysis/syntax.ts'
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
        const fanOut = fanOutOf(node, analysis)
        if (fanOut === undefined) return
        // The size is cheaper to tell than what the calls reach, and it settles most cases.
        const size = sizeOf(fanOut.input, analysis.types)
        if (size.kind === 'bounded' || isInChunkLoop(fanOut.input)) return
        const reached = reachedIo(fanOut.work, analysis, options)
        if (reached === undefined) return
        const level = levelOf(size, reached.kind, analysis)
        if (level === undefined) return
        report({
          node: fanOut.node,
          level,
          message: `\`${excerpt(fanOut.node.expression)}\` over \`${excerpt(inputOf(fanOut.input))}\` starts ${NOUNS[reached.kind]} for every item at once, however many there are${
            size.kind === 'open' ? ` (${sourceText(size)})` : ''
          }: ${CONSEQUENCES[reached.kind]}.`,
          related: reached.call.getSourceFile() === node.getSourceFile() && fanOut.node.pos <= reached.call.pos && reached.call.end <= fanOut.node.end
            ? []
            : [{ node: reached.call, message: `This is ${NOUNS[reached.kind]} that each item starts.` }],
          suggestions: fanOut.map ? suggestionsFor(fanOut.node, fanOut.map, analysis) : [],
        })
      },
    }
  },
})

interface FanOut {
  /** The combinator, where the squiggle goes. */
  readonly node: MethodCall
  readonly input: ts.Expression
  /** What runs per item: the callback, or the loop's body. */
  readonly work: ts.Node
  readonly map: MethodCall | undefined
}

/** `Promise.all(items.map(work))`, also through a variable, `Array.from(items, work)`, or pushes in a loop. */
function fanOutOf(node: ts.CallExpression, analysis: FileAnalysis): FanOut | undefined {
  if (isMethodCall(node, 'map') && node.arguments[0]) {
    const joined = combinatorOf(node, analysis.references)
    if (joined && joined.expression.name.text !== 'race') return { node: joined, input: node.expression.expression, work: node.arguments[0], map: node }
  }
  if (isMethodCall(node, 'from') && node.expression.expression.getText() === 'Array' && node.arguments[0] && node.arguments[1]) {
    const joined = combinatorOf(node, analysis.references)
    if (joined) return { node: joined, input: arrayFromInput(node), work: node.arguments[1], map: undefined }
  }
  return isPromiseCombinator(node, 'all', 'allSettled', 'any') ? collectedInLoop(node, analysis) : undefined
}

function arrayFromInput(node: MethodCall): ts.Expression {
  const [items] = node.arguments
  return items && ts.isObjectLiteralExpression(unwrap(items)) ? node : (items ?? node)
}

/** `for (const x of items) started.push(work(x))` … `Promise.all(started)`. */
function collectedInLoop(node: MethodCall, analysis: FileAnalysis): FanOut | undefined {
  const argument = node.arguments[0] && unwrap(node.arguments[0])
  if (!argument || !ts.isIdentifier(argument)) return undefined
  for (const use of analysis.references.of(declarationName(argument, analysis) ?? argument)) {
    const push = use.parent.parent
    if (!isMethodCall(push, 'push') || push.expression.expression !== use || !push.arguments[0]) continue
    const loop = ts.findAncestor(push, (at): at is ts.ForOfStatement => ts.isForOfStatement(at))
    if (!loop || enclosingFunction(loop) !== enclosingFunction(push) || loop.awaitModifier) continue
    // Joined on each turn, as a chunk is, or awaited before the next: then only a few run at once.
    if (ts.findAncestor(node, (at) => at === loop) || joinsInside(loop, argument.text)) continue
    return { node, input: loop.expression, work: push.arguments[0], map: undefined }
  }
  return undefined
}

function declarationName(use: ts.Identifier, analysis: FileAnalysis): ts.Identifier | undefined {
  const declaration = analysis.types.localSymbol(use)?.valueDeclaration
  return declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name) ? declaration.name : undefined
}

function joinsInside(loop: ts.Node, name: string): boolean {
  return someNode(loop, (at) => isPromiseCombinator(at) && at.arguments[0]?.getText() === name)
}

/** The I/O that each item starts, unless something on the way limits it. */
function reachedIo(work: ts.Node, analysis: FileAnalysis, options: Options): { kind: IoKind; call: ts.CallExpression } | undefined {
  const inner = ts.isExpression(work) ? unwrap(work) : work
  const io = new Map<IoKind, ts.CallExpression>()
  if (ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner)) {
    const fn = analysis.types.functionOf(inner)
    const summary = fn && analysis.summaries.of(fn)
    if (!summary || summary.limits) return undefined
    for (const [kind, call] of summary.io) io.set(kind, call)
  } else if (isFunctionExpression(inner)) {
    const summary = analysis.summaries.of(inner)
    if (summary.limits) return undefined
    for (const [kind, call] of summary.io) io.set(kind, call)
  }
  if (ts.isCallExpression(inner)) {
    if (isLimiterCall(inner, analysis.types)) return undefined
    for (const [kind, call] of analysis.summaries.ioOf(inner)) io.set(kind, call)
    for (const callback of inner.arguments.map(unwrap).filter(isFunctionExpression)) {
      for (const [kind, call] of analysis.summaries.of(callback).io) io.set(kind, call)
    }
  }
  if (options.boundedCalls.length > 0 && someNode(work, (at) => ts.isCallExpression(at) && options.boundedCalls.includes(lastName(at)))) return undefined
  for (const kind of SEVERITY) {
    const call = io.get(kind)
    if (call && RISKY_IO.has(kind)) return { kind, call }
  }
  return undefined
}

function lastName(call: ts.CallExpression): string {
  const callee = unwrap(call.expression)
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText()
}

const SEVERITY: readonly IoKind[] = ['model', 'process', 'network', 'file', 'database']

const NOUNS: Readonly<Record<IoKind, string>> = {
  model: 'a model call',
  process: 'a child process',
  network: 'a network request',
  file: 'a file operation',
  database: 'a database query',
  stat: 'a file system call',
  timer: 'a timer',
}

const CONSEQUENCES: Readonly<Record<IoKind, string>> = {
  model: 'past the rate limit the service answers 429 and one failure rejects them all',
  process: 'thousands of processes exhaust memory and the process table',
  network: 'thousands of sockets open together, and the other side throttles or times out',
  file: 'past the limit of open files the calls fail with EMFILE',
  database: 'they queue for the connection pool and time out there',
  stat: 'they queue for the thread pool',
  timer: 'they all wait together',
}

/** `Array.from({ length: n }, …)` is its own input; its length says more. */
function inputOf(input: ts.Expression): ts.Expression {
  return isMethodCall(input, 'from') ? (input.arguments[0] ?? input) : input
}

function sourceText(size: Extract<Size, { kind: 'open' }>): string {
  switch (size.source) {
    case 'parameter': return `the caller decides how many \`${size.name}\` there are`
    case 'listing': return `\`${size.name}\` lists whatever is there`
    case 'query': return `\`${size.name}\` gives as many as it finds`
    case 'field': return `nothing limits \`${size.name}\``
  }
}

function levelOf(size: Size, kind: IoKind, analysis: FileAnalysis): Level | undefined {
  if (analysis.role === 'test') return undefined
  if (size.kind !== 'open' || kind === 'database') return 'possible'
  if (analysis.role === 'build' && kind !== 'process' && kind !== 'model') return 'possible'
  // Files open and close within milliseconds; it takes a listing of a whole folder to run out of descriptors.
  if (kind === 'file' && size.source !== 'listing') return 'possible'
  return 'likely'
}

/** Inside `for (let i = 0; i < items.length; i += SIZE)` the input is one slice of the whole. */
function isInChunkLoop(input: ts.Expression): boolean {
  const loop = ts.findAncestor(input, (at): at is ts.ForStatement => ts.isForStatement(at))
  const step = loop?.incrementor
  return step !== undefined && ts.isBinaryExpression(step) && step.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken && enclosingFunction(loop as ts.ForStatement) === enclosingFunction(input) && !isLoop(unwrap(input))
}

function suggestionsFor(joined: MethodCall, map: MethodCall, analysis: FileAnalysis): readonly Fix[] {
  const [callback] = map.arguments
  if (callback === undefined || map.arguments.length > 1 || (map.questionDotToken ?? map.expression.questionDotToken)) return []
  const fixes: Fix[] = []
  const limit = existingLimit(analysis)
  const inner = unwrap(callback)
  if (limit !== undefined && ts.isArrowFunction(inner)) fixes.push(wrapInLimit(inner, limit))
  const isWholeArgument = joined.arguments[0] !== undefined && unwrap(joined.arguments[0]) === map
  const takesOne = isFunctionExpression(inner) && inner.parameters.length <= 1
  const bounded = joined.expression.name.text === 'all' && isWholeArgument ? boundedMap(analysis, takesOne) : undefined
  if (bounded) {
    fixes.push({
      title: `Run a few at a time with ${bounded.by}`,
      edits: () => bounded.replace(wrapperOf(joined), map.expression.expression.getText(), callback.getText()),
    })
  }
  return fixes
}

function wrapInLimit(callback: ts.ArrowFunction, limit: string): Fix {
  const { body } = callback
  const isAsyncBlock = ts.isBlock(body)
  return {
    title: `Run a few at a time with \`${limit}\``,
    edits: () => [
      { start: body.getStart(), end: body.getStart(), text: isAsyncBlock ? `${limit}(async () => ` : `${limit}(() => ` },
      { start: body.end, end: body.end, text: ')' },
    ],
  }
}
