import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { perNode } from '../code/perNode.ts'
import {
  type FunctionNode,
  hasModifier,
  isAssignment,
  isFunctionExpression,
  isMethodCall,
  unwrap,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * The functions that a call takes out of a list of its own object to run them: `this.jobs[0]()`, and `job()` after
 * `const job = this.jobs.shift()`. Undefined where something else may be in the list: it must be private, and all that is
 * put in be functions written on the spot.
 */
export function queuedJobsOf(callee: ts.Expression, types: TypeQuestions): readonly FunctionNode[] | undefined {
  const list = listBehind(unwrap(callee), types)
  if (!list || !ts.isPropertyAccessExpression(list) || list.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return undefined
  const owner = ts.findAncestor(list, ts.isClassLike)
  const field = owner?.members.find((member) => member.name?.getText() === list.name.text)
  return field && ts.isPropertyDeclaration(field) && isOwn(field) ? jobsIn(field) : undefined
}

function listBehind(callee: ts.Expression, types: TypeQuestions): ts.Expression | undefined {
  if (ts.isElementAccessExpression(callee)) return unwrap(callee.expression)
  const declaration = ts.isIdentifier(callee) ? types.localSymbol(callee)?.valueDeclaration : undefined
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const taken = unwrap(declaration.initializer)
  return isMethodCall(taken, 'shift', 'pop') ? unwrap(taken.expression.expression) : undefined
}

/** Private, and empty at first. */
function isOwn(field: ts.PropertyDeclaration): boolean {
  const isPrivate = ts.isPrivateIdentifier(field.name) || hasModifier(field, ts.SyntaxKind.PrivateKeyword)
  return isPrivate && field.initializer !== undefined && isEmptyList(field.initializer)
}

const jobsIn = perNode((field: ts.PropertyDeclaration): readonly FunctionNode[] | undefined => {
  const jobs: FunctionNode[] = []
  const name = field.name.getText()
  const isUnderstood = (node: ts.Node): boolean => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === name && !isHarmless(node)) {
      const call = node.parent.parent
      if (!isMethodCall(call, 'push', 'unshift') || call.expression.expression !== node) return false
      const added = call.arguments.map(unwrap)
      if (!added.every(isFunctionExpression)) return false
      jobs.push(...added)
    }
    return !(forEachChild(node, (child) => !isUnderstood(child)) ?? false)
  }
  return isUnderstood(field.parent) && jobs.length > 0 ? jobs : undefined
})

/** Whether a use of the list puts nothing in: it looks, takes out, or empties. */
function isHarmless(list: ts.PropertyAccessExpression): boolean {
  const { parent } = list
  if (isAssignment(parent)) return parent.left === list && isEmptyList(parent.right)
  if (ts.isElementAccessExpression(parent)) return !isAssignment(parent.parent)
  if (!ts.isPropertyAccessExpression(parent)) return false
  return parent.name.text === 'length' || isMethodCall(parent.parent, 'shift', 'pop', 'at')
}

function isEmptyList(node: ts.Expression): boolean {
  const list = unwrap(node)
  return ts.isArrayLiteralExpression(list) && list.elements.length === 0
}
