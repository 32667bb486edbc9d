import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { givenInProgram } from '../code/programCallers.ts'
import { constantNumber, unwrap } from '../code/syntax.ts'

/** Constants made of constants are followed so far. */
const MAX_DEPTH = 6

/** The most that a duration can be where the program fixes it: a literal, a product of literals, or a constant or default that holds one. */
export function millisecondsOf(delay: ts.Expression, analysis: FileAnalysis, depth = 0): number | undefined {
  const direct = constantNumber(delay)
  if (direct !== undefined || depth > MAX_DEPTH) return direct
  const inner = unwrap(delay)
  if (ts.isBinaryExpression(inner)) return millisecondsOfBinary(inner, analysis, depth)
  if (ts.isCallExpression(inner)) return millisecondsOfBounds(inner, analysis, depth)
  const name = ts.isIdentifier(inner) ? inner : ts.isPropertyAccessExpression(inner) ? inner.name : undefined
  const declaration = name && analysis.types.symbol(name)?.declarations?.[0]
  if (!declaration) return undefined
  const fixed =
    (ts.isVariableDeclaration(declaration) && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0)
    || ts.isParameter(declaration)
    || ts.isBindingElement(declaration)
    || ts.isPropertyDeclaration(declaration)
    || ts.isEnumMember(declaration)
  return fixed && declaration.initializer ? millisecondsOf(declaration.initializer, analysis, depth + 1) : undefined
}

/** `Math.max(0, limit)`, `Math.min(limit, rest)`: of the second, one limit that is known will do. */
function millisecondsOfBounds(call: ts.CallExpression, analysis: FileAnalysis, depth: number): number | undefined {
  const callee = call.expression.getText()
  if (callee !== 'Math.max' && callee !== 'Math.min') return undefined
  const parts = call.arguments.map((argument) => millisecondsOf(argument, analysis, depth + 1))
  const known = parts.filter((part) => part !== undefined)
  if (known.length === 0 || (callee === 'Math.max' && known.length < parts.length)) return undefined
  return callee === 'Math.max' ? Math.max(...known) : Math.min(...known)
}

function millisecondsOfBinary(node: ts.BinaryExpression, analysis: FileAnalysis, depth: number): number | undefined {
  if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return millisecondsOf(node.right, analysis, depth + 1)
  const left = millisecondsOf(node.left, analysis, depth + 1)
  // What is left of a limit is no more than the limit.
  if (node.operatorToken.kind === ts.SyntaxKind.MinusToken) return left
  const right = millisecondsOf(node.right, analysis, depth + 1)
  if (left === undefined || right === undefined) return undefined
  if (node.operatorToken.kind === ts.SyntaxKind.PlusToken) return left + right
  return node.operatorToken.kind === ts.SyntaxKind.AsteriskToken ? left * right : undefined
}

/**
 * The most that a duration can be by all that the program gives for it, where it is a parameter and nobody else decides. It
 * costs a look through the text of all files, so it is the last question to ask.
 */
export function longestGiven(delay: ts.Expression, analysis: FileAnalysis): number | undefined {
  const lengths = lengthsGiven(delay, analysis)
  return lengths && Math.max(...lengths)
}

/** The least that a duration can be, in the same way. */
export function shortestGiven(delay: ts.Expression, analysis: FileAnalysis): number | undefined {
  const lengths = lengthsGiven(delay, analysis)
  return lengths && Math.min(...lengths)
}

function lengthsGiven(delay: ts.Expression, analysis: FileAnalysis): readonly number[] | undefined {
  const name = unwrap(delay)
  const declaration = ts.isIdentifier(name) ? analysis.types.localSymbol(name)?.declarations?.[0] : undefined
  const holder =
    declaration && ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  const found =
    declaration && holder && ts.isParameter(holder) ? givenInProgram(holder, declaration, analysis.types) : undefined
  if (!found?.isAll || found.given.length === 0) return undefined
  const lengths = found.given.map((given) => millisecondsOf(given, analysis))
  return lengths.every((length) => length !== undefined) ? lengths : undefined
}

/** Whether somebody else may say how long: a setting with a default, or a parameter. */
export function isConfigurable(delay: ts.Expression, analysis: FileAnalysis, depth = 0): boolean {
  const inner = unwrap(delay)
  if (ts.isBinaryExpression(inner) && /^(?:\?\?|\|\|)$/u.test(inner.operatorToken.getText())) return true
  const declaration = ts.isIdentifier(inner) ? analysis.types.localSymbol(inner)?.declarations?.[0] : undefined
  if (!declaration || depth > 3) return false
  if (ts.isParameter(declaration) || ts.isBindingElement(declaration)) return true
  return (
    ts.isVariableDeclaration(declaration)
    && declaration.initializer !== undefined
    && isConfigurable(declaration.initializer, analysis, depth + 1)
  )
}
