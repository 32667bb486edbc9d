import type { TSESLint } from '@typescript-eslint/utils'
import type { Rule } from '../rule.ts'

export const PRESETS = ['recommended', 'strict'] as const
export type Preset = (typeof PRESETS)[number]

/** The presets that switch a rule on. `strict` adds the rules whose findings are worth a look, no more. */
export function presetsOf(rule: Rule): readonly Preset[] {
  return rule.meta.level === 'possible' ? ['strict'] : PRESETS
}

/** What a preset sets: an error where the code is wrong whatever the input, a warning elsewhere. */
export function presetRules(preset: Preset, rules: readonly Rule[]): TSESLint.FlatConfig.Rules {
  const included = rules.filter((rule) => presetsOf(rule).includes(preset))
  return Object.fromEntries(included.map((rule) => [`forkline/${rule.id}`, entry(rule, preset)]))
}

function entry(rule: Rule, preset: Preset): TSESLint.SharedConfig.RuleEntry {
  const severity = rule.meta.level === 'certain' ? 'error' : 'warn'
  return preset === 'strict' ? [severity, { level: 'possible' }] : severity
}
