import { defineRule, type Finding, type Fix, type Level, type Rule } from '@forkline/lint'
import ts from 'typescript'

type Report = Partial<Pick<Finding, 'message'>> & { readonly replaceBy?: string; readonly suggest?: string }

/** Rules that report identifiers by their name: what a test means stands in its own source text. */
function nameRule(id: string, level: Level, reports: Readonly<Record<string, Report>>): Rule {
  return defineRule({
    id,
    meta: {
      family: 'race',
      level,
      description: `Disallow names that ${id} knows`,
      fixable: true,
      hasSuggestions: true,
    },
    check: (context) => ({
      [ts.SyntaxKind.Identifier](node: ts.Identifier) {
        const found = Object.hasOwn(reports, node.text) ? reports[node.text] : undefined
        if (!found) return
        const change = (text: string): Fix => ({
          title: `Replace by ${text}`,
          edits: () => [{ start: node.getStart(), end: node.end, text }],
        })
        context.report({
          node,
          message: found.message ?? `The name ${node.text} is known.`,
          related: [{ node: node.parent, message: 'It stands here' }],
          fix: found.replaceBy === undefined ? undefined : change(found.replaceBy),
          suggestions: found.suggest === undefined ? [] : [change(found.suggest)],
        })
      },
    }),
  })
}

export const rules: readonly Rule[] = [
  nameRule('no-certain', 'certain', {
    wrong: {},
    mendable: { replaceBy: 'sound' },
    first: { replaceBy: 'second' },
    second: { replaceBy: 'third' },
    ping: { replaceBy: 'pong' },
    pong: { replaceBy: 'ping' },
    unbalanced: { replaceBy: '(((' },
    special: { message: '100% of it: two\nlines, and more' },
  }),
  nameRule('no-likely', 'likely', { doubtful: { suggest: 'plain' }, fixableWarning: { replaceBy: 'plain' } }),
  nameRule('no-possible', 'possible', { curious: {} }),
  defineRule({
    id: 'no-crash',
    meta: { family: 'bounds', level: 'likely', description: 'Fail at a name', fixable: false, hasSuggestions: false },
    check: (context) => ({
      [ts.SyntaxKind.Identifier](node: ts.Identifier) {
        if (node.text === 'boom') throw new Error('the rule failed')
        if (node.text === 'badFix') {
          const edits = (): never => {
            throw new Error('the fix failed')
          }
          context.report({ node, message: 'Fails later.', fix: { title: 'Fail', edits } })
        }
      },
    }),
  }),
]
