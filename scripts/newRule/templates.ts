/** The texts that a new rule begins with, by path relative to the repository. */
export function newRuleFiles(id: string): Readonly<Record<string, string>> {
  return {
    [`lint/rules/${id}.ts`]: ruleText(id),
    [`test/lint/rules/${id}.test.ts`]: testText(id),
    [`docs/rules/${id}.md`]: pageText(id),
  }
}

function ruleText(id: string): string {
  return `import ts from 'typescript'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: '${id}',
  meta: {
    family: 'fan-out',
    level: 'possible',
    description: 'Disallow debugger statements, until this sentence says what the rule does',
    fixable: false,
    hasSuggestions: false,
  },
  check({ report }) {
    return {
      [ts.SyntaxKind.DebuggerStatement](node: ts.DebuggerStatement) {
        report({ node, message: 'Say what goes wrong at run time, and for whom.' })
      },
    }
  },
})
`
}

function testText(id: string): string {
  return `import { rule } from '../../../lint/rules/${id}.ts'
import { testRule } from '../harness/ruleTester.ts'

testRule(rule, {
  valid: [{ name: 'code without the mistake', code: 'export const answer = 42', level: 'possible' }],
  invalid: [{ name: 'the mistake', code: 'debugger', level: 'possible', errors: [{ line: 1, level: 'possible' }] }],
})
`
}

function pageText(id: string): string {
  return `# forkline/${id}

<!-- begin rule facts -->
<!-- end -->

What goes wrong at run time, shown by a snippet that you have run.

Each block under Wrong must make this rule report, also at the level \`possible\`; each under Right must leave all rules quiet.
A first line \`// options: {"name": value}\` sets options, which have a section Options with a \`###\` heading each.

## Wrong

\`\`\`ts
debugger
\`\`\`

## Right

\`\`\`ts
export const answer = 42
\`\`\`

## Where it stays quiet

- The good forms that look like the mistake.
`
}
