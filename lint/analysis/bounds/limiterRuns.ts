import ts from 'typescript'
import { limiterOf, type MadeLimiter } from '../flow/limiters.ts'
import type { References } from '../code/references.ts'
import {
  constantNumber,
  enclosingFunction,
  type FunctionNode,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  isPromiseCombinator,
  isWithin,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** A call that runs a task under a limiter and gives a promise that settles with it: `limit(() => …)`, `queue.add(task)`. */
export interface LimiterRun {
  readonly call: ts.CallExpression
  /** The limiter as written: `limit`, `this.queue`. */
  readonly limiter: ts.Expression
  readonly made: MadeLimiter
}

/** The run that a call is, where the table knows the limiter's package. */
export function runOf(call: ts.CallExpression, types: TypeQuestions): LimiterRun | undefined {
  // Most calls take no work, and most methods are none that a limiter here has: they cost no question to the checker.
  if (!call.arguments.some(mayBeWork)) return undefined
  const callee = unwrap(call.expression)
  if (ts.isPropertyAccessExpression(callee) && types.limiterRuns.has(callee.name.text)) {
    return runBy(call, callee.expression, callee.name.text, types)
  }
  return types.limiterRuns.has('') && mayBeLimiter(callee) ? runBy(call, callee, '', types) : undefined
}

function runBy(
  call: ts.CallExpression,
  limiter: ts.Expression,
  method: string,
  types: TypeQuestions,
): LimiterRun | undefined {
  const made = limiterOf(limiter, types)
  if (!made || made === true || made.knowledge.runs?.includes(method) !== true) return undefined
  return { call, limiter: unwrap(limiter), made }
}

/** A function or its name; or a call, which starts the work too early. */
function mayBeWork(argument: ts.Expression): boolean {
  const inner = unwrap(argument)
  return (
    isFunctionExpression(inner)
    || ts.isIdentifier(inner)
    || ts.isPropertyAccessExpression(inner)
    || ts.isCallExpression(inner)
  )
}

/** A limiter that is called itself lies in a variable or in a field of this instance, or is made on the spot: `pLimit(5)(task)`. */
function mayBeLimiter(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee) || ts.isCallExpression(callee)) return true
  return ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword
}

/** The tasks that a run is given, as far as they are functions with a body in the program. */
export function tasksOf(run: LimiterRun, types: TypeQuestions): readonly FunctionNode[] {
  return run.call.arguments.flatMap((argument) => {
    const inner = unwrap(argument)
    const task = isFunctionExpression(inner)
      ? inner
      : ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner)
        ? types.functionOf(inner)
        : undefined
    return task ? [task] : []
  })
}

/** How many tasks a limiter lets run at once: undefined where that is not written as a number, Infinity where it has no limit. */
export function capacityOf({ made, knowledge, exported }: MadeLimiter): number | undefined {
  if (exported === 'Mutex') return 1
  const given = made.arguments?.[0]
  if (given === undefined) return knowledge.limitOption === undefined ? undefined : Infinity
  const options = unwrap(given)
  if (!ts.isObjectLiteralExpression(options)) return isInfinite(options) ? Infinity : constantNumber(options)
  const name = knowledge.limitOption ?? 'concurrency'
  const option = options.properties.find((property) => property.name?.getText() === name)
  if (option === undefined)
    return knowledge.limitOption === undefined || options.properties.some(ts.isSpreadAssignment) ? undefined : Infinity
  if (!ts.isPropertyAssignment(option)) return undefined
  return isInfinite(option.initializer) ? Infinity : constantNumber(option.initializer)
}

function isInfinite(node: ts.Expression): boolean {
  return /^(?:Number\.)?(?:Infinity|POSITIVE_INFINITY)$/u.test(node.getText())
}

/** Whether two runs go to one limiter: one variable, or one field of `this` in one class. */
export function isSameLimiter(a: LimiterRun, b: LimiterRun, types: TypeQuestions): boolean {
  const [first, second] = [holderOf(a.limiter), holderOf(b.limiter)]
  if (!first || !second || a.made.made !== b.made.made) return false
  return types.symbol(first) !== undefined && types.symbol(first) === types.symbol(second)
}

function holderOf(limiter: ts.Expression): ts.Node | undefined {
  if (ts.isIdentifier(limiter)) return limiter
  return ts.isPropertyAccessExpression(limiter) && limiter.expression.kind === ts.SyntaxKind.ThisKeyword
    ? limiter.name
    : undefined
}

const MAX_STEPS = 12

/** Whether a function's own promise settles only after this one: it is awaited there, or becomes part of what it returns. */
export function isWaitedFor(promise: ts.Expression, fn: FunctionNode, references: References, steps = 0): boolean {
  const node = wrapperOf(promise)
  const { parent } = node
  if (steps > MAX_STEPS || node === fn) return false
  const climb = (to: ts.Expression): boolean => isWaitedFor(to, fn, references, steps + 1)
  if (ts.isAwaitExpression(parent)) return settlesWith(enclosingFunction(parent), fn, climb)
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node))
    return settlesWith(enclosingFunction(node), fn, climb)
  if (ts.isConditionalExpression(parent) || ts.isArrayLiteralExpression(parent)) return climb(parent)
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return climb(parent)
  if (ts.isSpreadElement(parent)) return climb(parent.parent)
  if (isPromiseCombinator(parent, 'all', 'allSettled')) return climb(parent)
  if (ts.isPropertyAccessExpression(parent) && isMethodCall(parent.parent, 'then', 'catch', 'finally', 'map', 'filter'))
    return climb(parent.parent)
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return references.of(parent.name).some((use) => climb(use))
  if (isMethodCall(parent, 'push') && ts.isIdentifier(parent.expression.expression)) {
    const list = parent.expression.expression
    return references
      .named(list.text)
      .some(
        (use) =>
          use !== list && isWithin(use, fn) && isPromiseCombinator(use.parent, 'all', 'allSettled') && climb(use),
      )
  }
  return false
}

/** Whether `fn` settles only after an activation of `inner`: they are one, or `inner` is a callback whose results are waited for. */
function settlesWith(
  inner: FunctionNode | undefined,
  fn: FunctionNode,
  climb: (to: ts.Expression) => boolean,
): boolean {
  if (inner === undefined) return false
  if (inner === fn) return true
  const call = wrapperOf(inner).parent
  const isCalled = ts.isCallExpression(call) && isFunctionExpression(inner) && !isFunctionNode(call)
  return isCalled && climb(call)
}
