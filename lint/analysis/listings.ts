import ts from 'typescript'
import { CONFIG_PATTERNS } from './knowledge.ts'
import { calleeName, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** What reads one folder: as many as somebody has put there, and no more. */
const FOLDER_CALLS = /^(?:readdir|opendir|scandir)/iu

/** Whether a listing reads one folder, and none of those below. */
export function isListingOfOneFolder(listing: ts.Node): boolean {
  return ts.isCallExpression(listing) && FOLDER_CALLS.test(calleeName(listing) ?? '') && !isRecursive(listing)
}

/**
 * Whether a listing goes into the folders below and takes what it finds there: `readdir` does so only when it is told to, and
 * a pattern only with `**` and a name that is left open.
 */
export function isListingOfTree(listing: ts.Node, types: TypeQuestions): boolean {
  if (!ts.isCallExpression(listing)) return false
  if (FOLDER_CALLS.test(calleeName(listing) ?? '')) return isRecursive(listing)
  const [first] = listing.arguments
  const pattern = first && patternOf(first, types)
  if (pattern === undefined) {
    const text = listing.getText()
    return text.includes('**') && /\*\.\w+['"`]|\*\*\/\*/u.test(text)
  }
  const name = pattern.slice(pattern.lastIndexOf('/') + 1)
  return pattern.includes('**') && name.includes('*') && !CONFIG_PATTERNS.test(name)
}

function isRecursive(listing: ts.CallExpression): boolean {
  return /\brecursive\b/u.test(listing.getText())
}

/** The text of a pattern, also of a constant, and what it is where nobody says otherwise: `{ pattern = '**\/*' }`, `pattern ?? '**\/*'`. */
function patternOf(given: ts.Expression, types: TypeQuestions): string | undefined {
  const inner = unwrap(given)
  if (ts.isStringLiteralLike(inner)) return inner.text
  if (ts.isBinaryExpression(inner)) return patternOf(inner.right, types)
  const declaration = ts.isIdentifier(inner) ? types.localSymbol(inner)?.valueDeclaration : undefined
  const value =
    declaration
    && (ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration) || ts.isParameter(declaration))
      ? declaration.initializer
      : undefined
  const text = value && unwrap(value)
  return text && ts.isStringLiteralLike(text) ? text.text : undefined
}
