import ts from 'typescript'
import type { References } from './references.ts'
import { type FunctionNode, hasModifier, unwrap, wrapperOf } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** More calls than these are not looked at: so many callers rarely agree. */
const MAX_CALLS = 12

/**
 * What the callers give for a parameter, where all of them are in sight: the function is not exported, and every use of its
 * name in the file is a call. Undefined where somebody else may call it too.
 *
 * @param declaration The parameter itself, or the part of its pattern that is asked about: `ids` in `({ ids })`.
 */
export function argumentsOfCallers(
  fn: FunctionNode,
  parameter: ts.ParameterDeclaration,
  declaration: ts.Declaration,
  references: References,
  types: TypeQuestions,
): readonly ts.Expression[] | undefined {
  const calls = callsOf(fn, references, types)
  const index = fn.parameters.indexOf(parameter)
  if (calls === undefined || calls.length === 0 || calls.length > MAX_CALLS || index < 0) return undefined
  const given: ts.Expression[] = []
  for (const call of calls) {
    if (call.arguments.some(ts.isSpreadElement)) return undefined
    const argument = call.arguments[index] ?? parameter.initializer
    const part = argument && (declaration === parameter ? argument : propertyOf(argument, declaration))
    if (part === undefined) return undefined
    given.push(part)
  }
  return given
}

/** The calls of a function that nobody outside the file can reach; undefined where its name is used in another way. */
export function callsOf(
  fn: FunctionNode,
  references: References,
  types: TypeQuestions,
): readonly ts.CallExpression[] | undefined {
  const uses = ts.isMethodDeclaration(fn) ? usesOfPrivateMethod(fn, references, types) : usesOfFunction(fn, references)
  const calls: ts.CallExpression[] = []
  for (const use of uses ?? []) {
    const { parent } = use
    if (!ts.isCallExpression(parent) || parent.expression !== use) return undefined
    calls.push(parent)
  }
  return uses && calls
}

function usesOfFunction(fn: FunctionNode, references: References): readonly ts.Node[] | undefined {
  const name = declaredName(fn)
  return name === undefined || isExported(name) ? undefined : references.of(name)
}

function usesOfPrivateMethod(
  fn: ts.MethodDeclaration,
  references: References,
  types: TypeQuestions,
): readonly ts.Node[] | undefined {
  if (!ts.isIdentifier(fn.name) || !hasModifier(fn, ts.SyntaxKind.PrivateKeyword)) return undefined
  return references
    .named(fn.name.text)
    .flatMap(({ parent }) =>
      ts.isPropertyAccessExpression(parent)
      && parent.name.getText() === fn.name.getText()
      && types.functionOf(parent) === fn
        ? [parent]
        : [],
    )
}

function declaredName(fn: FunctionNode): ts.Identifier | undefined {
  if (ts.isFunctionDeclaration(fn)) return fn.name
  const holder = wrapperOf(fn).parent
  return ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name) ? holder.name : undefined
}

function isExported(name: ts.Identifier): boolean {
  const statement = ts.findAncestor(name, (at) => ts.isFunctionDeclaration(at) || ts.isVariableStatement(at))
  if (statement && hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return true
  return name
    .getSourceFile()
    .statements.some(
      (at) =>
        (ts.isExportAssignment(at) && at.expression.getText() === name.text)
        || (ts.isExportDeclaration(at)
          && at.exportClause
          && ts.isNamedExports(at.exportClause)
          && at.exportClause.elements.some((element) => (element.propertyName ?? element.name).text === name.text)),
    )
}

/** What an object literal gives for a part of a pattern: `a` of `f({ ids: a })` for `ids` in `({ ids })`. */
export function propertyOf(argument: ts.Expression, declaration: ts.Declaration): ts.Expression | undefined {
  const object = unwrap(argument)
  if (!ts.isBindingElement(declaration) || !ts.isObjectLiteralExpression(object)) return undefined
  const name = (declaration.propertyName ?? declaration.name).getText()
  const property = object.properties.find((candidate) => candidate.name?.getText() === name)
  if (property && ts.isPropertyAssignment(property)) return property.initializer
  return property && ts.isShorthandPropertyAssignment(property) ? property.name : undefined
}
