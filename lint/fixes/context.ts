import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { enclosingFunction, isFunctionNode, someNode, unwrap } from '../analysis/code/syntax.ts'

/**
 * Whether a call behind an expression would change its type: what stands in it takes its type from where the whole stands,
 * such as `'ok'` in `return Promise.all(items.map(async () => ({ state: 'ok' })))`, and a method's receiver stands nowhere.
 */
export function leansOnPlace(expression: ts.Expression): boolean {
  const place = placeOf(expression)
  return place !== undefined && someNode(expression, (node) => isLiteral(node) && isResult(node, expression))
}

/**
 * The type argument that `new Promise(…)` needs before a method can be called on it: with none it is a promise of `unknown`,
 * unless it takes its type from where it stands. Undefined where nobody has written that type down.
 */
export function promisedType(made: ts.NewExpression, { types }: FileAnalysis): string | undefined {
  if (made.typeArguments) return ''
  const type = types.typeOf(made) as ts.TypeReference | undefined
  const brings = type?.typeArguments?.[0]
  if (!brings || brings.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return ''
  if (!/\.[cm]?tsx?$/u.test(made.getSourceFile().fileName)) return undefined
  const place = placeOf(made)
  if (!place?.type) return undefined
  const { type: written, isAwaited } = place
  if (isAwaited && !place.isPromised) return `<${written.getText()}>`
  if (!ts.isTypeReferenceNode(written) || !/^Promise(?:Like)?$/u.test(written.typeName.getText())) return undefined
  const [argument] = written.typeArguments ?? []
  return argument && `<${argument.getText()}>`
}

/** What says of which type a value is to be. */
interface Place {
  /** None where it is said elsewhere, as for an argument. */
  readonly type: ts.TypeNode | undefined
  readonly isAwaited: boolean
  /** Whether the type is that of a promise even where the value is awaited: the result of an async function. */
  readonly isPromised: boolean
}

function placeOf(expression: ts.Expression): Place | undefined {
  let at: ts.Node = expression
  let isAwaited = false
  while (ts.isParenthesizedExpression(at.parent) || ts.isAwaitExpression(at.parent)) {
    at = at.parent
    isAwaited ||= ts.isAwaitExpression(at)
  }
  const { parent } = at
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === at)) {
    const fn = ts.isReturnStatement(parent) ? enclosingFunction(parent) : parent
    const type = fn && isFunctionNode(fn) ? fn.type : undefined
    // A callback takes the type of its result from where it stands itself.
    const isCallback = fn !== undefined && type === undefined && !ts.isFunctionDeclaration(fn)
    return type || isCallback ? { type, isAwaited, isPromised: true } : undefined
  }
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent))
    return parent.type && { type: parent.type, isAwaited, isPromised: false }
  if (ts.isExpressionStatement(parent) || ts.isPropertyAccessExpression(parent)) return undefined
  return { type: undefined, isAwaited, isPromised: false }
}

function isLiteral(node: ts.Node): boolean {
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isLiteralExpression(node)
}

/** Whether a value is what an element of a list, or a callback in it, gives, rather than what some call in it is given. */
function isResult(node: ts.Node, whole: ts.Expression): boolean {
  const { parent } = node
  if (ts.isReturnStatement(parent)) return true
  if (ts.isArrowFunction(parent)) return true
  if (ts.isParenthesizedExpression(parent) || ts.isConditionalExpression(parent)) return isResult(parent, whole)
  return ts.isArrayLiteralExpression(parent) && ts.isCallExpression(parent.parent) && parent.parent === unwrap(whole)
}
