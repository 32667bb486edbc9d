import ts from 'typescript'
import type { ConcurrentRegion } from '../flow/concurrentRegion.ts'
import { locationOf } from '../flow/locations.ts'
import type { AsyncFlow } from '../flow/flowFacts.ts'
import {
  type FunctionNode,
  isAssignment,
  isLogicalAssignment,
  isLoop,
  isWithin,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Whether all that activations wait for on the way to a place is one promise that they share: `await ready`, kept outside of
 * the region. Who waits for the same promise goes on in the order of asking, which is that of the input.
 */
export function waitsTogether(
  place: ts.Node,
  fn: FunctionNode,
  region: ConcurrentRegion,
  flow: AsyncFlow,
  types: TypeQuestions,
): boolean {
  const loop = outermostLoop(place, fn)
  if (loop && flow.suspensions.some((suspension) => isWithin(suspension, loop))) return false
  const own = new Set(flow.writes.filter(({ node }) => isOwnPromise(node)).map(({ location }) => location.key))
  return flow.suspensions.every((suspension) => {
    if (suspension.pos > place.end) return true
    if (!ts.isAwaitExpression(suspension) || !isReachedByAll(suspension, fn)) return false
    const awaited = unwrap(suspension.expression)
    const kept = isAssignment(awaited) && isLogicalAssignment(awaited) ? awaited.left : awaited
    const location = locationOf(kept, fn, types)
    if (
      location === undefined
      || location.ownership === 'local'
      || location.computedKeys.length > 0
      || own.has(location.key)
    )
      return false
    const declaration = location.symbol?.valueDeclaration
    return declaration === undefined || !isWithin(declaration, region.callback)
  })
}

/** `latest = fetch(item)`: what is awaited there is the activation's own, although it lies where others see it. */
function isOwnPromise(target: ts.Expression): boolean {
  const { parent } = wrapperOf(target)
  return isAssignment(parent) && !isLogicalAssignment(parent)
}

/** Whether a suspension is a statement of its own in the body, or the value of a variable there. */
function isReachedByAll(suspension: ts.AwaitExpression, fn: FunctionNode): boolean {
  const { parent } = wrapperOf(suspension)
  const statement = ts.isVariableDeclaration(parent) ? parent.parent.parent : parent
  return (ts.isExpressionStatement(statement) || ts.isVariableStatement(statement)) && statement.parent === fn.body
}

function outermostLoop(place: ts.Node, fn: FunctionNode): ts.Node | undefined {
  let outermost: ts.Node | undefined
  for (let at = place.parent; at !== fn; at = at.parent) if (isLoop(at)) outermost = at
  return outermost
}
