import ts from 'typescript'
import type { PackageKnowledge } from '../knowledge/packages/model.ts'
import type { TypeQuestions } from './typeQuestions.ts'
import { unwrap } from './syntax.ts'

/** What an imported name comes from; read off the syntax, so that it holds where the package is not installed. */
export interface ImportOrigin {
  readonly specifier: string
  /** The exported name; `default`, or `*` for a namespace. */
  readonly exported: string
}

export interface Known {
  readonly origin: ImportOrigin
  readonly knowledge: PackageKnowledge
}

/** The origin of the leftmost name of an expression, where that is an import: `openai` in `openai.chat.create`. */
export function importOrigin(node: ts.Expression, types: TypeQuestions): ImportOrigin | undefined {
  const root = rootIdentifier(node)
  if (root === undefined) return undefined
  for (const declaration of types.localSymbol(root)?.declarations ?? []) {
    const origin = originOf(declaration)
    if (origin !== undefined) return origin
  }
  return undefined
}

/** What the knowledge table says of the package that an expression's leftmost name comes from. */
export function knownImport(node: ts.Expression, types: TypeQuestions): Known | undefined {
  const origin = importOrigin(node, types)
  const knowledge = origin && types.knowledge.of(origin.specifier)
  return origin && knowledge ? { origin, knowledge } : undefined
}

export function rootIdentifier(node: ts.Expression): ts.Identifier | undefined {
  let at = unwrap(node)
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at) || ts.isCallExpression(at)) {
    at = unwrap(at.expression)
  }
  return ts.isIdentifier(at) ? at : undefined
}

function originOf(declaration: ts.Declaration): ImportOrigin | undefined {
  if (ts.isImportSpecifier(declaration)) {
    return origin(declaration.parent.parent.parent.moduleSpecifier, (declaration.propertyName ?? declaration.name).text)
  }
  if (ts.isImportClause(declaration)) return origin(declaration.parent.moduleSpecifier, 'default')
  if (ts.isNamespaceImport(declaration)) return origin(declaration.parent.parent.moduleSpecifier, '*')
  if (ts.isImportEqualsDeclaration(declaration) && ts.isExternalModuleReference(declaration.moduleReference)) {
    return origin(declaration.moduleReference.expression, '*')
  }
  const variable = ts.isBindingElement(declaration) ? declaration.parent.parent : declaration
  if (!ts.isVariableDeclaration(variable) || variable.initializer === undefined) return undefined
  const required = requireSpecifier(variable.initializer)
  if (required === undefined) return undefined
  const exported =
    ts.isBindingElement(declaration) && ts.isIdentifier(declaration.propertyName ?? declaration.name)
      ? (declaration.propertyName ?? declaration.name).getText()
      : '*'
  return { specifier: required, exported }
}

function origin(specifier: ts.Expression, exported: string): ImportOrigin | undefined {
  return ts.isStringLiteral(specifier) ? { specifier: specifier.text, exported } : undefined
}

/** `require('pg')`, `await import('pg')`, and the default of the latter. */
function requireSpecifier(node: ts.Expression): string | undefined {
  const inner = unwrap(node)
  if (ts.isPropertyAccessExpression(inner) && inner.name.text === 'default') return requireSpecifier(inner.expression)
  if (ts.isAwaitExpression(inner)) {
    const loaded = unwrap(inner.expression)
    const [specifier] =
      ts.isCallExpression(loaded) && loaded.expression.kind === ts.SyntaxKind.ImportKeyword ? loaded.arguments : []
    return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined
  }
  if (!ts.isCallExpression(inner) || !ts.isIdentifier(inner.expression) || inner.expression.text !== 'require')
    return undefined
  const [argument] = inner.arguments
  return argument !== undefined && ts.isStringLiteral(argument) ? argument.text : undefined
}
