import { dirname, relative, resolve, sep } from 'node:path'
import type { Rule } from 'eslint'
import { forbidden } from './layers.ts'

type Importing = Parameters<NonNullable<Rule.RuleListener['ImportDeclaration']>>[0]
type Source = Importing['source']

/** ESLint rule: imports between the parts of the repository go one way. The option is the repository's folder. */
export const importDirection: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: { description: 'Enforce the direction of imports between the parts of the repository' },
    schema: [{ type: 'string' }],
    messages: { forbidden: '{{reason}}. ARCHITECTURE.md says which way imports go.' },
  },
  create(context) {
    const root = String(context.options[0] ?? context.cwd)
    const file = toSlashes(relative(root, context.filename))
    const check = (source: Source | null | undefined): void => {
      if (typeof source?.value !== 'string') return
      const reason = forbidden(file, targetOf(source.value, context.filename, root))
      if (reason !== undefined) context.report({ node: source, messageId: 'forbidden', data: { reason } })
    }
    return {
      ImportDeclaration: (node) => {
        check(node.source)
      },
      ExportAllDeclaration: (node) => {
        check(node.source)
      },
      ExportNamedDeclaration: (node) => {
        check(node.source)
      },
      ImportExpression: (node) => {
        if (node.source.type === 'Literal') check(node.source)
      },
    }
  },
}

function targetOf(specifier: string, file: string, root: string): string {
  if (!specifier.startsWith('.')) return specifier
  return `./${toSlashes(relative(root, resolve(dirname(file), specifier)))}`
}

function toSlashes(path: string): string {
  return path.split(sep).join('/')
}
