import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { Guard, Write } from '../analysis/flow/flowFacts.ts'
import { meaningOf } from '../analysis/flow/guardMeaning.ts'
import { SIGNAL_NAMES } from '../analysis/knowledge/names.ts'
import {
  type FunctionNode,
  hasModifier,
  isMethodCall,
  isWithin,
  someNode,
  someOwnNode,
} from '../analysis/code/syntax.ts'
import type { Fix } from '../model.ts'
import { besideText, insertBehind, nameBeside, type Place, placeOf } from './besidePlace.ts'
import { lineBefore } from './comments.ts'
import { importName } from './imports.ts'
import { deeper, indentOf, styleOf } from './style.ts'

const RUNTIME = '@forkline/runtime'

/**
 * Shares the work that fills an entry of a map among the calls for its key, with the runtime's `SingleFlight`, in a file that
 * imports the runtime already. The entry is set before the flight ends, so that no call comes in between, and a flight that
 * fails leaves nothing behind.
 *
 * None where the work hangs on more of the call than its key, or leaves the function other than by its result.
 */
export function shareFlight(write: Write, guard: Guard, fn: FunctionNode, analysis: FileAnalysis): Fix | undefined {
  const { mutation } = write
  if (!mutation || !isMethodCall(mutation, 'set') || mutation.arguments.length !== 2 || meaningOf(guard) !== 'absent')
    return undefined
  const [key] = mutation.arguments
  const { sourceFile } = analysis
  const place = placeOf(mutation.expression.expression, analysis)
  const keyType = place && keyTypeOf(place)
  const work = workOf(mutation, guard, fn)
  if (!key || !place?.declaration || keyType === undefined || !work || !importsRuntime(sourceFile)) return undefined
  const { declaration } = place
  if (
    work.statements.some(
      (statement) => hangsOnMore(statement, key, work, fn, analysis) || !isMovable(statement, work.result),
    )
  )
    return undefined
  return {
    title: `Share the work for one \`${key.getText()}\` among the calls for it, with \`SingleFlight\``,
    edits: () => {
      const { semicolon, newLine, indent } = styleOf(sourceFile)
      const single = importName(analysis, RUNTIME, 'SingleFlight', mutation)
      const name = nameBeside(place, 'UnderWay', analysis)
      const [first = work.filling] = work.statements
      const start = lineBefore(first)
      const last = work.statements.at(-1) ?? work.filling
      const outer = indentOf(first)
      const call = `${besideText(mutation.expression.expression, name)}.do(${key.getText()}, async () => {`
      const body = deeper(sourceFile, start, last.end)
      return [
        ...single.edits,
        insertBehind(declaration, `${declarationOf(declaration, name)} = new ${single.name}${keyType}()`),
        {
          start,
          end: last.end,
          text: `${work.result ? 'return ' : ''}await ${call}${newLine}${outer}${indent}${body}${newLine}${outer}})${semicolon}`,
        },
      ]
    },
  }
}

interface Work {
  readonly statements: readonly ts.Statement[]
  readonly filling: ts.Statement
  /** What gives the entry back, behind the filling. */
  readonly result: ts.ReturnStatement | undefined
}

/** The statements from the check to the filling, and the `return` right behind it. */
function workOf(mutation: ts.CallExpression, { condition }: Guard, fn: FunctionNode): Work | undefined {
  const filling = mutation.parent
  const check = ts.findAncestor(condition, (at) => (at === fn ? 'quit' : ts.isStatement(at)))
  if (!check || !ts.isStatement(check) || !ts.isExpressionStatement(filling) || !ts.isBlock(filling.parent))
    return undefined
  const { statements } = filling.parent
  const inIf = ts.findAncestor(filling.parent, (at) => ts.isIfStatement(at) && isWithin(condition, at.expression))
  const first =
    inIf && ts.isIfStatement(inIf) && inIf.thenStatement === filling.parent
      ? 0
      : check.parent === filling.parent
        ? statements.indexOf(check) + 1
        : -1
  if (first < 0 || (!inIf && !(ts.isIfStatement(check) && leaves(check.thenStatement) && !check.elseStatement)))
    return undefined
  const end = statements.indexOf(filling) + 1
  const next = statements[end]
  const result =
    next && ts.isReturnStatement(next) && next.expression && end + 1 === statements.length ? next : undefined
  const isLast = end === statements.length
  return (result ?? isLast)
    ? { statements: statements.slice(first, result ? end + 1 : end), filling, result }
    : undefined
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
}

/** `<string>` of a `Map<string, Client>`, and nothing in a script; undefined where nobody has written it. */
function keyTypeOf({ declaration }: Place): string | undefined {
  if (!declaration || !/\.[cm]?tsx?$/u.test(declaration.getSourceFile().fileName)) return declaration && ''
  const { type, initializer } = declaration
  const types =
    type && ts.isTypeReferenceNode(type)
      ? type.typeArguments
      : initializer && ts.isNewExpression(initializer)
        ? initializer.typeArguments
        : undefined
  const [key] = types ?? []
  return key && `<${key.getText()}>`
}

function importsRuntime(file: ts.SourceFile): boolean {
  return file.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement)
      && ts.isStringLiteral(statement.moduleSpecifier)
      && statement.moduleSpecifier.text === RUNTIME,
  )
}

/** Whether part of the work speaks of what the call was given, the names in the key left out, or of a signal. */
function hangsOnMore(node: ts.Node, key: ts.Node, work: Work, fn: FunctionNode, { types }: FileAnalysis): boolean {
  const inKey = new Set<string>()
  someNode(key.parent, (at) => {
    if (ts.isIdentifier(at) && isWithin(at, key)) inKey.add(at.text)
    return false
  })
  return someNode(node, (at) => {
    if (!ts.isIdentifier(at) || inKey.has(at.text)) return false
    if (at.text === 'arguments' || SIGNAL_NAMES.test(at.text)) return true
    if (ts.isPropertyAccessExpression(at.parent) && at.parent.name === at) return false
    const declaration = types.localSymbol(at)?.valueDeclaration
    return (
      declaration !== undefined
      && isWithin(declaration, fn)
      && !work.statements.some((statement) => isWithin(declaration, statement))
    )
  })
}

/** Whether a statement can stand in a function of its own, which gives the result back. */
function isMovable(statement: ts.Statement, result: ts.ReturnStatement | undefined): boolean {
  const stays = (node: ts.Node): boolean =>
    (ts.isReturnStatement(node) && node !== result)
    || ts.isYieldExpression(node)
    || ts.isBreakOrContinueStatement(node)
    || (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0)
  return !stays(statement) && !someOwnNode(statement, stays)
}

function declarationOf(declaration: ts.VariableDeclaration | ts.PropertyDeclaration, name: string): string {
  if (ts.isVariableDeclaration(declaration)) return `const ${name}`
  const isStatic = hasModifier(declaration, ts.SyntaxKind.StaticKeyword) ? 'static ' : ''
  if (!/\.[cm]?tsx?$/u.test(declaration.getSourceFile().fileName)) return `${isStatic}${name}`
  const isPrivate = !name.startsWith('#') && hasModifier(declaration, ts.SyntaxKind.PrivateKeyword) ? 'private ' : ''
  return `${isPrivate}${isStatic}readonly ${name}`
}
