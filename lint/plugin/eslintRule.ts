import { getParserServices, RuleCreator } from '@typescript-eslint/utils/eslint-utils'
import type { TSESLint } from '@typescript-eslint/utils'
import type { RuleCrash } from '../linter/lintFile.ts'
import { type Finding, type Fix, type Level, LEVELS, reaches } from '../model.ts'
import { presetsOf } from '../presets.ts'
import type { Rule } from '../rule.ts'
import { ISSUES_URL, ruleUrl } from '../urls.ts'
import { FileFindings } from './fileFindings.ts'
import { knowledgeIn } from './sharedSettings.ts'

/** `level` is the least sure level to report; the rest belongs to the rule. */
export interface EslintOptions {
  readonly level: Level
  readonly [option: string]: unknown
}

export interface EslintDocs {
  readonly recommended: boolean
  readonly strict: boolean
}

export type MessageId = 'finding' | 'suggestion' | 'crash'
export type EslintRule = TSESLint.RuleModule<MessageId, readonly [EslintOptions], EslintDocs>

const createRule = RuleCreator<EslintDocs>(ruleUrl)

/**
 * The rule as ESLint runs it: same places, messages, fixes and suggestions. Suppression comments and
 * severities are left to ESLint.
 */
export function toEslintRule(rule: Rule): EslintRule {
  const presets = presetsOf(rule)
  // Who names a rule that no preset has wants to see what it finds, however sure.
  const defaults: EslintOptions = { level: rule.meta.optIn ? 'possible' : 'likely', ...(rule.defaultOptions as object) }
  return createRule<readonly [EslintOptions], MessageId>({
    name: rule.id,
    meta: {
      type: 'problem',
      docs: {
        description: rule.meta.description,
        recommended: presets.includes('recommended'),
        strict: presets.includes('strict'),
      },
      ...(rule.meta.fixable && { fixable: 'code' }),
      hasSuggestions: rule.meta.hasSuggestions,
      schema: [schemaWithLevel(rule)],
      defaultOptions: [defaults],
      messages: {
        finding: '{{message}}',
        suggestion: '{{title}}',
        crash: `The rule stopped here: {{error}}. Please report it at ${ISSUES_URL}`,
      },
    },
    create(context, [{ level, ...options }]) {
      const services = getParserServices(context)
      const findings = FileFindings.of(context.sourceCode)
      findings.register({ rule, options })
      const knowledge = knowledgeIn(context.settings)
      return {
        Program(program) {
          const result = findings.run(services.program, services.esTreeNodeToTSNodeMap.get(program), knowledge)
          for (const finding of result.findings) {
            if (finding.ruleId === rule.id && reaches(finding.level, level)) report(context, finding)
          }
          for (const crash of result.crashes) if (crash.ruleId === rule.id) reportCrash(context, crash)
        },
      }
    },
  })
}

type Context = Readonly<TSESLint.RuleContext<MessageId, readonly [EslintOptions]>>

function report(context: Context, finding: Finding): void {
  const { sourceCode } = context
  context.report({
    loc: { start: sourceCode.getLocFromIndex(finding.start), end: sourceCode.getLocFromIndex(finding.end) },
    messageId: 'finding',
    data: { message: finding.message },
    ...(finding.fix && { fix: toEslintFix(finding.fix) }),
    suggest: finding.suggestions.map((suggestion) => ({
      messageId: 'suggestion',
      data: { title: suggestion.title },
      fix: toEslintFix(suggestion),
    })),
  })
}

function toEslintFix(fix: Fix): TSESLint.ReportFixFunction {
  return (fixer) => fix.edits().map((edit) => fixer.replaceTextRange([edit.start, edit.end], edit.text))
}

function reportCrash(context: Context, { line, error }: RuleCrash): void {
  context.report({
    loc: { line, column: 0 },
    messageId: 'crash',
    data: { error: error instanceof Error ? error.message : String(error) },
  })
}

function schemaWithLevel(rule: Rule): { readonly type: 'object'; readonly [key: string]: unknown } {
  return {
    ...rule.optionsSchema,
    type: 'object',
    properties: {
      level: { enum: LEVELS, description: 'The least sure level to report.' },
      ...(rule.optionsSchema['properties'] as object | undefined),
    },
    additionalProperties: false,
  }
}
