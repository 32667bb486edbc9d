import type ts from 'typescript'
import type { FileAnalysis } from './analysis/fileAnalysis.ts'
import type { Family, Fix, Level } from './model.ts'

export interface RuleMeta {
  readonly family: Family
  /** The level of a finding on the evidence the rule usually has; a report may raise or lower it. */
  readonly level: Level
  /** One sentence without a full stop, as ESLint's rule pages show it. */
  readonly description: string
  /** Whether some findings carry a fix that may be applied without asking. */
  readonly fixable: boolean
  readonly hasSuggestions: boolean
  /** Left out of every preset and off until somebody names it: what it asks for is a habit of a team rather than a mistake. */
  readonly optIn?: true
}

/** What a rule says about one place. `node` is where the squiggle goes. */
export interface Report {
  readonly node: ts.Node
  readonly message: string
  readonly level?: Level | undefined
  readonly related?: readonly { readonly node: ts.Node; readonly message: string }[]
  readonly fix?: Fix | undefined
  readonly suggestions?: readonly Fix[]
}

/** What a rule sees of the file: the tree, the shared analysis over it, and where to report. */
export interface RuleContext<Options = unknown> {
  readonly sourceFile: ts.SourceFile
  readonly analysis: FileAnalysis
  readonly options: Options
  readonly report: (report: Report) => void
}

/** Called for each node of the kind; all rules share one walk of the file, parents before children. */
export type Listeners = { readonly [Kind in ts.SyntaxKind]?: (node: never) => void }

export interface Rule<Options = unknown> {
  readonly id: string
  readonly meta: RuleMeta
  readonly defaultOptions: Options
  /** JSON schema of the options object, as ESLint reads it. */
  readonly optionsSchema: Readonly<Record<string, unknown>>
  check(context: RuleContext<Options>): Listeners
}

const ID = /^[a-z]+(-[a-z]+)+$/u

/**
 * Declares a rule. The declaration is all that the linter, the ESLint plugin, the command line and
 * the documentation know of it.
 *
 * @throws {TypeError} When the id is not in kebab case.
 */
export function defineRule<Options = Readonly<Record<string, never>>>(
  rule: Omit<Rule<Options>, 'defaultOptions' | 'optionsSchema'>
    & Partial<Pick<Rule<Options>, 'defaultOptions' | 'optionsSchema'>>,
): Rule<Options> {
  if (!ID.test(rule.id)) throw new TypeError(`Expected a rule id in kebab case, got \`${rule.id}\``)
  return {
    defaultOptions: {} as Options,
    optionsSchema: { type: 'object', properties: {}, additionalProperties: false },
    ...rule,
  }
}
