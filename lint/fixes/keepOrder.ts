import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  forEachOwnNode,
  isFunctionExpression,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isWithin,
  type MethodCall,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import type { Fix } from '../model.ts'
import { losesComment } from './comments.ts'
import { freeName } from './names.ts'
import { lineEndAfter } from './style.ts'

/**
 * `const sink = []; await Promise.all(items.map(async (x) => { …; sink.push(v) }))` becomes
 * `const sink = await Promise.all(items.map(async (x) => { …; return v }))`.
 */
export function returnInsteadOfPush(
  push: MethodCall,
  map: MethodCall,
  joined: MethodCall,
  analysis: FileAnalysis,
): Fix | undefined {
  const callback = map.arguments[0] && unwrap(map.arguments[0])
  const sink = push.expression.expression
  const [value] = push.arguments
  if (
    !callback
    || !isFunctionExpression(callback)
    || !ts.isIdentifier(sink)
    || !value
    || push.arguments.length !== 1
    || ts.isSpreadElement(value)
  )
    return undefined
  // What is written down of the results no longer holds.
  if (losesComment(push, [value]) || callback.type || map.typeArguments || joined.typeArguments) return undefined
  if (
    joined.expression.name.text !== 'all'
    || !joined.arguments[0]
    || unwrap(joined.arguments[0]) !== map
    || !isMethodCall(push, 'push')
  )
    return undefined
  const pushStatement = push.parent
  const body = callback.body
  const isLast = ts.isBlock(body) ? body.statements.at(-1) === pushStatement && !hasReturn(body) : unwrap(body) === push
  if (!isLast) return undefined
  const awaited = wrapperOf(joined).parent
  const statement = awaited.parent
  if (!ts.isAwaitExpression(awaited) || !ts.isExpressionStatement(statement)) return undefined
  const declaration = emptyArrayBefore(sink, statement, push, analysis)
  if (!declaration) return undefined
  return {
    title: 'Return the value, so that `Promise.all` keeps the order',
    edits: () => {
      const { text } = analysis.sourceFile
      const list = declaration.parent
      const holder = list.parent
      const lineEnd = /^[\t ]*\r?\n[\t ]*/u.exec(text.slice(holder.end))?.[0].length ?? 0
      const name = text.slice(declaration.name.getStart(), declaration.type?.end ?? declaration.name.end)
      const inBlock = ts.isBlock(body)
      const isObject = body === push && ts.isObjectLiteralExpression(value)
      const keyword = (list.flags & ts.NodeFlags.Const) === 0 ? 'let' : 'const'
      return [
        { start: holder.getStart(), end: holder.end + lineEnd, text: '' },
        { start: statement.getStart(), end: statement.getStart(), text: `${keyword} ${name} = ` },
        { start: push.getStart(), end: value.getStart(), text: inBlock ? 'return ' : isObject ? '(' : '' },
        { start: value.end, end: push.end, text: isObject ? ')' : '' },
      ]
    },
  }
}

/** `sink.push(v)` becomes `sink[index] = v`, with the index as the callback's second parameter. */
export function writeByIndex(push: MethodCall, map: MethodCall, analysis: FileAnalysis): Fix | undefined {
  const callback = map.arguments[0] && unwrap(map.arguments[0])
  const [value] = push.arguments
  if (
    !callback
    || !isFunctionExpression(callback)
    || callback.parameters.length > 2
    || push.arguments.length !== 1
    || !value
  )
    return undefined
  if (
    !isMethodCall(push, 'push')
    || !ts.isExpressionStatement(push.parent)
    || ts.isSpreadElement(value)
    || !ts.isBlock(callback.body)
  )
    return undefined
  // A push that only some items reach would leave holes.
  if (push.parent.parent !== callback.body || hasReturn(callback.body)) return undefined
  if (
    losesComment(push, [push.expression.expression, value])
    || isFilledByLoop(push.expression.expression, map, analysis)
  )
    return undefined
  const [item, index] = callback.parameters
  if (!item || (index && !ts.isIdentifier(index.name))) return undefined
  return {
    title: 'Write by index, so that the order is that of the input',
    edits: () => {
      const name = index ? index.name.getText() : freeName('index', analysis.references, callback)
      const sink = push.expression.expression
      const hasParentheses = analysis.sourceFile.text.slice(callback.getStart(), item.getStart()).includes('(')
      const parameter = hasParentheses
        ? [{ start: item.end, end: item.end, text: `, ${name}` }]
        : [{ start: item.getStart(), end: item.end, text: `(${item.getText()}, ${name})` }]
      return [
        ...(index ? [] : parameter),
        { start: sink.end, end: value.getStart(), text: `[${name}] = ` },
        { start: value.end, end: push.end, text: '' },
      ]
    },
  }
}

/** Whether a loop around the map fills the sink turn by turn: the index begins anew on each turn. */
function isFilledByLoop(sink: ts.Expression, map: MethodCall, analysis: FileAnalysis): boolean {
  const declaration = ts.isIdentifier(sink) ? analysis.types.localSymbol(sink)?.valueDeclaration : undefined
  const loop = ts.findAncestor(map, (at) => isLoop(at) || isFunctionNode(at))
  return declaration === undefined || (loop !== undefined && !isWithin(declaration, loop))
}

function hasReturn(body: ts.Block): boolean {
  let found = false
  forEachOwnNode(body, (node) => {
    if (ts.isReturnStatement(node)) found = true
  })
  return found
}

/** The declaration `const sink = []` in the same block, where nothing else touches the sink before it is filled. */
function emptyArrayBefore(
  sink: ts.Identifier,
  statement: ts.Statement,
  push: MethodCall,
  analysis: FileAnalysis,
): ts.VariableDeclaration | undefined {
  const declaration = analysis.types.localSymbol(sink)?.valueDeclaration
  if (
    !declaration
    || !ts.isVariableDeclaration(declaration)
    || !ts.isIdentifier(declaration.name)
    || !declaration.initializer
  )
    return undefined
  if (!ts.isArrayLiteralExpression(declaration.initializer) || declaration.initializer.elements.length > 0)
    return undefined
  const list = declaration.parent
  if (!ts.isVariableDeclarationList(list) || list.declarations.length !== 1 || list.parent.parent !== statement.parent)
    return undefined
  const uses = analysis.references.of(declaration.name)
  const early = uses.some((use) => use.pos < statement.end && !isWithin(use, push))
  // A comment on its line would be left alone.
  if (lineEndAfter(analysis.sourceFile, list.parent.end) !== list.parent.end) return undefined
  return early ? undefined : declaration
}
