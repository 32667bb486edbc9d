import ts from 'typescript'
import {
  HARMLESS_EFFECTS,
  LOOKUP_NAMES,
  MAKING_WORDS,
  RELEASE_METHODS,
  RESOURCE_PLACES,
  RUNNING_THINGS,
  TAKING_BACK,
} from '../knowledge/effectNames.ts'
import type { References } from './references.ts'
import {
  calleeName,
  enclosingFunction,
  isAssignment,
  isFunctionNode,
  isMethodCall,
  someNode,
  someOwnNode,
  unwrap,
  wrapperOf,
} from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

const MAX_DEPTH = 2

/**
 * Whether a value holds something that must be released, so that a second one that replaces it is a leak: by its type, by
 * the name of what made it, or, where its type is not known, by the name of the place that it is kept in.
 */
export function isResource(value: ts.Expression, place: string, types: TypeQuestions): boolean {
  const made = makerOf(value, types)
  if (!ts.isCallExpression(made) && !ts.isNewExpression(made)) return false
  const name = calleeName(made) ?? ''
  if (RUNNING_THINGS.test(name)) return true
  // A span of a trace is ended, and holds nothing.
  if (/span$/iu.test(value.getText()) || /Span(?:<|$)/u.test(types.typeName(value) ?? '')) return false
  if (ts.isCallExpression(made) && LOOKUP_NAMES.test(name)) return false
  if (types.hasMethod(value, RELEASE_METHODS)) return true
  return (
    ts.isCallExpression(made)
    && RESOURCE_PLACES.test(place)
    && types.isUntyped(value)
    && isMadeElsewhere(made, types, 0)
  )
}

/** Whether the file closes what a place holds somewhere: then whatever is put there must be closed. */
export function isReleasedInFile(place: ts.Expression, references: References, types: TypeQuestions): boolean {
  return usesOf(place, references, types).some((use) => {
    const access = use.parent
    return (
      ts.isPropertyAccessExpression(access)
      && access.expression === use
      && isMethodCall(access.parent, ...RELEASE_METHODS)
    )
  })
}

/**
 * Whether the file hands what a place holds to a function that takes it back, also by way of a variable:
 * `pool.release(this.client)`. Then a value that was taken, and replaced, is never given back.
 */
export function isGivenBackInFile(place: ts.Expression, references: References, types: TypeQuestions): boolean {
  return usesOf(place, references, types).some((use) => {
    if (isGivenBack(use)) return true
    const { parent } = use
    const name = ts.isVariableDeclaration(parent)
      ? parent.name
      : isAssignment(parent) && parent.right === use
        ? parent.left
        : undefined
    return (
      name !== undefined && ts.isIdentifier(name) && references.of(name).some((other) => isGivenBack(wrapperOf(other)))
    )
  })
}

function isGivenBack(use: ts.Node): boolean {
  const { parent } = use
  return (
    ts.isCallExpression(parent)
    && parent.arguments.some((argument) => argument === use)
    && TAKING_BACK.test(calleeName(parent) ?? '')
  )
}

/** What stands for the place wherever the file speaks of it. */
function usesOf(place: ts.Expression, references: References, types: TypeQuestions): readonly ts.Node[] {
  const target = unwrap(place)
  const name = ts.isPropertyAccessExpression(target) ? target.name : target
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return []
  const symbol = types.symbol(name)
  return references
    .members(name.text)
    .filter((use) => symbol === undefined || types.symbol(use) === symbol)
    .map((use) => wrapperOf(ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use))
}

/**
 * Whether what a place holds is to be let go with its owner: `this.disposables.push(this.view)`, also with what listens to
 * it, `subscriptions.push(view.onDidClose(…))`.
 */
export function isLetGoWithOwner(place: ts.Expression): boolean {
  const body = enclosingFunction(place)?.body
  const text = unwrap(place).getText()
  return (
    body !== undefined
    && someOwnNode(
      body,
      (node) =>
        isMethodCall(node, 'push', 'add')
        && node.pos > place.pos
        && OWNED_LISTS.test(node.expression.expression.getText())
        && node.arguments.some((argument) => someNode(argument, (at) => at.getText() === text)),
    )
  )
}

const OWNED_LISTS = /(?:disposables?|subscriptions|toDispose|cleanups?)$/iu

/** Whether an object holds a timer that the file stops elsewhere: `sessions.set(id, { user, timer })`. */
export function holdsTimer(value: ts.Expression, types: TypeQuestions): boolean {
  const record = unwrap(value)
  if (!ts.isObjectLiteralExpression(record)) return false
  return record.properties.some((property) => {
    const kept = ts.isShorthandPropertyAssignment(property)
      ? property.name
      : ts.isPropertyAssignment(property)
        ? property.initializer
        : undefined
    const made = kept && makerOf(kept, types)
    if (!made || !ts.isCallExpression(made) || !/^set(?:Timeout|Interval)$/u.test(calleeName(made) ?? '')) return false
    const name = property.name?.getText() ?? ''
    return someNode(
      value.getSourceFile(),
      (node) =>
        ts.isCallExpression(node)
        && /^clear(?:Timeout|Interval)$/u.test(calleeName(node) ?? '')
        && node.arguments[0]?.getText().endsWith(`.${name}`) === true,
    )
  })
}

/** Whether a value is made by a call, or with `new`, rather than handed in or looked up. */
export function isMadeHere(value: ts.Expression, types: TypeQuestions): boolean {
  const made = makerOf(value, types)
  if (ts.isNewExpression(made)) return true
  return ts.isCallExpression(made) && !LOOKUP_NAMES.test(calleeName(made) ?? '')
}

function makerOf(value: ts.Expression, types: TypeQuestions): ts.Expression {
  let made = unwrap(value)
  if (ts.isIdentifier(made)) made = initializerOf(made, types) ?? made
  return ts.isAwaitExpression(made) ? unwrap(made.expression) : made
}

/** What a constant of the same function was made by. */
function initializerOf(name: ts.Identifier, types: TypeQuestions): ts.Expression | undefined {
  const declaration = types.localSymbol(name)?.valueDeclaration
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
  return isConstant && enclosingFunction(declaration) === enclosingFunction(name)
    ? unwrap(declaration.initializer)
    : undefined
}

/** Whether code outside of the project makes it: what the project's own code makes must come from such a call in turn. */
function isMadeElsewhere(made: ts.CallExpression, types: TypeQuestions, depth: number): boolean {
  const name = calleeName(made) ?? ''
  if (!MAKING_WORDS.test(name) || HARMLESS_EFFECTS.test(name)) return false
  const body = types.functionOf(made.expression)?.body
  if (body === undefined) return true
  return (
    depth < MAX_DEPTH
    && someNode(
      body,
      (node) =>
        isWaitedFor(node, body, types)
        || (ts.isCallExpression(node) && isGivenOn(node) && isMadeElsewhere(node, types, depth + 1)),
    )
  )
}

/** `const db = new Db(…); await db.ready`: an instance that must start is more than a record of settings. */
function isWaitedFor(node: ts.Node, body: ts.Node, types: TypeQuestions): boolean {
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !node.initializer) return false
  const made = unwrap(node.initializer)
  if (!ts.isNewExpression(made) || !types.isUntyped(made)) return false
  const start = `${node.name.text}.`
  return someNode(
    body,
    (at) => ts.isAwaitExpression(at) && at.pos > node.end && at.expression.getText().startsWith(start),
  )
}

/** Whether a call's value is waited for or returned, rather than dropped. */
function isGivenOn(call: ts.CallExpression): boolean {
  const { parent } = wrapperOf(call)
  return (
    ts.isAwaitExpression(parent)
    || ts.isReturnStatement(parent)
    || (isFunctionNode(parent) && parent.body === wrapperOf(call))
  )
}
