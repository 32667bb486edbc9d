import ts from 'typescript'
import { rootIdentifier } from '../code/imports.ts'
import { VALUE_METHODS } from '../knowledge/names.ts'
import type { Summaries } from '../flow/summaries.ts'
import { enclosingFunction, isMethodCall, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Words by which a request says how many it wants. */
const ASKED_PAGE =
  /limit|per_?page|page_?size|num_?results|max_?results|\b(?:take|first|top|rows|size|count)['"]?\s*[:=]/iu

/** From the list to its answer: `items`, `answer.items`, `await answer.json()`, `await client.ask()`. */
const MAX_STEPS = 6

/**
 * Whether a list is what another service answered in the same function, where that does not ask for one page of so many:
 * `answer.docs` with `const answer = await client.search(words)`, `items` with `const items = await response.json()`.
 */
export function isAnsweredList(list: ts.Expression, types: TypeQuestions, summaries: Summaries): boolean {
  const fn = enclosingFunction(list)
  let at: ts.Expression | undefined = list
  for (let step = 0; at !== undefined && step < MAX_STEPS; step++) {
    const call = callBehind(at)
    if (call === undefined) return false
    if (ts.isIdentifier(call)) {
      at = valueOf(call, fn, types)
    } else if (isMethodCall(call, 'json')) {
      at = call.expression.expression
    } else {
      return fn !== undefined && summaries.ioOf(call).has('network') && !ASKED_PAGE.test(fn.getText())
    }
  }
  return false
}

/** What holds or gives the list, without what leaves it as long as it is: fields, fallbacks, `filter`, `then`. */
function callBehind(expression: ts.Expression): ts.Identifier | ts.CallExpression | undefined {
  let at = unwrap(expression)
  for (;;) {
    if (ts.isAwaitExpression(at)) at = unwrap(at.expression)
    else if (ts.isPropertyAccessExpression(at)) at = unwrap(at.expression)
    else if (isFallback(at)) at = unwrap(at.left)
    else if (isMethodCall(at) && VALUE_METHODS.has(at.expression.name.text)) {
      const [first] = at.arguments
      const isStatic = rootIdentifier(at.expression)?.text === 'Object' && first !== undefined
      at = unwrap(isStatic ? first : at.expression.expression)
    } else return ts.isIdentifier(at) || ts.isCallExpression(at) ? at : undefined
  }
}

function isFallback(node: ts.Expression): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node)
    && (node.operatorToken.kind === ts.SyntaxKind.BarBarToken
      || node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
  )
}

/** What a variable of this function is given where it is declared, also by its parts. */
function valueOf(name: ts.Identifier, fn: ts.Node | undefined, types: TypeQuestions): ts.Expression | undefined {
  const declaration = types.localSymbol(name)?.valueDeclaration
  const holder =
    declaration && ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  return holder && ts.isVariableDeclaration(holder) && enclosingFunction(holder) === fn ? holder.initializer : undefined
}
