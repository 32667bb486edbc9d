import ts from 'typescript'
import { usesInProgram } from '../code/programCallers.ts'
import { isFunctionNode, someNode, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Whether this is the promise of a deferred that nothing ever rejects: `ready.promise`, or `this.closed` of a whole program. */
export function isOnlyResolved(node: ts.PropertyAccessExpression, types: TypeQuestions): boolean {
  return isResolvedAround(node, types) || isResolvedInProgram(node, types)
}

/** `deferred.promise`, where the code around never calls `deferred.reject`. */
function isResolvedAround(node: ts.PropertyAccessExpression, types: TypeQuestions): boolean {
  const deferred = unwrap(node.expression)
  if (node.name.text !== 'promise' || !ts.isIdentifier(deferred)) return false
  const declaration = types.localSymbol(deferred)?.declarations?.[0]
  const scope = declaration && ts.findAncestor(declaration, (at) => isFunctionNode(at))
  if (!scope || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false
  const settles = (method: string): boolean =>
    someNode(
      scope,
      (at) => ts.isPropertyAccessExpression(at) && at.name.text === method && at.expression.getText() === deferred.text,
    )
  const isHandedOn = someNode(
    scope,
    (at) =>
      ts.isIdentifier(at)
      && at.text === deferred.text
      && at !== declaration.name
      && !ts.isPropertyAccessExpression(at.parent),
  )
  return settles('resolve') && !settles('reject') && !isHandedOn
}

/** `this.closed`, a promise that carries the functions which settle it, where the whole program calls but `resolve`. */
function isResolvedInProgram(node: ts.PropertyAccessExpression, types: TypeQuestions): boolean {
  if (!types.hasMethod(node, ['reject']) || !types.hasMethod(node, ['resolve'])) return false
  const uses = usesInProgram(node.name.text, node.getSourceFile(), types)
  const settles = (method: string): boolean | undefined =>
    uses?.some(({ parent }) => {
      const member = ts.isPropertyAccessExpression(parent) ? parent.parent : undefined
      return member !== undefined && ts.isPropertyAccessExpression(member) && member.name.text === method
    })
  return settles('resolve') === true && settles('reject') === false
}
