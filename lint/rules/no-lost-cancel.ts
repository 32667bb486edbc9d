import ts from 'typescript'
import { calleeName, enclosingFunction, hasModifier, isMethodCall, someOwnNode, suspends, unwrap, wrapperOf } from '../analysis/syntax.ts'
import { millisecondsOf } from '../analysis/timers.ts'
import { defineRule, type RuleContext } from '../rule.ts'

/** Timers below this, in milliseconds, are gone before anybody minds. */
const SHORTEST = 1_000

export const rule = defineRule({
  id: 'no-lost-cancel',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: 'Disallow abort controllers that nothing aborts, and deadlines that outlive the work they are for',
    fixable: false,
    hasSuggestions: false,
  },
  check(context) {
    return {
      [ts.SyntaxKind.NewExpression](node: ts.NewExpression) {
        if (calleeName(node) === 'AbortController') checkController(node, context)
      },
    }
  },
})

function checkController(made: ts.NewExpression, { analysis, report }: RuleContext): void {
  // Tests hand over signals that nobody will abort, and end with their process.
  if (analysis.role === 'test') return
  const declaration = wrapperOf(made).parent
  const fn = enclosingFunction(made)
  if (!fn || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return
  if (!ts.isVariableDeclarationList(declaration.parent) || !(declaration.parent.flags & ts.NodeFlags.Const)) return
  if (hasModifier(declaration.parent.parent, ts.SyntaxKind.ExportKeyword)) return
  const { name } = declaration
  const uses = analysis.references.of(name)
  if (uses.length > 0 && uses.every((use) => ts.isPropertyAccessExpression(use.parent) && use.parent.name.text === 'signal')) {
    report({
      node: name,
      level: 'likely',
      message: `Nothing ever aborts \`${name.text}\`: what is given its signal looks as if it could be cancelled, and cannot.`,
      related: uses.slice(0, 1).map((use) => ({ node: use.parent, message: 'This signal never aborts.' })),
    })
    return
  }
  for (const use of uses) {
    const timer = droppedDeadline(use)
    if (!timer || enclosingFunction(timer) !== fn) continue
    const delay = timer.arguments[1]
    if (!delay || (millisecondsOf(delay, analysis) ?? Infinity) < SHORTEST) continue
    if (fn.body && someOwnNode(fn.body, (node) => node.pos >= timer.end && suspends(node))) {
      report({
        node: timer.expression,
        level: 'likely',
        message: `When the work is done in time, this timer runs on until it fires: nothing clears it, and it keeps the process alive and \`${name.text}\` with all that listens to it.`,
        related: [{ node: use.parent, message: 'This is all that the timer is for.' }],
      })
    }
  }
}

/** The `setTimeout` whose callback does nothing but abort, and whose handle nobody keeps. */
function droppedDeadline(use: ts.Identifier): ts.CallExpression | undefined {
  const abort = use.parent.parent
  if (!isMethodCall(abort, 'abort') || abort.expression.expression !== use) return undefined
  const statement = abort.parent
  const callback = ts.isExpressionStatement(statement) && ts.isBlock(statement.parent) && statement.parent.statements.length === 1
    ? statement.parent.parent
    : statement
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return undefined
  const timer = callback.parent
  const isTimer = ts.isCallExpression(timer) && ts.isIdentifier(unwrap(timer.expression)) && calleeName(timer) === 'setTimeout'
  return isTimer && (ts.isExpressionStatement(timer.parent) || ts.isVoidExpression(timer.parent)) ? timer : undefined
}
