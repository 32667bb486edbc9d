import type { Rule, RuleSetting, Severity } from '@forkline/lint'
import { nearest } from './nearest.ts'
import { UsageError } from './usageError.ts'

const PREFIX = 'forkline/'

const SEVERITIES: Readonly<Record<string, Severity>> = {
  off: 'off',
  0: 'off',
  warn: 'warn',
  1: 'warn',
  error: 'error',
  2: 'error',
}

/** The rule's id as results and suppression comments write it. */
export function qualifiedId(ruleId: string): string {
  return PREFIX + ruleId
}

/** The rule's own id, whether written with the plugin's prefix or without. */
export function bareId(ruleId: string): string {
  return ruleId.startsWith(PREFIX) ? ruleId.slice(PREFIX.length) : ruleId
}

/**
 * Reads the values of `--rule`; of two for the same rule the later one holds.
 *
 * @throws {UsageError} When a value has another form, or names no rule or severity.
 */
export function parseRuleSettings(values: readonly string[], rules: readonly Rule[]): Record<string, RuleSetting> {
  const settings: Record<string, RuleSetting> = {}
  for (const value of values) {
    const colon = value.lastIndexOf(':')
    if (colon === -1) {
      throw new UsageError(`Expected --rule id:severity, got '${value}'. Write for example --rule ${value}:error.`)
    }
    const id = knownId(value.slice(0, colon).trim(), rules)
    const severity = SEVERITIES[value.slice(colon + 1).trim()]
    if (severity === undefined) {
      throw new UsageError(`Expected the severity off, warn or error (or 0, 1, 2) in --rule '${value}'.`)
    }
    settings[id] = { severity }
  }
  return settings
}

/**
 * The bare id of a rule that exists.
 *
 * @throws {UsageError} When there is none; names the nearest.
 */
export function knownId(written: string, rules: readonly Rule[]): string {
  const id = bareId(written)
  const ids = rules.map((rule) => rule.id)
  if (ids.includes(id)) return id
  const similar = nearest(id, ids)
  const hint = similar === undefined ? '`forkline rules` lists all.' : `Did you mean '${similar}'?`
  throw new UsageError(`There is no rule '${written}'. ${hint}`)
}
