import type ts from 'typescript'
import { directivesOf, ruleSettings, type Directive } from './directives.ts'
import type { RuleSetting, Severity } from './linter.ts'
import type { DirectiveProblem } from './suppressions.ts'

const PREFIX = 'forkline/'
const SEVERITIES = new Map<unknown, Severity>([
  [0, 'off'],
  ['off', 'off'],
  [1, 'warn'],
  ['warn', 'warn'],
  [2, 'error'],
  ['error', 'error'],
])

export interface InlineConfig {
  /** By bare rule id. `options` is absent where the comment gives only a severity. */
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly problems: readonly DirectiveProblem[]
}

/**
 * Reads `eslint forkline/some-rule: "off"` comments. They hold for the whole file; other plugins' rules
 * are passed over.
 */
export function inlineConfigOf(sourceFile: ts.SourceFile, ruleIds: readonly string[]): InlineConfig {
  const rules: Record<string, RuleSetting> = {}
  const problems: DirectiveProblem[] = []
  for (const directive of directivesOf(sourceFile)) {
    if (directive.label !== 'eslint') continue
    const parsed = ruleSettings(directive)
    if ('error' in parsed) {
      if (directive.value.includes(PREFIX)) problems.push(problem(directive, parsed.error))
      continue
    }
    for (const [name, value] of Object.entries(parsed.rules)) {
      if (!name.startsWith(PREFIX)) continue
      const id = name.slice(PREFIX.length)
      const setting = toSetting(value)
      if (!ruleIds.includes(id)) problems.push(problem(directive, unknownRule(name)))
      else if (setting === undefined) problems.push(problem(directive, invalidSeverity(name, value)))
      else if (Object.hasOwn(rules, id)) problems.push(problem(directive, `"${name}" is already configured above.`))
      else rules[id] = setting
    }
  }
  return { rules, problems }
}

/** What is said of a name that begins like one of our rules, but is none. */
export function unknownRule(name: string): string {
  return `Definition for rule '${name}' not found. Check its spelling with \`forkline rules\`.`
}

function invalidSeverity(name: string, value: unknown): string {
  return `Expected the severity of "${name}" to be "off", "warn" or "error", got \`${JSON.stringify(value)}\`.`
}

function toSetting(value: unknown): RuleSetting | undefined {
  const [first, options] = (Array.isArray(value) ? value : [value]) as unknown[]
  const severity = SEVERITIES.get(first)
  if (severity === undefined) return undefined
  return options === undefined ? { severity } : { severity, options }
}

function problem({ start, end }: Directive, message: string): DirectiveProblem {
  return { message, start, end }
}
