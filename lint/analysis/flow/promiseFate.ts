import ts from 'typescript'
import type { References } from '../code/references.ts'
import { isPromiseCombinator, type MethodCall, unwrap, wrapperOf } from '../code/syntax.ts'

/** What becomes of a value: nothing reads it, `void` says that nobody will, or something may. */
export type Fate =
  | { readonly kind: 'dropped'; readonly variable: ts.Identifier | undefined }
  | { readonly kind: 'voided' }
  | { readonly kind: 'used' }

const USED: Fate = { kind: 'used' }

/** Methods whose result is the same promises in another array. */
const PASSING_METHODS = new Set(['filter', 'slice', 'reverse', 'concat', 'flat', 'toReversed', 'toSorted', 'sort'])

/** Follows a value outward to where it is dropped or used. Being stored in a variable that nobody reads is being dropped. */
export function fateOf(expression: ts.Expression, references: References): Fate {
  return fateFrom(expression, references, new Set())
}

/** @param seen The variables on the way: with `var`, two may be made of one another. */
function fateFrom(expression: ts.Expression, references: References, seen: Set<ts.Node>): Fate {
  const node = wrapperOf(expression)
  const { parent } = node
  if (ts.isExpressionStatement(parent)) return { kind: 'dropped', variable: undefined }
  if (ts.isVoidExpression(parent)) return { kind: 'voided' }
  if (ts.isBinaryExpression(parent)) return fateInBinary(parent, node, references, seen)
  if (ts.isConditionalExpression(parent)) return parent.condition === node ? USED : fateFrom(parent, references, seen)
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    if (parent.name.text === 'length') return { kind: 'dropped', variable: undefined }
    const call = parent.parent
    if (PASSING_METHODS.has(parent.name.text) && ts.isCallExpression(call) && call.expression === parent)
      return fateFrom(call, references, seen)
    return USED
  }
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return fateOfVariable(parent, parent.name, references, seen)
  return USED
}

function fateInBinary(parent: ts.BinaryExpression, node: ts.Node, references: References, seen: Set<ts.Node>): Fate {
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return fateFrom(parent, references, seen)
    case ts.SyntaxKind.CommaToken:
      return parent.right === node ? fateFrom(parent, references, seen) : { kind: 'dropped', variable: undefined }
    default:
      return USED
  }
}

function fateOfVariable(
  declaration: ts.VariableDeclaration,
  name: ts.Identifier,
  references: References,
  seen: Set<ts.Node>,
): Fate {
  if (seen.has(declaration)) return { kind: 'dropped', variable: undefined }
  seen.add(declaration)
  const statement = declaration.parent.parent
  if (
    ts.isVariableStatement(statement)
    && ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
  )
    return USED
  const consumed = references.of(name).some((use) => fateFrom(use, references, seen).kind === 'used')
  return consumed ? USED : { kind: 'dropped', variable: name }
}

/** Where an array of promises is joined: `Promise.all(array)`, directly or through the variable that holds it. */
export function combinatorOf(
  array: ts.Expression,
  references: References,
  seen: ReadonlySet<ts.Node> = new Set(),
): MethodCall | undefined {
  const node = wrapperOf(array)
  const { parent } = node
  if (ts.isSpreadElement(parent) && ts.isArrayLiteralExpression(parent.parent))
    return combinatorOf(parent.parent, references, seen)
  if (isPromiseCombinator(parent) && parent.arguments[0] === node) return parent
  if (
    ts.isPropertyAccessExpression(parent)
    && PASSING_METHODS.has(parent.name.text)
    && ts.isCallExpression(parent.parent)
  ) {
    return combinatorOf(parent.parent, references, seen)
  }
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return combinatorOf(parent, references, seen)
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name) || seen.has(parent)) return undefined
  for (const use of references.of(parent.name)) {
    const call = combinatorOf(use, references, new Set([...seen, parent]))
    if (call !== undefined) return call
  }
  return undefined
}

/** Whether a promise has a rejection handler attached where it stands: `.catch(f)`, `.then(f, g)`. */
export function handlesRejection(expression: ts.Expression): boolean {
  let at = unwrap(expression)
  while (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
    const method = at.expression.name.text
    if (method === 'catch' && at.arguments.length > 0) return true
    if (method === 'then' && at.arguments.length > 1) return true
    if (method !== 'finally' && method !== 'then') return false
    at = unwrap(at.expression.expression)
  }
  return false
}
