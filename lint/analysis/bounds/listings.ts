import ts from 'typescript'
import { ACCUMULATING_FILES, CONFIG_PATTERNS } from '../knowledge/names.ts'
import { calleeName, enclosingFunction, type FunctionNode, isFunctionNode, someNode, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** What reads one folder: as many as somebody has put there, and no more. */
const FOLDER_CALLS = /^(?:readdir(?!p)|opendir|scandir)/iu

/** From a pattern to where it is written. */
const MAX_STEPS = 4

/** What goes through a tree, as its name says. */
const WALKING_CALLS = /^walk|recursive|^readdirp$|^(?:list|find|get)AllFiles$/iu

/** Names that say it so plainly that what is seen of the function tells no more. */
const RECURSIVE_NAMES = /recursive|^readdirp$/iu

/** Whether a listing reads one folder, and none of those below. */
export function isListingOfOneFolder(listing: ts.Node): boolean {
  return ts.isCallExpression(listing) && FOLDER_CALLS.test(calleeName(listing) ?? '') && !isRecursive(listing)
}

const walkers = new WeakMap<FunctionNode, boolean>()

/** Whether a function of the program reads a folder and calls itself for those below. */
export function walksTree(fn: FunctionNode, types: TypeQuestions): boolean {
  let walks = walkers.get(fn)
  if (walks === undefined) walkers.set(fn, (walks = fn.body !== undefined && findsWalk(fn, types)))
  return walks
}

/** The function itself, or one inside it. */
function findsWalk(fn: FunctionNode, types: TypeQuestions): boolean {
  if (!someNode(fn, (at) => ts.isCallExpression(at) && FOLDER_CALLS.test(calleeName(at) ?? ''))) return false
  return someNode(fn, (at) => {
    const callee = ts.isCallExpression(at) ? types.functionOf(at.expression) : undefined
    return (
      callee !== undefined && ts.findAncestor(at, (around) => isFunctionNode(around) && around === callee) !== undefined
    )
  })
}

/**
 * Whether a listing goes into the folders below and takes what it finds there: `readdir` does so only when it is told to, a
 * pattern only with `**` and a name that is left open, and a function of the program where it calls itself.
 */
export function isListingOfTree(listing: ts.Node, types: TypeQuestions): boolean {
  if (!ts.isCallExpression(listing)) return false
  const name = calleeName(listing) ?? ''
  if (FOLDER_CALLS.test(name)) return isRecursive(listing)
  const callee = types.functionOf(listing.expression)
  if (callee && !RECURSIVE_NAMES.test(name) ? walksTree(callee, types) : WALKING_CALLS.test(name)) return true
  const [first] = listing.arguments
  const pattern = first && patternOf(first, types)
  if (pattern === undefined) {
    const text = listing.getText()
    return text.includes('**') && /\*\.\w+['"`]|\*\*\/\*/u.test(text)
  }
  const file = pattern.slice(pattern.lastIndexOf('/') + 1)
  return pattern.includes('**') && file.includes('*') && !CONFIG_PATTERNS.test(file)
}

function isRecursive(listing: ts.CallExpression): boolean {
  return /\brecursive\b/u.test(listing.getText())
}

/** Whether a listing reads what a program leaves behind each time it runs: by the name of the folder, of the function, or of the files. */
export function isListingOfRemains(listing: ts.Node): boolean {
  const fn = enclosingFunction(listing)
  return (
    ts.isCallExpression(listing)
    && (ACCUMULATING_FILES.test(listing.arguments[0]?.getText() ?? '')
      || ACCUMULATING_FILES.test(fn?.name?.getText() ?? '')
      || /\.(?:jsonl|ndjson)['"`]/u.test(fn?.getText() ?? ''))
  )
}

/** The text of a pattern, also of a constant, and what it is where nobody says otherwise: `{ pattern = '**\/*' }`, `pattern ?? '**\/*'`. */
function patternOf(given: ts.Expression, types: TypeQuestions, steps = MAX_STEPS): string | undefined {
  if (steps === 0) return undefined
  const inner = unwrap(given)
  if (ts.isStringLiteralLike(inner)) return inner.text
  if (ts.isTemplateExpression(inner)) return inner.getText().slice(1, -1)
  if (ts.isArrayLiteralExpression(inner)) return inner.elements[0] && patternOf(inner.elements[0], types, steps - 1)
  if (ts.isBinaryExpression(inner)) return patternOf(inner.right, types, steps - 1)
  const declaration = ts.isIdentifier(inner) ? types.localSymbol(inner)?.valueDeclaration : undefined
  const value =
    declaration
    && (ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration) || ts.isParameter(declaration))
      ? declaration.initializer
      : undefined
  return value && patternOf(value, types, steps - 1)
}
