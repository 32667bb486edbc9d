import ts from 'typescript'
import { resultsOf } from '../analysis/code/callbacks.ts'
import { droppedCalls, isMeantToRunAlone } from '../analysis/promises/droppedWork.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { fateOf } from '../analysis/flow/promiseFate.ts'
import {
  canAwaitAt,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  suspends,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { defineRule, type Report } from '../rule.ts'

export const rule = defineRule({
  id: 'no-ineffective-promise-all',
  meta: {
    family: 'fan-out',
    level: 'certain',
    description: 'Disallow `Promise.all` and its like over values that are not the promises they look like',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (!isPromiseCombinator(node)) return
        const list = node.arguments[0] && unwrap(node.arguments[0])
        if (list === undefined) return
        const reports = ts.isArrayLiteralExpression(list)
          ? inLiteral(node, list, analysis)
          : ts.isIdentifier(list)
            ? inVariable(node, list, analysis)
            : inMapped(node, list, analysis)
        for (const one of reports) report(one)
      },
    }
  },
})

function inLiteral(node: MethodCall, list: ts.ArrayLiteralExpression, analysis: FileAnalysis): readonly Report[] {
  const combinator = node.expression.getText()
  const awaited = list.elements.filter(isAwaitedCall)
  if (awaited.length > 1 && awaited.length === list.elements.length) return [sequential(node, awaited, analysis)]
  return list.elements
    .filter(
      (element) => !ts.isSpreadElement(element) && isArrayMaking(element) && analysis.types.isPromiseArray(element),
    )
    .map((element) => ({
      node: element,
      level: 'certain',
      message: `\`${combinator}\` does not look into \`${excerpt(element)}\`: the array is taken for a value, and nothing waits for the promises in it.`,
      suggestions: [
        {
          title: 'Wait for the promises in it too',
          edits: () => [
            { start: element.getStart(), end: element.getStart(), text: `${combinator}(` },
            { start: element.end, end: element.end, text: ')' },
          ],
        },
      ],
    }))
}

/** Names and calls; a nested literal is read as it stands. */
function isArrayMaking(node: ts.Expression): boolean {
  const inner = unwrap(node)
  return ts.isCallExpression(inner) || ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner)
}

function isAwaitedCall(node: ts.Expression): node is ts.AwaitExpression {
  const inner = unwrap(node)
  return ts.isAwaitExpression(inner) && ts.isCallExpression(unwrap(inner.expression))
}

/** `Promise.all([await a(), await b()])` has nothing left to wait for. */
function sequential(node: MethodCall, awaited: readonly ts.Expression[], analysis: FileAnalysis): Report {
  return {
    node: node.expression,
    // Tests make their data in this order, and may look for it in this order.
    level: analysis.role === 'test' ? 'possible' : 'likely',
    message: `\`${node.expression.getText()}\` has nothing left to wait for: each \`await\` inside the array ends before the next call starts, so the calls run one after another.`,
    suggestions: [
      {
        title: 'Start all of them at once',
        edits: () =>
          awaited.map((element) => {
            const inner = unwrap(element) as ts.AwaitExpression
            return { start: inner.getStart(), end: inner.expression.getStart(), text: '' }
          }),
      },
    ],
  }
}

/** `await Promise.all(batches)`, where each batch is an array of promises, and nothing looks at them afterwards. */
function inVariable(node: MethodCall, list: ts.Identifier, { types, references }: FileAnalysis): readonly Report[] {
  const { parent } = wrapperOf(node)
  const result = ts.isAwaitExpression(parent) ? parent : node
  if (fateOf(result, references).kind !== 'dropped' || !types.isArrayOfPromiseArrays(list)) return []
  if (references.of(list).some((use) => use.pos > node.end)) return []
  return [
    {
      node: list,
      level: 'certain',
      message: `\`${node.expression.getText()}\` is given arrays of promises and takes each array for a value: nothing waits for the promises in them.`,
      suggestions: [
        {
          title: 'Make one array of them with `flat`',
          edits: () => [{ start: list.end, end: list.end, text: '.flat()' }],
        },
      ],
    },
  ]
}

function inMapped(node: MethodCall, list: ts.Expression, analysis: FileAnalysis): readonly Report[] {
  const isFrom = isMethodCall(list, 'from') && list.expression.expression.getText() === 'Array'
  if (!isFrom && !isMethodCall(list, 'map', 'flatMap')) return []
  const argument = list.arguments[isFrom ? 1 : 0]
  const callback = argument && unwrap(argument)
  if (callback === undefined || !isFunctionExpression(callback) || callback.asteriskToken) return []
  const found = inCallback(callback, list, node, analysis)
  if (found.length === 0 || isFrom) return found
  // What nothing is known of gives a list here, or the join would fail.
  const receiver = list.expression.expression
  return analysis.types.isArray(receiver) || analysis.types.isUntyped(receiver) ? found : []
}

function inCallback(
  callback: ts.ArrowFunction | ts.FunctionExpression,
  list: MethodCall,
  node: MethodCall,
  analysis: FileAnalysis,
): readonly Report[] {
  const [result, ...others] = resultsOf(callback)
  const combinator = node.expression.getText()
  const isFlat = isMethodCall(list, 'flatMap')
  if (result && isFunctionExpression(unwrap(result)) && !isAsync(callback)) return [uncalled(result, combinator)]
  if (result && isAsync(callback))
    return [result, ...others].filter((one) => isBuriedIn(one, node, analysis)).map((one) => buried(one, combinator))
  if (result && !isFlat && isArrayMaking(result) && analysis.types.isPromiseArray(result))
    return [nested(list, combinator, isMethodCall(list, 'from'))]
  return result ? [] : lost(callback, combinator, analysis)
}

/** What an async callback gives, where it is an array of promises, and nobody looks into what the join gives in turn. */
function isBuriedIn(result: ts.Expression, node: MethodCall, { types, references }: FileAnalysis): boolean {
  if (!ts.isCallExpression(unwrap(result))) return false
  const { parent } = wrapperOf(node)
  return ts.isAwaitExpression(parent) && fateOf(parent, references).kind === 'dropped' && types.isPromiseArray(result)
}

function buried(result: ts.Expression, combinator: string): Report {
  return {
    node: result,
    level: 'certain',
    message: `\`${combinator}\` does not wait for the promises in \`${excerpt(result)}\`: what the callback gives is an array, and taken for a value.`,
    suggestions: [
      {
        title: 'Wait for the promises in it too',
        edits: () => [
          { start: result.getStart(), end: result.getStart(), text: 'Promise.all(' },
          { start: result.end, end: result.end, text: ')' },
        ],
      },
    ],
  }
}

function uncalled(result: ts.Expression, combinator: string): Report {
  return {
    node: result,
    level: 'likely',
    message: `\`${combinator}\` is given functions, which nobody calls: the work never starts.`,
  }
}

function nested(list: MethodCall, combinator: string, isFrom: boolean): Report {
  return {
    node: list.expression.name,
    level: 'certain',
    message: `\`${combinator}\` is given arrays of promises and takes each array for a value: nothing waits for the promises in them.`,
    suggestions: isFrom
      ? []
      : [
          {
            title: 'Make one array of them with `flatMap`',
            edits: () => [{ start: list.expression.name.getStart(), end: list.expression.name.end, text: 'flatMap' }],
          },
        ],
  }
}

/** A callback that gives nothing and waits for nothing, though it starts promises. */
function lost(callback: FunctionNode, combinator: string, analysis: FileAnalysis): readonly Report[] {
  const { body } = callback
  if (!body || !ts.isBlock(body)) return []
  const dropped: ts.CallExpression[] = []
  const waits: ts.Node[] = []
  forEachOwnNode(body, (at) => {
    if (suspends(at)) waits.push(at)
    if (ts.isExpressionStatement(at)) dropped.push(...droppedCalls(at))
  })
  if (waits.length > 0) return []
  return dropped
    .filter((call) => analysis.types.thenable(call) === 'always')
    .map((call) => ({
      node: call.expression,
      level: isMeantToRunAlone(call, analysis) ? 'likely' : 'certain',
      message: `\`${combinator}\` does not wait for \`${excerpt(call.expression)}\`: the callback starts it and gives nothing back.`,
      suggestions: mend(call, body),
    }))
}

function mend(call: ts.CallExpression, body: ts.Block): Report['suggestions'] & object {
  const before = (text: string): { start: number; end: number; text: string }[] => [
    { start: call.getStart(), end: call.getStart(), text },
  ]
  if (canAwaitAt(call)) return [{ title: 'Wait for it', edits: () => before('await ') }]
  const last = body.statements.at(-1)
  const isLast = last !== undefined && ts.isExpressionStatement(last) && unwrap(last.expression) === call
  return isLast ? [{ title: 'Give it back', edits: () => before('return ') }] : []
}
