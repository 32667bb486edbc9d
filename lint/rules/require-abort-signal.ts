import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { HOST_CALLED_NAMES, type IoKind, RISKY_IO, SIGNAL_NAMES } from '../analysis/knowledge/names.ts'
import { nameOf } from '../analysis/flow/concurrentRegion.ts'
import { callersSignals } from '../analysis/cancellation/signals.ts'
import { type StartedTogether, startedTogether } from '../analysis/bounds/startedTogether.ts'
import {
  enclosingFunction,
  excerpt,
  type FunctionNode,
  hasModifier,
  someNode,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { takeSignal } from '../fixes/takeSignal.ts'
import { defineRule, type RuleContext } from '../rule.ts'

export const rule = defineRule({
  id: 'require-abort-signal',
  meta: {
    family: 'cancellation',
    level: 'possible',
    description: 'Require exported functions that fan out to take an abort signal',
    fixable: false,
    hasSuggestions: true,
    optIn: true,
  },
  check(context) {
    const { analysis, sourceFile } = context
    // What a server action is given comes over the network: a signal cannot.
    if (analysis.role === 'test' || /^\s*['"]use server['"]/u.test(sourceFile.text)) return {}
    const reported = new Set<FunctionNode>()
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        const fanOut = startedTogether(node, analysis)
        const fn = fanOut && exportedAround(fanOut.joined)
        if (!fn || reported.has(fn) || takesSignal(fn, fanOut, analysis)) return
        if (fanOut.size().kind === 'bounded' || !reachesOut(fanOut.work, analysis)) return
        reported.add(fn)
        report(fn, fanOut, context)
      },
    }
  },
})

function report(fn: FunctionNode, { joined, input }: StartedTogether, { analysis, report }: RuleContext): void {
  const name = nameOf(fn)
  const fix = takeSignal(fn, joined, analysis)
  report({
    node: name ?? fn.getFirstToken() ?? fn,
    message:
      `Who calls ${name ? `\`${name.text}\`` : 'this function'} cannot call it off: it takes no signal, and what it starts for every item of `
      + `\`${excerpt(input)}\` runs to the end.`,
    related: [{ node: joined.expression, message: 'It fans out here.' }],
    suggestions: fix ? [fix] : [],
  })
}

/** The exported function whose own code, callbacks included, holds a node. */
function exportedAround(node: ts.Node): FunctionNode | undefined {
  for (let fn = enclosingFunction(node); fn !== undefined; fn = enclosingFunction(fn)) {
    if (isExported(fn)) return HOST_CALLED_NAMES.test(nameOf(fn)?.text ?? '') ? undefined : fn
  }
  return undefined
}

function isExported(fn: FunctionNode): boolean {
  if (ts.isFunctionDeclaration(fn)) return hasModifier(fn, ts.SyntaxKind.ExportKeyword)
  const declaration = wrapperOf(fn).parent
  if (!ts.isVariableDeclaration(declaration)) return false
  const statement = declaration.parent.parent
  return ts.isVariableStatement(statement) && hasModifier(statement, ts.SyntaxKind.ExportKeyword)
}

/** Whether some parameter brings a signal or another way to call the work off, or nobody knows what it brings. */
function takesSignal(fn: FunctionNode, { joined }: StartedTogether, analysis: FileAnalysis): boolean {
  if (fn.parameters.some((parameter) => SIGNAL_NAMES.test(parameter.getText()))) return true
  if (
    fn.parameters.some(
      ({ name, type }) =>
        type?.kind === ts.SyntaxKind.AnyKeyword || (ts.isIdentifier(name) && type && analysis.types.isUntyped(name)),
    )
  )
    return true
  return callersSignals(joined, analysis).length > 0
}

/** Whether what is started for each item talks to something outside the process. */
function reachesOut(work: ts.Expression, analysis: FileAnalysis): boolean {
  const { summaries, types } = analysis
  const isRisky = (io: ReadonlyMap<IoKind, ts.CallExpression>): boolean =>
    [...io.keys()].some((kind) => RISKY_IO.has(kind))
  const fn = types.functionOf(work)
  if (fn) return isRisky(summaries.of(fn).io)
  return someNode(unwrap(work), (node) => ts.isCallExpression(node) && isRisky(summaries.ioOf(node)))
}
