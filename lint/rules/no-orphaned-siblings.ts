import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { isAbortedOnFailure, type Siblings, siblingsOf } from '../analysis/cancellation/siblings.ts'
import { useOf } from '../analysis/cancellation/signalUse.ts'
import { excerpt, isFunctionNode, isPromiseCombinator, wrapperOf } from '../analysis/code/syntax.ts'
import { stopSiblings } from '../fixes/stopSiblings.ts'
import type { Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

export const rule = defineRule({
  id: 'no-orphaned-siblings',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: 'Disallow leaving the other tasks running when one of them fails and a signal could stop them',
    fixable: false,
    hasSuggestions: true,
  },
  check(context) {
    if (!/signal/iu.test(context.sourceFile.text)) return {}
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (isPromiseCombinator(node, 'all')) checkJoin(node, context)
      },
    }
  },
})

function checkJoin(joined: Parameters<typeof siblingsOf>[0], { analysis, report }: RuleContext): void {
  // What a failed test leaves running ends with it.
  if (analysis.role === 'test') return
  const siblings = siblingsOf(joined, analysis)
  if (!siblings || isOthersBusiness(siblings, analysis) || useOf(joined, analysis) !== 'awaited') return
  const { signal, tasks, endless } = siblings
  const fix = stopSiblings(joined, siblings, analysis)
  report({
    node: joined.expression,
    level: levelOf(siblings, analysis),
    message: endless
      ? `When another task fails, \`${excerpt(endless)}\` goes on for as long as nobody aborts \`${signal.text}\`, and nobody waits for it any more.`
      : `When one task fails, \`Promise.all\` rejects at once, and the others run on to their end: nothing aborts \`${signal.text}\`, which they obey.`,
    related: (endless ? [endless] : tasks.slice(0, 2)).map((node) => ({
      node,
      message: 'This goes on after another has failed.',
    })),
    suggestions: fix ? [fix] : [],
  })
}

/** Whether somebody else aborts the signal when this function fails: the group that runs it, or the code that has the controller. */
function isOthersBusiness({ signal }: Siblings, analysis: FileAnalysis): boolean {
  if (signal.source === 'local' && isAbortedOnFailure(signal, analysis)) return true
  const holder = wrapperOf(signal.owner).parent
  return signal.source !== 'local' && isFunctionNode(signal.owner) && ts.isCallExpression(holder)
}

function levelOf({ signal, endless }: Siblings, { role }: FileAnalysis): Level {
  if (role !== 'product') return 'possible'
  // Who made the controller has everything at hand to stop the rest; else it takes work without an end to be worth a change.
  return endless || (signal.source === 'local' && signal.text !== signal.root.text) ? 'likely' : 'possible'
}
