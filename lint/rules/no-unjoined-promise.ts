import ts from 'typescript'
import { runsInHandler, runsUnattended } from '../analysis/code/attendance.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { fateOf, handlesRejection } from '../analysis/flow/promiseFate.ts'
import { canAwaitAt, enclosingFunction, excerpt, unwrap, wrapperOf } from '../analysis/code/syntax.ts'
import { canAddAwait } from '../fixes/awaits.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-unjoined-promise',
  meta: {
    family: 'fan-out',
    level: 'likely',
    description: 'Disallow keeping a promise in a variable that nothing ever waits for',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.VariableDeclaration](node: ts.VariableDeclaration) {
        const { name, initializer } = node
        if (!initializer || !ts.isIdentifier(name) || name.text.startsWith('_') || !isPlain(node)) return
        const call = unwrap(initializer)
        const fn = enclosingFunction(node)
        if (!ts.isCallExpression(call) || fn === undefined || handlesRejection(call)) return
        // By name first: nearly every variable is used in an obvious way, and needs no look at symbols.
        if (
          analysis.references.named(name.text).some((use) => use.pos > node.end && use.end < fn.end && isPlainUse(use))
        )
          return
        const uses = analysis.references.of(name)
        const tests = uses.filter(isTested)
        if (uses.some((use) => !isTested(use) && fateOf(use, analysis.references).kind !== 'dropped')) return
        if (!isPromise(call, analysis)) return
        const [test] = tests
        report({
          node: name,
          level: levelOf(node, call, test, analysis),
          message: test
            ? `\`${name.text}\` is a promise, which always counts as true, and nothing ever waits for it: this test does not look at what \`${excerpt(call.expression)}\` answers.`
            : `Nothing ever waits for \`${name.text}\`: what \`${excerpt(call.expression)}\` brings is lost, and a rejection is unhandled.`,
          related: test ? [{ node: test, message: 'It is tested here.' }] : [],
          suggestions: awaitFix(node, call, analysis),
        })
      },
    }
  },
})

/** A local of its own: `using` has a use at the end of the block, and an exported one has uses elsewhere. */
function isPlain(node: ts.VariableDeclaration): boolean {
  return (
    ts.isVariableDeclarationList(node.parent)
    && ts.isVariableStatement(node.parent.parent)
    && (node.parent.flags & ts.NodeFlags.Using) !== ts.NodeFlags.Using
  )
}

function isPlainUse({ parent }: ts.Identifier): boolean {
  return (
    ts.isAwaitExpression(parent)
    || ts.isCallExpression(parent)
    || ts.isReturnStatement(parent)
    || ts.isArrayLiteralExpression(parent)
    || ts.isPropertyAccessExpression(parent)
    || ts.isElementAccessExpression(parent)
    || ts.isTemplateSpan(parent)
  )
}

/** Other thenables, such as queries and child processes, do something of their own before anybody waits for them. */
function isPromise(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  return analysis.types.thenable(call) === 'always' && /^Promise(?:Like)?$/u.test(analysis.types.typeName(call) ?? '')
}

/** Whether a use only asks whether there is a value: `if (open)`, `!open`, `open ? a : b`. */
function isTested(use: ts.Identifier): boolean {
  const node = wrapperOf(use)
  const { parent } = node
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node
  if (ts.isConditionalExpression(parent)) return parent.condition === node
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken
  return (
    ts.isBinaryExpression(parent)
    && parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
    && parent.left === node
  )
}

function levelOf(
  node: ts.VariableDeclaration,
  call: ts.CallExpression,
  test: ts.Node | undefined,
  analysis: FileAnalysis,
): Level {
  if (test) return 'certain'
  if (analysis.role !== 'product' || runsUnattended(node) || runsInHandler(node)) return 'possible'
  return canAwaitAt(node) && analysis.summaries.callCanReject(call) ? 'likely' : 'possible'
}

/** None where the code says that the variable holds a promise. */
function awaitFix(
  { type, initializer }: ts.VariableDeclaration,
  call: ts.CallExpression,
  analysis: FileAnalysis,
): readonly Fix[] {
  if (!canAddAwait(call, analysis) || type || initializer !== call) return []
  return [
    { title: 'Wait for it here', edits: () => [{ start: call.getStart(), end: call.getStart(), text: 'await ' }] },
  ]
}
