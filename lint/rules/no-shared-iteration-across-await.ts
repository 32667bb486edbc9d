import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { type Location, locationOf } from '../analysis/flow/locations.ts'
import { answerOf } from '../analysis/code/answers.ts'
import { isSerialised } from '../analysis/flow/serialised.ts'
import {
  enclosingFunction,
  excerpt,
  type FunctionNode,
  isAsync,
  isGenerator,
  isMethodCall,
  isWithin,
  type MethodCall,
  someOwnNode,
  suspends,
  unwrap,
} from '../analysis/code/syntax.ts'
import type { Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-shared-iteration-across-await',
  meta: {
    family: 'race',
    level: 'likely',
    description: 'Disallow an `await` while iterating a shared array that other code takes items out of',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    const checkLoop = (loop: ts.ForOfStatement | ts.ForStatement): void => {
      const list = listOf(loop)
      if (list === undefined || !someOwnNode(loop.statement, suspends)) return
      const fn = enclosingFunction(loop)
      if (fn === undefined) return
      // `get items() { return this.#items }` hands out the list itself.
      const answer = answerOf(list)
      const kept = answer && answer.returned === answer.field ? answer.field : list
      const location = locationOf(kept, fn, analysis.types)
      if (
        location === undefined
        || location.ownership === 'local'
        || location.ownership === 'parameter'
        || location.computedKeys.length > 0
      )
        return
      const remover = removersOf(location, kept, analysis).find((call) => isElsewhere(call, loop, fn, analysis))
      if (
        remover === undefined
        || !analysis.types.isArray(list)
        || isSerialised(fn, loop, analysis.references, analysis.types)
      )
        return
      report({
        node: list,
        level: levelOf(loop, analysis),
        message: `While this loop waits, \`${excerpt(remover.expression)}\` may move the items of \`${excerpt(list)}\`, so that the loop skips some or visits them twice.`,
        related: [{ node: remover, message: 'Here items are taken out or moved.' }],
        suggestions: ts.isForOfStatement(loop) ? [copyOf(list)] : [],
      })
    }
    return {
      [ts.SyntaxKind.ForOfStatement]: checkLoop,
      [ts.SyntaxKind.ForStatement]: checkLoop,
    }
  },
})

/** Methods that move the items which an iterator has not reached yet. Items added at the end are visited, most often on purpose. */
const MOVING = ['splice', 'shift', 'unshift', 'sort', 'reverse', 'copyWithin']

/** What a loop walks through: `list` in `for (const x of list)` and in `for (let i = 0; i < list.length; i++)`. */
function listOf(loop: ts.ForOfStatement | ts.ForStatement): ts.Expression | undefined {
  if (ts.isForOfStatement(loop)) {
    if (loop.awaitModifier) return undefined
    const iterated = unwrap(loop.expression)
    return isMethodCall(iterated, 'entries', 'values', 'keys') ? iterated.expression.expression : nameable(iterated)
  }
  const condition = loop.condition && unwrap(loop.condition)
  if (!condition || !ts.isBinaryExpression(condition) || condition.operatorToken.kind !== ts.SyntaxKind.LessThanToken)
    return undefined
  const limit = unwrap(condition.right)
  return ts.isPropertyAccessExpression(limit) && limit.name.text === 'length'
    ? nameable(unwrap(limit.expression))
    : undefined
}

function nameable(node: ts.Expression): ts.Expression | undefined {
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) ? node : undefined
}

/** The calls in this file that move items within the array at a location. */
function removersOf(location: Location, list: ts.Expression, analysis: FileAnalysis): readonly MethodCall[] {
  const last = unwrap(list)
  const name = ts.isPropertyAccessExpression(last) ? last.name : last
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return []
  const symbol = analysis.types.symbol(name)
  const calls: MethodCall[] = []
  for (const use of analysis.references.members(name.text)) {
    const receiver = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const access = receiver.parent
    if (
      !ts.isPropertyAccessExpression(access)
      || access.expression !== receiver
      || !isMethodCall(access.parent, ...MOVING)
    )
      continue
    if (symbol !== undefined && analysis.types.symbol(use) === symbol) calls.push(access.parent)
  }
  return calls
}

/** Whether a call may run while the loop waits: it is in other code, or in a callback of the same function. */
function isElsewhere(call: MethodCall, loop: ts.Node, fn: FunctionNode, analysis: FileAnalysis): boolean {
  const around = enclosingFunction(call)
  if (around === undefined || isWithin(call, loop)) return false
  if (around === fn) return analysis.region(fn) !== undefined
  return !ts.isConstructorDeclaration(around)
}

function levelOf(loop: ts.Node, analysis: FileAnalysis): Level {
  // In tear-down nothing else is meant to run; a person knows.
  const fn = enclosingFunction(loop)
  const name = fn?.name?.getText() ?? ''
  // What a plain generator hands out is mostly taken in one go; only a library that runs it step by step lets others in between.
  if (fn && isGenerator(fn) && !isAsync(fn)) return 'possible'
  if (
    analysis.role !== 'product'
    || /^_*(?:dispose|destroy|close|stop|shutdown|clear|teardown|deactivate)/iu.test(name)
  )
    return 'possible'
  return 'likely'
}

function copyOf(list: ts.Expression): {
  title: string
  edits: () => readonly { start: number; end: number; text: string }[]
} {
  return {
    title: 'Iterate over a copy',
    edits: () => [
      { start: list.getStart(), end: list.getStart(), text: '[...' },
      { start: list.end, end: list.end, text: ']' },
    ],
  }
}
