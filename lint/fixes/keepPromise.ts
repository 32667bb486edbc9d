import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { Guard, Write } from '../analysis/flow/flowFacts.ts'
import { meaningOf } from '../analysis/flow/guardMeaning.ts'
import { SIGNAL_NAMES } from '../analysis/knowledge/names.ts'
import {
  dottedName,
  type FunctionNode,
  isAssignment,
  isFunctionNode,
  isLoop,
  isWithin,
  someNode,
  someOwnNode,
  suspends,
  unwrap,
} from '../analysis/code/syntax.ts'
import type { Fix, TextEdit } from '../model.ts'
import { besideText, declareBeside, forgetEdits, nameBeside, type Place, placeOf } from './besidePlace.ts'
import { lineBefore } from './comments.ts'
import { shareFlight } from './shareFlight.ts'
import { deeper, indentOf, movedText, styleOf } from './style.ts'

/** What is done once: the statements that lead to the write. */
interface Work {
  readonly statements: readonly ts.Statement[]
  /** The one that fills the place, the last of them. */
  readonly filling: ts.ExpressionStatement
  readonly value: ts.Expression
}

/** The call whose promise brings the value, and the statement that waits for it. */
interface Start {
  readonly call: ts.CallExpression
  readonly statement: ts.Statement
}

/**
 * Keeps the promise of what fills a place beside the place, so that calls at the same time share the work, and forgets it
 * when the work fails, so that the next call tries again. What reads the place stays as it is.
 *
 * None where the work hangs on what one call was given, leaves the function, or declares what is used behind it; and for a
 * value in a place that other files may empty, since the promise would outlive it there. An entry of a map is left to
 * `shareFlight`.
 */
export function keepPromise(write: Write, guard: Guard, fn: FunctionNode, analysis: FileAnalysis): Fix | undefined {
  if (write.mutation) return shareFlight(write, guard, fn, analysis)
  if (meaningOf(guard) !== 'absent' || guard.read.location.key !== write.location.key) return undefined
  const work = workOf(write.node, guard, fn)
  const place = work && placeOf(write.node, analysis)
  if (!work || !place || work.statements.some((statement) => hangsOnCall(statement, work, fn, analysis)))
    return undefined
  const isFlag = unwrap(work.value).kind === ts.SyntaxKind.TrueKeyword
  const edits = isFlag
    ? shareUntilDone(work, place, write.node, analysis)
    : place.isClosed
      ? keepWithValue(work, place, write.node, analysis)
      : undefined
  return edits && { title: 'Keep the promise, so that calls at the same time share it', edits: () => edits }
}

/** The statements from the check to the write, where they stand in one list. */
function workOf(target: ts.Expression, { condition }: Guard, fn: FunctionNode): Work | undefined {
  const { parent } = target
  const filling = parent.parent
  if (
    !isAssignment(parent)
    || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken
    || !ts.isExpressionStatement(filling)
  )
    return undefined
  const check = ts.findAncestor(condition, (at) => (at === fn ? 'quit' : ts.isIfStatement(at)))
  if (!check || !ts.isIfStatement(check) || !isWithin(condition, check.expression)) return undefined
  const value = parent.right
  if (check.thenStatement === filling) return { statements: [filling], filling, value }
  const list = filling.parent
  if (!ts.isBlock(list)) return undefined
  const end = list.statements.indexOf(filling) + 1
  if (check.thenStatement === list) return { statements: list.statements.slice(0, end), filling, value }
  const first = list.statements.indexOf(check) + 1
  return first > 0 && leaves(check.thenStatement) && !check.elseStatement
    ? { statements: list.statements.slice(first, end), filling, value }
    : undefined
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
}

/** Whether part of the work is for one call alone: it speaks of what the call was given, or of a turn of its loop. */
function hangsOnCall(node: ts.Node, work: Work, fn: FunctionNode, analysis: FileAnalysis, depth = 0): boolean {
  return someNode(node, (at) => {
    if (!ts.isIdentifier(at)) return false
    if (at.text === 'arguments' || SIGNAL_NAMES.test(at.text)) return true
    if (ts.isPropertyAccessExpression(at.parent) && at.parent.name === at) return false
    const declaration = analysis.types.localSymbol(at)?.valueDeclaration
    if (
      !declaration
      || !isWithin(declaration, fn)
      || work.statements.some((statement) => isWithin(declaration, statement))
    )
      return false
    const variable = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
    if (!ts.isVariableDeclaration(variable)) return !isFunctionNode(declaration)
    const isConstant = (ts.getCombinedNodeFlags(variable) & ts.NodeFlags.Const) !== 0 && !isLoop(variable.parent.parent)
    return (
      !isConstant
      || depth > 2
      || (variable.initializer !== undefined && hangsOnCall(variable.initializer, work, fn, analysis, depth + 1))
    )
  })
}

/** For a flag: the promise is there for as long as the work goes on, and the flag is set before it goes. */
function shareUntilDone(
  work: Work,
  place: Place,
  target: ts.Expression,
  analysis: FileAnalysis,
): TextEdit[] | undefined {
  if (!ts.isBlock(work.filling.parent) || !isMovable(work) || usedBehind(work, undefined, analysis)) return undefined
  const name = nameBeside(place, 'Promise', analysis)
  const promise = besideText(target, name)
  const { semicolon } = styleOf(analysis.sourceFile)
  const [start, end] = extentOf(work)
  const [outer, inner, newLine] = lines(work, analysis)
  const text =
    `${promise} ??= (async () => {${newLine}${inner}${deeper(analysis.sourceFile, start, end)}${newLine}${outer}`
    + `})().finally(() => {${newLine}${inner}${promise} = undefined${semicolon}${newLine}${outer}})${semicolon}${newLine}${outer}`
    + `await ${promise}${semicolon}`
  return [...declareBeside(place, name, 'void', analysis), { start, end, text }]
}

/** For a value: the promise stays for as long as the value does. */
function keepWithValue(
  work: Work,
  place: Place,
  target: ts.Expression,
  analysis: FileAnalysis,
): TextEdit[] | undefined {
  const brings = valueTypeOf(place, analysis)
  if (brings === undefined) return undefined
  const name = nameBeside(place, 'Promise', analysis)
  const forget = forgetEdits(place, target, name, analysis)
  const promise = besideText(target, name)
  const start = startOf(work)
  const change =
    start && fits(start.call, place, analysis)
      ? keepCall(start, work, promise, analysis)
      : keepBlock(work, promise, brings, analysis)
  const [from, to] = extentOf(work)
  if (!forget || !change || forget.some((edit) => from < edit.start && edit.end < to)) return undefined
  return [...declareBeside(place, name, brings, analysis), ...forget, ...change]
}

/** The type of a place's value, as the program writes it, without the absence that the check is for. */
function valueTypeOf({ declaration }: Place, { sourceFile, types }: FileAnalysis): string | undefined {
  if (!declaration || !/\.[cm]?tsx?$/u.test(sourceFile.fileName)) return ''
  const { type } = declaration
  if (!type) return undefined
  const parts = ts.isUnionTypeNode(type) ? type.types.filter((part) => !isAbsence(part)) : [type]
  const isKnown =
    parts.length > 0
    && parts.every((part) => {
      const known = types.typeOf(part)
      return known !== undefined && !types.mayBeMissing(known)
    })
  return isKnown ? parts.map((part) => part.getText()).join(' | ') : undefined
}

function isAbsence(type: ts.TypeNode): boolean {
  return (
    type.kind === ts.SyntaxKind.UndefinedKeyword
    || (ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword)
  )
}

/** `X = await call()`, or `const x = await call()` right before `X = x`. */
function startOf({ statements, filling, value }: Work): Start | undefined {
  const inner = unwrap(value)
  const before = statements.at(-2)
  const declared =
    before && ts.isVariableStatement(before) && before.declarationList.declarations.length === 1
      ? before.declarationList.declarations[0]
      : undefined
  const isNamed =
    declared?.initializer !== undefined
    && ts.isIdentifier(inner)
    && ts.isIdentifier(declared.name)
    && declared.name.text === inner.text
  const awaited = isNamed ? unwrap(declared.initializer) : inner
  if (!ts.isAwaitExpression(awaited)) return undefined
  const call = unwrap(awaited.expression)
  const statement = isNamed ? before : filling
  if (!statement || !ts.isCallExpression(call) || someOwnNode(call, suspends)) return undefined
  const isFirst = statements.slice(0, statements.indexOf(statement)).every(isHarmless)
  return isFirst ? { call, statement } : undefined
}

/** A constant that every call may compute anew. */
function isHarmless(statement: ts.Statement): boolean {
  return (
    ts.isVariableStatement(statement)
    && (statement.declarationList.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const
    && !someNode(
      statement,
      (at) => suspends(at) || ts.isNewExpression(at) || isFunctionNode(at) || (ts.isExpression(at) && isAssignment(at)),
    )
  )
}

/** Whether the call gives a promise of the language's own that brings what the place takes. */
function fits(call: ts.CallExpression, place: Place, { types }: FileAnalysis): boolean {
  if (types.thenable(call) !== 'always' || types.typeName(call) !== 'Promise') return false
  const brought = ts.findAncestor(call, ts.isAwaitExpression)
  const value = brought && types.typeOf(brought)
  const taken = place.declaration && types.typeOf(place.declaration)
  return value !== undefined && (taken === undefined || types.fits(value, false, taken.getNonNullableType()))
}

function keepCall({ call, statement }: Start, work: Work, promise: string, analysis: FileAnalysis): TextEdit[] {
  const { semicolon } = styleOf(analysis.sourceFile)
  const [outer, inner, newLine] = lines(work, analysis)
  const keep = (at: string): string =>
    `${promise} ??= ${movedText(call, at)}${forgetting(promise, at, analysis)}${semicolon}${newLine}${at}`
  const start = statement.getStart()
  const use = { start: call.getStart(), end: call.end, text: promise }
  if (ts.isBlock(statement.parent)) return [{ start, end: start, text: keep(outer) }, use]
  const { text } = analysis.sourceFile
  const wait = text.slice(start, use.start) + promise + text.slice(use.end, statement.end)
  return [blockFor(statement, `${newLine}${inner}${keep(inner)}${wait}${newLine}${outer}`)]
}

/** Braces for the one statement of an `if`, on the line of the `if`. */
function blockFor(statement: ts.Statement, content: string): TextEdit {
  const file = statement.getSourceFile()
  const gap = /[ \t\r\n]*$/u.exec(file.text.slice(0, statement.getStart()))?.[0].length ?? 0
  return { start: statement.getStart() - gap, end: statement.end, text: ` {${content}}` }
}

/** `.catch(…)` that forgets the promise, and fails all the same. */
function forgetting(promise: string, outer: string, { sourceFile }: FileAnalysis): string {
  const { semicolon, newLine, indent } = styleOf(sourceFile)
  const inner = outer + indent
  const type = /\.[cm]?tsx?$/u.test(sourceFile.fileName) ? ': unknown' : ''
  return `.catch((error${type}) => {${newLine}${inner}${promise} = undefined${semicolon}${newLine}${inner}throw error${semicolon}${newLine}${outer}})`
}

/** Puts the statements into a function that runs at once, whose promise is kept. */
function keepBlock(work: Work, promise: string, brings: string, analysis: FileAnalysis): TextEdit[] | undefined {
  const { statements, filling, value } = work
  if (!ts.isBlock(filling.parent) || !isMovable(work)) return undefined
  const name = unwrap(value)
  const isNamed = ts.isIdentifier(name) && statements.slice(0, -1).some((statement) => declares(statement, name))
  if (usedBehind(work, isNamed ? name : undefined, analysis)) return undefined
  const isUsed =
    isNamed
    && analysis.references.named(name.text).some((use) => use.pos > filling.end && isWithin(use, filling.parent))
  const { semicolon } = styleOf(analysis.sourceFile)
  const [outer, inner, newLine] = lines(work, analysis)
  const [start] = extentOf(work)
  const type = brings === '' ? '' : `: Promise<${brings}>`
  const body = deeper(analysis.sourceFile, start, filling.getStart())
  const head = isUsed ? `const ${name.text} = await ${promise}${semicolon}${newLine}${outer}` : ''
  const text =
    `${promise} ??= (async ()${type} => {${newLine}${inner}${body}return ${value.getText()}${semicolon}${newLine}${outer}`
    + `})()${forgetting(promise, outer, analysis)}${semicolon}${newLine}${outer}${head}`
  const edits = [{ start, end: filling.getStart(), text }]
  return isUsed ? edits : [...edits, { start: value.getStart(), end: value.end, text: `await ${promise}` }]
}

/** Whether the statements can stand in a function of their own. */
function isMovable({ statements }: Work): boolean {
  const stays = (node: ts.Node): boolean =>
    ts.isReturnStatement(node)
    || ts.isYieldExpression(node)
    || (ts.isBreakOrContinueStatement(node) && !isInside(node, statements))
    || (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0)
  const isFree = statements.every((statement) => !stays(statement) && !someOwnNode(statement, stays))
  return isFree && statements.some((statement) => startsWork(statement) || someOwnNode(statement, startsWork))
}

/** Whether a node waits for anything but a promise that is there already: that one is shared as it is. */
function startsWork(node: ts.Node): boolean {
  return suspends(node) && !(ts.isAwaitExpression(node) && dottedName(node.expression) !== undefined)
}

/** Whether a `break` or `continue` without a label is about a loop or a choice that is among the statements itself. */
function isInside(node: ts.BreakOrContinueStatement, statements: readonly ts.Statement[]): boolean {
  const left = ts.findAncestor(node, (at) => isLoop(at) || (ts.isSwitchStatement(at) && ts.isBreakStatement(node)))
  return node.label === undefined && left !== undefined && statements.some((statement) => isWithin(left, statement))
}

function declares(statement: ts.Statement, name: ts.Identifier): boolean {
  return (
    ts.isVariableStatement(statement)
    && statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name.text)
  )
}

/** Whether what the statements declare, one name left out, is used after them. */
function usedBehind(
  { statements, filling }: Work,
  except: ts.Identifier | undefined,
  { references }: FileAnalysis,
): boolean {
  const names: ts.Identifier[] = []
  const collect = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name)
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) collect(element.name)
  }
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) collect(name)
    else if (ts.isDeclarationStatement(statement)) return true
  }
  return names.some((name) => name.text !== except?.text && references.of(name).some((use) => use.pos > filling.end))
}

function extentOf({ statements, filling }: Work): readonly [start: number, end: number] {
  return [lineBefore(statements[0] ?? filling), filling.end]
}

/** The white space before the lines of the work, and one step deeper; and what ends a line. */
function lines(
  { statements, filling }: Work,
  { sourceFile }: FileAnalysis,
): readonly [outer: string, inner: string, newLine: string] {
  const { indent, newLine } = styleOf(sourceFile)
  const first = statements[0] ?? filling
  const outer = indentOf(ts.isBlock(first.parent) ? first : first.parent)
  return [outer, outer + indent, newLine]
}
