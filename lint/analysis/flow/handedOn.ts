import ts from 'typescript'
import { listensOnce, nameOf } from './concurrentRegion.ts'
import type { References } from '../code/references.ts'
import { calleeName, type FunctionNode, isFunctionNode, unwrap, wrapperOf } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Calls that keep a function, to call it as often as something happens. */
const KEEPERS =
  /^(?:on|addListener|addEventListener|subscribe|register|registerCommand|command|handle|use|get|post|put|patch|delete|tool|route|createHandler)$|^on[A-Z]|^register[A-Z]/u

/**
 * Whether a function that another one makes is handed on to code that may call it as often as it likes: it is returned, put
 * into an object or given to one, or kept by a call. What the variables around it hold is then state as a field of an instance is.
 */
export function isHandedOn(fn: FunctionNode, references: References, types: TypeQuestions): boolean {
  if (ts.isMethodDeclaration(fn)) return ts.isObjectLiteralExpression(fn.parent)
  if (isKeptAt(wrapperOf(fn), types)) return true
  const name = nameOf(fn)
  return (
    name !== undefined && ts.isIdentifier(name) && references.of(name).some((use) => isKeptAt(wrapperOf(use), types))
  )
}

function isKeptAt(node: ts.Node, types: TypeQuestions): boolean {
  const { parent } = node
  if (
    ts.isReturnStatement(parent)
    || ts.isPropertyAssignment(parent)
    || ts.isShorthandPropertyAssignment(parent)
    || ts.isJsxExpression(parent)
  )
    return true
  if (isFunctionNode(parent)) return parent.body === node
  // `new View(app, getServer)`: an object keeps it, and only a promise runs it at once.
  if (ts.isNewExpression(parent)) return parent.expression !== node && calleeName(parent) !== 'Promise'
  if (!ts.isCallExpression(parent) || unwrap(parent.expression) === node) return false
  return (
    parent.arguments.some((argument) => argument === node)
    && KEEPERS.test(calleeName(parent) ?? '')
    && !listensOnce(parent, types)
  )
}
