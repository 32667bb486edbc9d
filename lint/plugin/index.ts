import type { TSESLint } from '@typescript-eslint/utils'
import { rules as allRules } from '../rules/index.ts'
import packageJson from './package.json' with { type: 'json' }
import { type EslintRule, toEslintRule } from './eslintRule.ts'
import { type Preset, presetRules, PRESETS } from './presets.ts'

export interface ForklinePlugin {
  readonly meta: { readonly name: string; readonly version: string }
  readonly rules: Readonly<Record<string, EslintRule>>
  /** Flat configs; each brings the plugin along, but not the parser or its type information. */
  readonly configs: Readonly<Record<Preset, TSESLint.FlatConfig.Config>>
}

const rules = Object.fromEntries(allRules.map((rule) => [rule.id, toEslintRule(rule)]))
const configs = {} as Record<Preset, TSESLint.FlatConfig.Config>
const plugin: ForklinePlugin = {
  meta: { name: packageJson.name, version: packageJson.version },
  rules,
  configs,
}
for (const preset of PRESETS) {
  configs[preset] = {
    name: `forkline/${preset}`,
    plugins: { forkline: { meta: plugin.meta, rules } },
    rules: presetRules(preset, allRules),
  }
}

export default plugin
