import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { RISKY_IO } from '../analysis/knowledge/names.ts'
import { capacityOf, type LimiterRun, runOf } from '../analysis/bounds/limiterRuns.ts'
import { limiterOf } from '../analysis/flow/limiters.ts'
import { sizeOf } from '../analysis/bounds/boundedness.ts'
import {
  calleeName,
  enclosingFunction,
  excerpt,
  type FunctionNode,
  isAsync,
  isFunctionExpression,
  isFunctionNode,
  isLoop,
  isMethodCall,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { startWithComments } from '../fixes/comments.ts'
import { styleOf } from '../fixes/style.ts'
import type { Fix } from '../model.ts'
import { defineRule, type Report } from '../rule.ts'

export const rule = defineRule({
  id: 'no-ineffective-limiter',
  meta: {
    family: 'bounds',
    level: 'certain',
    description: 'Disallow limiters that limit nothing',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (node.arguments.length === 0) return
        const run = runOf(node, analysis.types)
        const found = run
          ? (startedTooEarly(run, analysis) ?? givenStarted(run, analysis) ?? madeForOneTask(run, analysis))
          : (withoutLimit(node, analysis) ?? greedyWorkers(node, analysis) ?? poolOfStarted(node, analysis))
        if (found) report(analysis.role === 'test' ? { ...found, level: 'possible' } : found)
      },
    }
  },
})

/** `limit(load(url))`: the work runs before the limiter sees it. */
function startedTooEarly(run: LimiterRun, { types }: FileAnalysis): Report | undefined {
  const [argument] = run.call.arguments
  const task = argument && unwrap(argument)
  if (!argument || !task || !ts.isCallExpression(task) || types.thenable(task) !== 'always') return undefined
  const name = run.limiter.getText()
  return {
    node: argument,
    message: `\`${excerpt(task.expression)}\` has started before \`${name}\` sees it, so \`${name}\` limits nothing: it must be given a function that starts the work.`,
    suggestions: hasAwait(task) ? [] : [passFunction(argument)],
  }
}

/** `started.map((p) => limit(() => p))`: all of them run before the limiter sees the first. */
function givenStarted(run: LimiterRun, { types }: FileAnalysis): Report | undefined {
  const [argument] = run.call.arguments
  const task = argument && unwrap(argument)
  const given = task && isFunctionExpression(task) && task.parameters.length === 0 ? onlyResult(task) : undefined
  const holder = given && ts.isIdentifier(given) ? types.localSymbol(given)?.valueDeclaration : undefined
  const list = holder && ts.isParameter(holder) ? wrapperOf(holder.parent).parent : undefined
  if (!argument || !list || !isMethodCall(list, 'map', 'forEach') || !types.isPromiseArray(list.expression.expression))
    return undefined
  return {
    node: argument,
    level: 'likely',
    message: `\`${excerpt(list.expression.expression)}\` has started all its work before \`${run.limiter.getText()}\` sees any of it, so nothing is held back: start it in here.`,
  }
}

/** Calls that run work for each of a list, a few at a time, by their names. */
const POOLS = /pool|limit|concurren|^pMap$|throttle/iu

/** `asyncPool(8, started, (p) => p)`: a pool that is given promises instead of what to start. */
function poolOfStarted(call: ts.CallExpression, { types }: FileAnalysis): Report | undefined {
  const callee = calleeName(call)
  if (callee === undefined || call.arguments.length < 2 || !POOLS.test(callee) || !call.arguments.some(isHandedBack))
    return undefined
  const list = call.arguments.find(
    (argument) => !isFunctionExpression(unwrap(argument)) && types.isPromiseArray(argument),
  )
  return (
    list && {
      node: list,
      level: 'likely',
      message: `\`${excerpt(list)}\` holds promises: their work has started before \`${callee}\` sees them, so that nothing is held back. Give it the items, and start the work in the callback.`,
    }
  )
}

/** `(p) => p`, `async (p) => await p`. */
function isHandedBack(argument: ts.Expression): boolean {
  const fn = unwrap(argument)
  const name = isFunctionExpression(fn) ? fn.parameters[0]?.name : undefined
  return name !== undefined && isFunctionExpression(fn) && onlyResult(fn)?.getText() === name.getText()
}

/** What a function that does nothing else gives: its body, or what its only statement returns. */
function onlyResult(fn: ts.ArrowFunction | ts.FunctionExpression): ts.Expression | undefined {
  const statement = ts.isBlock(fn.body) && fn.body.statements.length === 1 ? fn.body.statements[0] : undefined
  const value = !ts.isBlock(fn.body)
    ? fn.body
    : statement && ts.isReturnStatement(statement)
      ? statement.expression
      : undefined
  const inner = value && unwrap(value)
  return inner && ts.isAwaitExpression(inner) ? unwrap(inner.expression) : inner
}

function hasAwait(node: ts.Node): boolean {
  return suspends(node) || someOwnNode(node, suspends)
}

function passFunction(argument: ts.Expression): Fix {
  const start = argument.getStart()
  return { title: 'Pass a function that starts the work', edits: () => [{ start, end: start, text: '() => ' }] }
}

/** Methods of limiters that run a task for each of the items they are given. */
const RUN_MANY = ['map', 'forEach', 'mapSettled', 'addAll']

/** A limiter that lives in one call of a function and runs one task there: no other task can ever meet it. */
function madeForOneTask(run: LimiterRun, analysis: FileAnalysis): Report | undefined {
  const { made } = run.made
  // A test of one task needs no more than a limiter of its own.
  if (analysis.role === 'test' || isMethodCall(run.call, ...RUN_MANY)) return undefined
  const home = enclosingFunction(made)
  if (home === undefined || capacityOf(run.made) === Infinity || isRunMoreThanOnce(run.call, made, home))
    return undefined
  const holder = wrapperOf(made).parent
  const isInline = run.limiter === made
  if (!isInline) {
    if (
      !ts.isVariableDeclaration(holder)
      || !ts.isIdentifier(holder.name)
      || analysis.references.of(holder.name).length !== 1
    )
      return undefined
  }
  const name = isInline ? excerpt(made) : run.limiter.getText()
  return {
    node: made,
    message: `Each call of ${describe(home)} makes a \`${excerpt(made.expression)}\` of its own and runs one task in it, so \`${name}\` never holds anything back: make it once, outside.`,
    related: isInline ? [] : [{ node: run.call, message: 'This is the only task that it ever runs.' }],
    suggestions: isInline || !ts.isVariableDeclaration(holder) ? [] : hoist(holder, home, analysis),
  }
}

/** Whether a loop or another function lies between where the limiter is made and where it runs its task. */
function isRunMoreThanOnce(call: ts.Node, made: ts.Node, home: FunctionNode): boolean {
  for (let at = call.parent; at !== home; at = at.parent) {
    if (isFunctionNode(at)) return true
    if (isLoop(at)) return !ts.findAncestor(made, (around) => around === at)
  }
  return false
}

function describe(fn: FunctionNode): string {
  const name = fn.name?.getText()
  if (name !== undefined) return `\`${name}\``
  const holder = wrapperOf(fn).parent
  if (ts.isVariableDeclaration(holder)) return `\`${holder.name.getText()}\``
  return ts.isCallExpression(holder) ? `the callback of \`${excerpt(holder.expression)}\`` : 'this function'
}

/** To the top of the module, where what it is made with is constant and its name means nothing else. */
function hoist(declaration: ts.VariableDeclaration, home: FunctionNode, analysis: FileAnalysis): Fix[] {
  const statement = declaration.parent.parent
  const outermost = ts.findAncestor(home, (at) => ts.isSourceFile(at.parent))
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1 || !outermost) return []
  const isConstant = !someOwnNode(
    declaration,
    (at) => ts.isIdentifier(at) && at !== declaration.name && !isModuleName(at, analysis),
  )
  const isFree = analysis.references.named(declaration.name.getText()).length === 2
  if (!isConstant || !isFree) return []
  const { text } = analysis.sourceFile
  if (!ts.isStatement(outermost)) return []
  // What stands above a statement stays with it.
  const top = startWithComments(outermost)
  const { newLine } = styleOf(analysis.sourceFile)
  const lineEnd = text.indexOf('\n', statement.end)
  const lineStart = text.lastIndexOf('\n', statement.getStart()) + 1
  if (startWithComments(statement) !== statement.getStart()) return []
  const isOwnLine =
    text.slice(lineStart, statement.getStart()).trim() === '' && text.slice(statement.end, lineEnd).trim() === ''
  return [
    {
      title: 'Make it once, at the top of the module',
      edits: () => [
        { start: top, end: top, text: `${statement.getText()}${newLine}` },
        isOwnLine
          ? { start: lineStart, end: lineEnd + 1, text: '' }
          : { start: statement.getStart(), end: statement.end, text: '' },
      ],
    },
  ]
}

/** A property name, an import, or another name of the module's own scope. */
function isModuleName(name: ts.Identifier, { types }: FileAnalysis): boolean {
  if ((ts.isPropertyAssignment(name.parent) || ts.isPropertyAccessExpression(name.parent)) && name.parent.name === name)
    return true
  const declaration = types.localSymbol(name)?.declarations?.[0]
  return declaration !== undefined && (ts.isImportSpecifier(declaration) || ts.isImportClause(declaration))
}

/** `pMap(urls, load)`: without its option the limiter starts everything at once. */
function withoutLimit(call: ts.CallExpression, analysis: FileAnalysis): Report | undefined {
  const [items, work, options] = call.arguments
  if (!items || !work || options || analysis.role === 'test' || !ts.isIdentifier(call.expression)) return undefined
  const known = limiterOf(call, analysis.types)
  if (
    !known
    || known === true
    || known.made !== call
    || known.knowledge.limitOption === undefined
    || known.knowledge.runs
  )
    return undefined
  const fn = analysis.types.functionOf(work)
  const size = sizeOf(items, analysis.types, analysis.references)
  if (!fn || size.kind === 'bounded') return undefined
  const { io, limits } = analysis.summaries.of(fn)
  if (limits || ![...io.keys()].some((kind) => RISKY_IO.has(kind))) return undefined
  const name = call.expression.text
  const { limitOption } = known.knowledge
  return {
    node: call.expression,
    level: size.kind === 'open' && !io.has('database') ? 'likely' : 'possible',
    message: `Without \`${limitOption}\`, \`${name}\` starts the work for every one of \`${excerpt(items)}\` at once, however many there are.`,
    suggestions: [
      {
        title: `Pass \`${limitOption}\``,
        edits: () => [{ start: work.end, end: work.end, text: `, { ${limitOption}: 8 }` }],
      },
    ],
  }
}

/** `Array.from({ length: 4 }, async () => { while (…) started.push(work()) })`: the first worker takes all there is. */
function greedyWorkers(call: ts.CallExpression, { types }: FileAnalysis): Report | undefined {
  const worker = workerOf(call)
  if (!worker || !isAsync(worker)) return undefined
  let found: { loop: ts.Node; started: ts.Expression } | undefined
  someOwnNode(worker, (at) => {
    if (!isLoop(at) || someOwnNode(at, suspends)) return false
    return someOwnNode(at, (inner) => {
      const started = isMethodCall(inner, 'push') ? inner.arguments[0] : undefined
      if (!started || !ts.isCallExpression(unwrap(started)) || types.thenable(started) !== 'always') return false
      found = { loop: at, started }
      return true
    })
  })
  if (!found) return undefined
  const { loop, started } = found
  return {
    node: loop.getFirstToken() ?? loop,
    level: 'likely',
    message: `This worker never waits between turns, so the first one starts \`${excerpt(started)}\` for everything there is, and the number of workers limits nothing.`,
    related: [{ node: started, message: 'Awaited here, each worker would run one at a time.' }],
  }
}

/** The function in `Array.from({ length: n }, worker)` and `Array(n).fill(0).map(worker)`. */
function workerOf(call: ts.CallExpression): ts.ArrowFunction | ts.FunctionExpression | undefined {
  const isFrom =
    isMethodCall(call, 'from')
    && call.expression.expression.getText() === 'Array'
    && call.arguments[0]
    && ts.isObjectLiteralExpression(unwrap(call.arguments[0]))
  const isFilled = isMethodCall(call, 'map') && isMethodCall(call.expression.expression, 'fill')
  const worker = isFrom ? call.arguments[1] : isFilled ? call.arguments[0] : undefined
  const inner = worker && unwrap(worker)
  return inner && isFunctionExpression(inner) ? inner : undefined
}
