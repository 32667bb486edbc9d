import type { TSESLint } from '@typescript-eslint/utils'
import { type Preset, presetsOf } from '../presets.ts'
import type { Rule } from '../rule.ts'

/**
 * What a preset sets: an error where the code is wrong whatever the input, a warning elsewhere. `strict`
 * also shows the findings that are only worth a look.
 */
export function presetRules(preset: Preset, rules: readonly Rule[]): TSESLint.FlatConfig.Rules {
  const included = rules.filter((rule) => presetsOf(rule).includes(preset))
  return Object.fromEntries(included.map((rule) => [`forkline/${rule.id}`, entryOf(rule, preset)]))
}

function entryOf(rule: Rule, preset: Preset): TSESLint.SharedConfig.RuleEntry {
  const severity = rule.meta.level === 'certain' ? 'error' : 'warn'
  return preset === 'strict' ? [severity, { level: 'possible' }] : severity
}
