import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import {
  enclosingFunction,
  findNode,
  type FunctionNode,
  forEachOwnNode,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  isWithin,
  someOwnNode,
  unwrap,
} from '../code/syntax.ts'

/** Methods that hand something on, or say that nothing more comes. */
const FEEDS = ['push', 'write', 'enqueue', 'send', 'emit', 'end', 'close', 'done', 'complete', 'resolve'] as const

/**
 * A wait further down that ends only when a dropped call has done its work: an async function beside it fills or ends what is
 * waited for there. `fill(); await pipeline(lines, file)`, where `fill` pushes into `lines`, waits for ever when `fill` fails.
 */
export function waitFedBy(call: ts.CallExpression, analysis: FileAnalysis): ts.Node | undefined {
  const around = enclosingFunction(call)
  if (!around?.body || !isAsync(around)) return undefined
  const feeder = feederOf(call, around, analysis)
  if (!feeder) return undefined
  const fed = fedBy(feeder, around, analysis)
  if (fed.size === 0) return undefined
  let found: ts.Node | undefined
  forEachOwnNode(around.body, (node) => {
    if (found || node.pos < call.end || !isWaitFor(node)) return
    if (findNode(node.expression, (at) => ts.isIdentifier(at) && fed.has(analysis.types.localSymbol(at)))) found = node
  })
  return found
}

function isWaitFor(node: ts.Node): node is ts.AwaitExpression | ts.ForOfStatement {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)
}

/** The async function beside a call, or in it, that the call runs. */
function feederOf(call: ts.CallExpression, around: FunctionNode, { types }: FileAnalysis): FunctionNode | undefined {
  const callee = unwrap(call.expression)
  const fn = isFunctionExpression(callee) ? callee : ts.isIdentifier(callee) ? types.functionOf(callee) : undefined
  return fn && isAsync(fn) && fn !== around && isWithin(fn, around) ? fn : undefined
}

/** The variables of the function around that a function feeds. */
function fedBy(
  feeder: FunctionNode,
  around: FunctionNode,
  { types }: FileAnalysis,
): ReadonlySet<ts.Symbol | undefined> {
  const fed = new Set<ts.Symbol | undefined>()
  if (!feeder.body) return fed
  someOwnNode(feeder.body, (node) => {
    const receiver = isMethodCall(node, ...FEEDS) ? unwrap(node.expression.expression) : undefined
    const symbol = receiver && ts.isIdentifier(receiver) ? types.localSymbol(receiver) : undefined
    const declared = symbol?.valueDeclaration
    if (
      declared
      && isWithin(declared, around)
      && !isWithin(declared, feeder)
      && !types.isArray(receiver as ts.Identifier)
    )
      fed.add(symbol)
    return false
  })
  return fed
}
