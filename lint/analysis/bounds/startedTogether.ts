import ts from 'typescript'
import { sizeOf, turnsOf } from './boundedness.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { knownImport } from '../code/imports.ts'
import { SLEEP_NAMES, SMALL_ITEM_NAMES } from '../knowledge/names.ts'
import { isLimiterCall } from '../flow/limiters.ts'
import { combinatorOf } from '../flow/promiseFate.ts'
import type { Size } from './sizes.ts'
import {
  calleeName,
  enclosingFunction,
  isFunctionExpression,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  someNode,
  someOwnNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Work that is started for every item of an input before the first ends, and then joined. */
export interface StartedTogether {
  /** The combinator that joins, or the function of the program that hands what it is given to one. */
  readonly joined: ts.CallExpression
  /** What runs per item: the callback, or the call in the loop. */
  readonly work: ts.Expression
  /** What the items are called in the code. */
  readonly input: ts.Node
  /** How many items there are; asked for late, since it costs more than the rest. */
  readonly size: () => Size
  /** The `map` that starts them, where that is how it is written. */
  readonly map: MethodCall | undefined
}

/** `Promise.all(items.map(work))`, or what a package offers for it, also through a variable, with `Array.from(items, work)`, or collected in a loop. */
export function startedTogether(node: ts.CallExpression, analysis: FileAnalysis): StartedTogether | undefined {
  const { references, types } = analysis
  if (isMethodCall(node) && node.arguments.length === 2 && ts.isIdentifier(node.expression.expression)) {
    const [input, work] = node.arguments
    const startsAll = knownImport(node.expression, types)?.knowledge.startsAll
    if (input && work && startsAll?.includes(node.expression.name.text)) {
      return { joined: node, input, size: () => sizeOf(input, types, references), work, map: undefined }
    }
  }
  if (isMethodCall(node, 'map', 'flatMap') && node.arguments[0]) {
    const joined = combinatorOf(node, references) ?? joinerOf(node, types)
    if (!joined || isPromiseCombinator(joined, 'race')) return undefined
    const input = node.expression.expression
    const size = (): Size => (isOneOfFew(node.arguments[0]) ? FEW : sizeOf(input, types, references))
    return { joined, input, size, work: node.arguments[0], map: node.expression.name.text === 'map' ? node : undefined }
  }
  if (
    isMethodCall(node, 'from')
    && node.expression.expression.getText() === 'Array'
    && node.arguments[0]
    && node.arguments[1]
  ) {
    const joined = combinatorOf(node, references)
    return (
      joined && {
        joined,
        input: node.arguments[0],
        size: () => sizeOf(node, types, references),
        work: node.arguments[1],
        map: undefined,
      }
    )
  }
  return isPromiseCombinator(node, 'all', 'allSettled', 'any') ? collectedInLoop(node, analysis) : undefined
}

/** `settle(items.map(work))`, where `settle` waits for all that it is given with `Promise.all` or `Promise.allSettled`. */
function joinerOf(started: ts.Expression, types: TypeQuestions): ts.CallExpression | undefined {
  const given = wrapperOf(started)
  const { parent } = given
  if (!ts.isCallExpression(parent) || parent.expression === given) return undefined
  const index = parent.arguments.findIndex((argument) => argument === given)
  const fn = types.functionOf(parent.expression)
  const name = fn?.parameters[index]?.name
  if (!fn?.body || !name || !ts.isIdentifier(name)) return undefined
  const joins = someNode(fn.body, (at) => {
    const joined = isPromiseCombinator(at, 'all', 'allSettled') && at.arguments[0] && unwrap(at.arguments[0])
    return joined !== false && joined !== undefined && ts.isIdentifier(joined) && joined.text === name.text
  })
  return joins ? parent : undefined
}

const FEW: Size = { kind: 'bounded', why: 'what is registered or configured' }

/** `paths.map((workspacePath) => …)`: the name of one says what the name of all does not. */
function isOneOfFew(callback: ts.Expression | undefined): boolean {
  const fn = callback && unwrap(callback)
  const name = fn && isFunctionExpression(fn) ? fn.parameters[0]?.name : undefined
  return name !== undefined && ts.isIdentifier(name) && SMALL_ITEM_NAMES.test(name.text)
}

/** `for (const x of items) started.push(work(x))` … `Promise.all(started)`. */
function collectedInLoop(joined: MethodCall, analysis: FileAnalysis): StartedTogether | undefined {
  const list = joined.arguments[0] && listOf(joined.arguments[0])
  const name = list && declarationName(list, analysis)
  if (!list || !name) return undefined
  for (const use of analysis.references.of(name)) {
    const work = addedTo(use)
    const loop = work && ts.findAncestor(use, (at) => isLoop(at) || isFunctionNode(at))
    if (!loop || !isRepeated(loop)) continue
    // Joined on each turn, as a chunk is, or held up before the next: then only a few run at once.
    if (ts.findAncestor(joined, (at) => at === loop) || isHeldUp(loop, list.text, analysis)) continue
    return {
      joined,
      input: inputOf(loop),
      size: () => turnsOf(loop, analysis.types, analysis.references),
      work: startedBy(work, analysis),
      map: undefined,
    }
  }
  return undefined
}

/** The variable in `Promise.all(started)`, `[...started]`, `started.values()` and `Object.values(started)`. */
function listOf(argument: ts.Expression): ts.Identifier | undefined {
  const inner = unwrap(argument)
  if (ts.isIdentifier(inner)) return inner
  if (isMethodCall(inner, 'values') && inner.expression.expression.getText() === 'Object' && inner.arguments[0])
    return listOf(inner.arguments[0])
  if (isMethodCall(inner, 'values') && inner.arguments.length === 0) return listOf(inner.expression.expression)
  const only = ts.isArrayLiteralExpression(inner) && inner.elements.length === 1 ? inner.elements[0] : undefined
  return only && ts.isSpreadElement(only) ? listOf(only.expression) : undefined
}

function declarationName(use: ts.Identifier, analysis: FileAnalysis): ts.Identifier | undefined {
  const declaration = analysis.types.localSymbol(use)?.valueDeclaration
  return declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name)
    ? declaration.name
    : undefined
}

/** What `started.push(p)`, `started.add(p)`, `started.set(key, p)` or `started[i] = p` adds. */
function addedTo(use: ts.Identifier): ts.Expression | undefined {
  const { parent } = use
  if (
    ts.isPropertyAccessExpression(parent)
    && parent.expression === use
    && isMethodCall(parent.parent, 'push', 'unshift', 'add', 'set')
  ) {
    return parent.parent.arguments.at(-1)
  }
  if (!ts.isElementAccessExpression(parent) || parent.expression !== use) return undefined
  const { parent: written } = parent
  return ts.isBinaryExpression(written)
    && written.left === parent
    && written.operatorToken.kind === ts.SyntaxKind.EqualsToken
    ? written.right
    : undefined
}

function isRepeated(node: ts.Node): boolean {
  return isLoop(node) || (isFunctionExpression(node) && isMethodCall(node.parent, 'forEach'))
}

function inputOf(loop: ts.Node): ts.Node {
  if (isFunctionExpression(loop) && isMethodCall(loop.parent)) return loop.parent.expression.expression
  if (ts.isForOfStatement(loop) || ts.isForInStatement(loop)) return loop.expression
  if (ts.isForStatement(loop) && loop.condition && ts.isBinaryExpression(loop.condition)) {
    const { right } = loop.condition
    return ts.isPropertyAccessExpression(right) ? right.expression : right
  }
  return loop.getFirstToken() ?? loop
}

/** Whether the turns wait: for some of what was started, for a permit, or for time to pass. */
function isHeldUp(loop: ts.Node, list: string, { types }: FileAnalysis): boolean {
  const names = new RegExp(`\\b${list.replaceAll('$', '\\$')}\\b`, 'u')
  if (someNode(loop, (at) => isPromiseCombinator(at) && names.test(at.arguments[0]?.getText() ?? ''))) return true
  return someOwnNode(loop, (at) => {
    if (!ts.isAwaitExpression(at)) return false
    const awaited = unwrap(at.expression)
    return (
      ts.isCallExpression(awaited) && (isLimiterCall(awaited, types) || SLEEP_NAMES.test(calleeName(awaited) ?? ''))
    )
  })
}

/** Through a variable of the same turn: `const p = work(x); started.push(p)`. */
function startedBy(work: ts.Expression, analysis: FileAnalysis): ts.Expression {
  const inner = unwrap(work)
  const declaration = ts.isIdentifier(inner) ? analysis.types.localSymbol(inner)?.valueDeclaration : undefined
  const isHere =
    declaration && ts.isVariableDeclaration(declaration) && enclosingFunction(declaration) === enclosingFunction(inner)
  return isHere && declaration.initializer ? unwrap(declaration.initializer) : inner
}

/** Inside `for (let i = 0; i < items.length; i += SIZE)` the input is one slice of the whole. */
export function isInChunkLoop(input: ts.Node): boolean {
  const loop = ts.findAncestor(input, (at): at is ts.ForStatement => ts.isForStatement(at))
  const step = loop?.incrementor
  return (
    step !== undefined
    && ts.isBinaryExpression(step)
    && step.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken
    && enclosingFunction(step) === enclosingFunction(input)
  )
}
