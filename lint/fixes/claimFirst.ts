import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import { enclosingFunction, isAssignment, isFunctionNode, isMethodCall, unwrap } from '../analysis/code/syntax.ts'
import type { Fix, TextEdit } from '../model.ts'
import { indentOf, lineEndAfter, styleOf } from './style.ts'

/**
 * Moves the statement that sets a flag, or adds a key to a set, from behind an await to the check that it is for, so that
 * the next call finds it. Where the work then fails, the flag stays set: whether that will do is for a person to say. None
 * for a flag that says that something can be used, since the next call would go on to use it before it is there.
 *
 * @param written What is assigned to, or the call that adds.
 * @param condition The check, as a part of the condition of an `if`.
 */
export function claimFirst(written: ts.Expression, condition: ts.Expression): Fix | undefined {
  const statement = (isMethodCall(written) ? written : written.parent).parent
  const check = ts.findAncestor(condition, ts.isIfStatement)
  if (
    !ts.isExpressionStatement(statement)
    || !ts.isBlock(statement.parent)
    || check === undefined
    || check.elseStatement
  )
    return undefined
  const target = targetOf(statement.expression)
  if (target === undefined || tellsOfUse(target, statement)) return undefined
  const { statements } = statement.parent
  const isInside = statement.parent === check.thenStatement
  const first = isInside ? 0 : statements.indexOf(check) + 1
  if (!isInside && (first === 0 || !leaves(check.thenStatement))) return undefined
  const between = statements.slice(first, statements.indexOf(statement))
  const next = between[0]
  if (next === undefined || between.some((other) => !mayFollow(other, target, statement.expression))) return undefined
  // A comment on its line would be left behind.
  if (lineEndAfter(statement.getSourceFile(), statement.end) !== statement.end) return undefined
  if (!isBlank(statement.pos, statement.getStart()) || !isBlank(next.pos, next.getStart())) return undefined
  const verb = isMethodCall(written) ? 'Add to' : 'Set'
  return { title: `${verb} \`${target.getText()}\` before the \`await\``, edits: () => moved(statement, next) }

  function isBlank(start: number, end: number): boolean {
    return check?.getSourceFile().text.slice(start, end).trim() === ''
  }
}

/** Words of flags and of functions by which others learn that something is there to be used. */
const READY =
  /ready|alive|connected|initiali[sz]ed|loaded|opened|isOpen|created|made|available|established|prepared|exists|ensured|installed|configured|set_?up|warm/iu
const PREPARING = /^[_#]*(?:ensure|get|connect|open|load|init|prepare|setup|create)/iu

/** Whether those who find the flag set go on to use what it stands for. */
function tellsOfUse(target: ts.Expression, statement: ts.Statement): boolean {
  const text = target.getText()
  return (
    READY.test(text.slice(text.lastIndexOf('.') + 1))
    || PREPARING.test(enclosingFunction(statement)?.name?.getText() ?? '')
  )
}

/** What a statement claims by itself alone: `ready = true`, `seen.add(key)`. */
function targetOf(expression: ts.Expression): ts.Expression | undefined {
  const node = unwrap(expression)
  if (isMethodCall(node, 'add')) {
    const [key] = node.arguments
    return node.arguments.length === 1 && key && ts.isIdentifier(unwrap(key)) ? node.expression.expression : undefined
  }
  if (!isAssignment(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  return unwrap(node.right).kind === ts.SyntaxKind.TrueKeyword ? node.left : undefined
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return (
    last !== undefined
    && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isBreakOrContinueStatement(last))
  )
}

/**
 * Whether a statement may come behind what was in front of it: it always goes on to the next, and neither looks at the
 * place nor declares what the moved one mentions.
 */
function mayFollow(statement: ts.Statement, target: ts.Expression, moved: ts.Expression): boolean {
  const place = target.getText()
  const names = new Set<string>()
  const collect = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text)
    forEachChild(node, collect)
  }
  collect(moved)
  const visit = (node: ts.Node): boolean => {
    if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node)) return false
    if (node.getText() === place) return false
    if (ts.isVariableDeclaration(node) && names.has(node.name.getText())) return false
    return !(
      forEachChild(node, (child) => (isFunctionNode(child) ? undefined : visit(child) ? undefined : true)) ?? false
    )
  }
  return visit(statement)
}

function moved(statement: ts.ExpressionStatement, next: ts.Statement): TextEdit[] {
  const file = statement.getSourceFile()
  const text = statement.getText()
  const start = next.getStart()
  const isOneLine = !file.text.slice(start, statement.getStart()).includes('\n')
  const separator = isOneLine ? (text.endsWith(';') ? ' ' : '; ') : `${styleOf(file).newLine}${indentOf(next)}`
  return [
    { start, end: start, text: `${text}${separator}` },
    { start: statement.pos, end: statement.end, text: '' },
  ]
}
