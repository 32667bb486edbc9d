import type { Rule } from './rule.ts'

/** From the narrower to the wider. */
export const PRESETS = ['recommended', 'strict'] as const
export type Preset = (typeof PRESETS)[number]

/**
 * The presets that switch a rule on: `strict` all rules, `recommended` those that are certain or likely by default; one that
 * is to be asked for by name is in none.
 */
export function presetsOf(rule: Rule): readonly Preset[] {
  if (rule.meta.optIn) return []
  return rule.meta.level === 'possible' ? ['strict'] : PRESETS
}
