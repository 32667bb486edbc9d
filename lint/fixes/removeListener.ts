import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  enclosingFunction,
  type FunctionNode,
  isAsync,
  isWithin,
  type MethodCall,
  someOwnNode,
  unwrap,
} from '../analysis/code/syntax.ts'
import type { Fix, TextEdit } from '../model.ts'
import { insertBefore } from './insertBefore.ts'
import { freeName } from './names.ts'
import { deeper, indentOf, lineEndAfter, styleOf } from './style.ts'

/**
 * Puts what follows a listener in its block into `try`, and the removal into `finally`; a handler without a name gets one.
 * None where the rest gives out work that nobody has waited for, since the listener would go before it ends, where a callback
 * decides when the work is done, or where more indentation would change the program.
 */
export function removeInFinally(call: MethodCall, analysis: FileAnalysis): Fix | undefined {
  const statement = call.parent
  const handler = call.arguments[1] && unwrap(call.arguments[1])
  const fn = enclosingFunction(call)
  if (!handler || !fn || !isAsync(fn) || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent))
    return undefined
  const { statements } = statement.parent
  const rest = statements.slice(statements.indexOf(statement) + 1)
  const [first] = rest
  const last = rest.at(-1)
  if (!first || !last || !rest.every((one) => isMovable(one, analysis))) return undefined
  if (ts.isIdentifier(handler) && isCalledLater(handler, fn, analysis)) return undefined
  const handlerName = ts.isIdentifier(handler)
    ? handler.text
    : canBeNamed(handler)
      ? freeName('onAbort', analysis.references, statement.parent)
      : undefined
  if (handlerName === undefined) return undefined
  return {
    title: 'Remove the listener when the work is done',
    edits: () => [
      ...nameHandler(statement, handler, handlerName),
      wrap(call, statement, first, last, handlerName, analysis),
    ],
  }
}

/** Whether a callback does what the handler does: the end of a stream, say, which comes when the function has long returned. */
function isCalledLater(handler: ts.Identifier, fn: FunctionNode, { references }: FileAnalysis): boolean {
  return references
    .named(handler.text)
    .some((use) => isWithin(use, fn) && ts.isCallExpression(use.parent) && enclosingFunction(use) !== fn)
}

/** What can stand in a block of its own: no declaration that reaches out of it, no text that goes over lines, no promise given out. */
function isMovable(statement: ts.Statement, { types }: FileAnalysis): boolean {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || isUsing(statement)) return false
  const givesPromise = (node: ts.Node): boolean =>
    ts.isReturnStatement(node)
    && node.expression !== undefined
    && !ts.isAwaitExpression(unwrap(node.expression))
    && types.thenable(node.expression) !== 'never'
  return !givesPromise(statement) && !someOwnNode(statement, givesPromise)
}

function isUsing(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Using) !== 0
}

/** A function whose parameters do not take their types from where it stands, and that means the same `this` elsewhere. */
function canBeNamed(handler: ts.Expression): boolean {
  return ts.isArrowFunction(handler) && handler.parameters.every(({ type }) => type !== undefined)
}

function nameHandler(statement: ts.Statement, handler: ts.Expression, name: string): TextEdit[] {
  if (ts.isIdentifier(handler)) return []
  return [
    insertBefore(statement, `const ${name} = ${handler.getText()}`),
    { start: handler.getStart(), end: handler.end, text: name },
  ]
}

function wrap(
  call: MethodCall,
  statement: ts.Statement,
  first: ts.Statement,
  last: ts.Statement,
  name: string,
  { sourceFile }: FileAnalysis,
): TextEdit {
  const { semicolon, newLine, indent } = styleOf(sourceFile)
  const outer = indentOf(statement)
  // Comments above the first statement go with it; the one on the line of the listener stays there.
  const start = lineEndAfter(sourceFile, statement.end)
  const end = lineEndAfter(sourceFile, last.end)
  const inner = deeper(sourceFile, start, end).trim()
  const event = call.arguments[0]?.getText() ?? ''
  const target = `${call.expression.expression.getText()}${call.expression.questionDotToken ? '?.' : '.'}`
  return {
    start,
    end,
    text:
      `${newLine}${outer}try {${newLine}${outer}${indent}${inner}${newLine}${outer}} finally {${newLine}${outer}${indent}`
      + `${target}removeEventListener(${event}, ${name})${semicolon}${newLine}${outer}}`,
  }
}
