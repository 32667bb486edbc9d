import ts from 'typescript'
import { HARMLESS_EFFECTS, LOOKUP_NAMES, MAKING_WORDS, RELEASE_METHODS, RESOURCE_PLACES, RUNNING_THINGS } from './effectNames.ts'
import { calleeName, enclosingFunction, isFunctionNode, someNode, unwrap, wrapperOf } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

const MAX_DEPTH = 2

/**
 * Whether a value holds something that must be released, so that a second one that replaces it is a leak: by its type, by
 * the name of what made it, or, where its type is not known, by the name of the place that it is kept in.
 */
export function isResource(value: ts.Expression, place: string, types: TypeQuestions): boolean {
  let made = unwrap(value)
  if (ts.isIdentifier(made)) made = initializerOf(made, types) ?? made
  if (ts.isAwaitExpression(made)) made = unwrap(made.expression)
  if (!ts.isCallExpression(made) && !ts.isNewExpression(made)) return false
  const name = calleeName(made) ?? ''
  if (RUNNING_THINGS.test(name)) return true
  if (ts.isCallExpression(made) && LOOKUP_NAMES.test(name)) return false
  if (types.hasMethod(value, RELEASE_METHODS)) return true
  return RESOURCE_PLACES.test(place) && types.isUntyped(value) && isMadeElsewhere(made, types, 0)
}

/** What a constant of the same function was made by. */
function initializerOf(name: ts.Identifier, types: TypeQuestions): ts.Expression | undefined {
  const declaration = types.localSymbol(name)?.valueDeclaration
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
  return isConstant && enclosingFunction(declaration) === enclosingFunction(name) ? unwrap(declaration.initializer) : undefined
}

/** Whether code outside of the project makes it: what the project's own code makes must come from such a call in turn. */
function isMadeElsewhere(made: ts.CallExpression | ts.NewExpression, types: TypeQuestions, depth: number): boolean {
  if (ts.isNewExpression(made)) return true
  const name = calleeName(made) ?? ''
  if (!MAKING_WORDS.test(name) || HARMLESS_EFFECTS.test(name)) return false
  const body = types.functionOf(made.expression)?.body
  if (body === undefined) return true
  return depth < MAX_DEPTH && someNode(body, (node) => ts.isCallExpression(node) && isGivenOn(node) && isMadeElsewhere(node, types, depth + 1))
}

/** Whether a call's value is waited for or returned, rather than dropped. */
function isGivenOn(call: ts.CallExpression): boolean {
  const { parent } = wrapperOf(call)
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || (isFunctionNode(parent) && parent.body === wrapperOf(call))
}
