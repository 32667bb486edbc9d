import ts from 'typescript'
import type { ConcurrentRegion } from '../analysis/flow/concurrentRegion.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { scanFunction } from '../analysis/flow/functionScan.ts'
import { mayLetButOneIn } from '../analysis/state/itemChecks.ts'
import { type Location, locationOf } from '../analysis/flow/locations.ts'
import { callsLockingBefore, hasTakenLock } from '../analysis/flow/locks.ts'
import { type OrderUse, orderUseOf } from '../analysis/promises/orderUse.ts'
import { combinatorOf } from '../analysis/flow/promiseFate.ts'
import { waitsTogether } from '../analysis/state/sharedWaits.ts'
import {
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isAsync,
  isMethodCall,
  isWithin,
  type MethodCall,
  someOwnNode,
  suspends,
  unwrap,
} from '../analysis/code/syntax.ts'
import { returnInsteadOfPush, writeByIndex } from '../fixes/keepOrder.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-completion-order-result',
  meta: {
    family: 'race',
    level: 'certain',
    description: 'Disallow collecting results in the order in which concurrent calls happen to end',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    const checkFunction = (fn: FunctionNode): void => {
      if (!isAsync(fn)) return
      const { suspends, methods } = scanFunction(fn)
      if (!suspends || !(methods.has('push') || methods.has('unshift'))) return
      const region = analysis.region(fn)
      if (region === undefined || region.kind === 'events') return
      const flow = analysis.flow(fn)
      for (const { node: push, afterSuspension } of flow.calls) {
        if (!afterSuspension || !isMethodCall(push, 'push', 'unshift')) continue
        const sink = push.expression.expression
        const location = locationOf(sink, fn, analysis.types)
        if (location === undefined || !isShared(location, region) || location.computedKeys.length > 0) continue
        const order = orderUseOf(sink, region, analysis.references)
        if (
          order === undefined
          || !analysis.types.isArray(sink)
          || (waitsTogether(push, fn, region, flow, analysis.types) && !isAddedToBefore(sink, fn))
        )
          continue
        report({
          node: push.expression,
          level:
            isIncidental(sink) || hasTakenLock(fn, push, analysis.types)
              ? 'possible'
              : levelOf(order, push, fn, region, analysis),
          message: `\`${excerpt(sink)}\` gets its items in the order in which the calls end, which differs from run to run and from the order of \`${inputOf(region)}\`.`,
          related: order.node ? [{ node: order.node, message: 'Here the order matters.' }] : [],
          suggestions: suggestionsFor(push, region, analysis),
        })
      }
    }
    return {
      [ts.SyntaxKind.ArrowFunction]: checkFunction,
      [ts.SyntaxKind.FunctionExpression]: checkFunction,
      [ts.SyntaxKind.FunctionDeclaration]: checkFunction,
      [ts.SyntaxKind.MethodDeclaration]: checkFunction,
    }
  },
})

function isShared(location: Location, region: ConcurrentRegion): boolean {
  if (location.ownership === 'local') return false
  const declaration = location.symbol?.valueDeclaration
  return declaration === undefined || !isWithin(declaration, region.callback)
}

/** Whether the list is appended to both before the function waits and behind: then all come there twice. */
function isAddedToBefore(sink: ts.Expression, fn: FunctionNode): boolean {
  let waited = false
  let added = false
  forEachOwnNode(fn, (node) => {
    waited ||= suspends(node)
    added ||=
      !waited && isMethodCall(node, 'push', 'unshift') && node.expression.expression.getText() === sink.getText()
  })
  return added
}

/** What went wrong along the way is mostly read as a whole, even where the first is picked out. */
function isIncidental(sink: ts.Expression): boolean {
  return /(?:errors?|failures?|failed|warnings?|skipped|rejected|logs?|timings?)$/iu.test(sink.getText())
}

function inputOf(region: ConcurrentRegion): string {
  const { origin } = region
  // `map(items, callback)` takes its input first.
  const [input] = origin.arguments
  if (input && !isWithin(region.callback, input)) return excerpt(input)
  return isMethodCall(origin) ? excerpt(origin.expression.expression) : 'the input'
}

function levelOf(
  order: OrderUse,
  push: MethodCall,
  fn: FunctionNode,
  region: ConcurrentRegion,
  analysis: FileAnalysis,
): Level {
  const { role, types } = analysis
  // What is read by position may be as good in any order: whoever comes first is taken, or all are joined to a text.
  if (order.kind !== 'paired') return role === 'product' && isChosen(order, fn) ? 'likely' : 'possible'
  // Of a function that callbacks call, nobody looks at what decides whether they do.
  const mayBeInOrder =
    region.kind !== 'fan-out' || mayLetButOneIn(push, fn, region, types) || callsLockingBefore(fn, push, types)
  return role === 'test' || mayBeInOrder ? 'likely' : 'certain'
}

/** `found[0]` beside `if (found.length > 1)`: of several, which are not as good as one another, the first is taken. */
function isChosen({ kind, node }: OrderUse, fn: FunctionNode): boolean {
  if (kind !== 'ordered' || !node || !ts.isElementAccessExpression(node)) return false
  if (unwrap(node.argumentExpression).getText() !== '0') return false
  const count = `${node.expression.getText()}.length`
  const owner = enclosingFunction(fn)
  return (
    owner !== undefined
    && someOwnNode(
      owner,
      (at) =>
        ts.isBinaryExpression(at)
        && at.operatorToken.kind === ts.SyntaxKind.GreaterThanToken
        && at.left.getText() === count
        && at.right.getText() === '1',
    )
  )
}

function suggestionsFor(push: MethodCall, region: ConcurrentRegion, analysis: FileAnalysis): readonly Fix[] {
  if (!isMethodCall(region.origin, 'map') || region.kind !== 'fan-out') return []
  const joined = combinatorOf(region.origin, analysis.references)
  const fixes = [
    joined && returnInsteadOfPush(push, region.origin, joined, analysis),
    writeByIndex(push, region.origin, analysis),
  ]
  return fixes.filter((fix) => fix !== undefined)
}
