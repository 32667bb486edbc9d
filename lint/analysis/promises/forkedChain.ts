import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { handlesRejection } from '../flow/promiseFate.ts'
import {
  enclosingFunction,
  isAsync,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/** A dropped chain that begins with a promise which somebody else sees to. */
export interface Fork {
  readonly chain: MethodCall
  readonly promise: ts.Identifier
  /** Where the promise itself is seen to. */
  readonly seenTo: ts.Node
}

/**
 * `job.finally(() => { jobs.delete(id) }); return job`: whoever gets `job` handles its failure, and nobody that of the promise
 * which `finally` makes. It rejects with the same reason, unhandled, whatever the others do.
 */
export function forkOf(call: ts.CallExpression, { references, types }: FileAnalysis): Fork | undefined {
  if (!isMethodCall(call, 'then', 'finally') || call.arguments.length !== 1 || handlesRejection(call)) return undefined
  const promise = unwrap(call.expression.expression)
  if (!ts.isIdentifier(promise)) return undefined
  const declared = types.localSymbol(promise)?.valueDeclaration
  const fn = enclosingFunction(call)
  if (!fn || !declared || !ts.isVariableDeclaration(declared) || enclosingFunction(declared) !== fn) return undefined
  const seenTo = references.of(promise).find((use) => use !== promise && isSeenTo(use, isAsync(fn)))
  return seenTo && { chain: call, promise, seenTo }
}

/** `return p`, `await p`, `Promise.all([p, …])`, and `p.catch(…)`. */
function isSeenTo(use: ts.Identifier, isInAsync: boolean): boolean {
  const { parent } = wrapperOf(use)
  if (ts.isReturnStatement(parent)) return true
  if (ts.isAwaitExpression(parent)) return isInAsync
  if (ts.isArrayLiteralExpression(parent)) return isPromiseCombinator(wrapperOf(parent).parent)
  const chain = ts.isPropertyAccessExpression(parent) ? parent.parent : undefined
  return chain !== undefined && ts.isCallExpression(chain) && handlesRejection(chain)
}
