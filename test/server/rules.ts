import { defineRule, type Level, type Rule } from '@forkline/lint'
import ts from 'typescript'

/** Reports calls that stand alone and give a promise, by their type: what the type is may be said in another file. */
export function noBarePromise(level: Level = 'certain'): Rule {
  return defineRule({
    id: 'no-bare-promise',
    meta: { family: 'fan-out', level, description: 'Disallow bare promises', fixable: true, hasSuggestions: true },
    check: (context) => ({
      [ts.SyntaxKind.ExpressionStatement]: (statement: ts.ExpressionStatement) => {
        const call = statement.expression
        if (!ts.isCallExpression(call)) return
        if (context.analysis.types.thenable(call) !== 'always') return
        const declaration = context.analysis.types.symbol(call.expression)?.valueDeclaration
        const start = call.getStart(context.sourceFile)
        context.report({
          node: call,
          message: 'This promise is dropped.',
          related: declaration ? [{ node: declaration, message: 'It comes from here.' }] : [],
          fix: { title: 'Await the call', edits: () => [{ start, end: start, text: 'await ' }] },
          suggestions: [
            { title: 'Mark it with `void`', edits: () => [{ start, end: start, text: 'void ' }] },
            { title: 'Never sound', edits: () => [] },
          ],
        })
      },
    }),
  })
}

/** Reports every identifier with this name; for places where the syntax is what matters. */
export function noName(name: string): Rule {
  return defineRule({
    id: 'no-name',
    meta: { family: 'race', level: 'likely', description: 'Disallow a name', fixable: false, hasSuggestions: false },
    check: (context) => ({
      [ts.SyntaxKind.Identifier]: (node: ts.Identifier) => {
        if (node.text === name) context.report({ node, message: `Found ${name}.` })
      },
    }),
  })
}

/** Unwraps `wrap(…)`: fixes of nested calls overlap, so that one pass cannot do. */
export const noWrap: Rule = defineRule({
  id: 'no-wrap',
  meta: { family: 'bounds', level: 'possible', description: 'Disallow wrap', fixable: true, hasSuggestions: false },
  check: (context) => ({
    [ts.SyntaxKind.CallExpression]: (call: ts.CallExpression) => {
      const inner = call.arguments[0]
      if (!inner || call.expression.getText(context.sourceFile) !== 'wrap') return
      const edits = () => [
        { start: call.getStart(context.sourceFile), end: call.getEnd(), text: inner.getText(context.sourceFile) },
      ]
      context.report({ node: call, message: 'Unwrap it.', fix: { title: 'Unwrap', edits } })
    },
  }),
})

export const alwaysThrows: Rule = defineRule({
  id: 'always-throws',
  meta: { family: 'race', level: 'certain', description: 'Fail', fixable: false, hasSuggestions: false },
  check: () => ({
    [ts.SyntaxKind.ExpressionStatement]: () => {
      throw new Error('a mistake in a rule')
    },
  }),
})
