import type { TSESLint } from '@typescript-eslint/utils'
import { type Preset, PRESETS } from '../presets.ts'
import { rules as allRules } from '../rules/index.ts'
import packageJson from './package.json' with { type: 'json' }
import { type EslintRule, toEslintRule } from './eslintRule.ts'
import { presetRules } from './presetRules.ts'

export interface ForklinePlugin {
  readonly meta: { readonly name: string; readonly version: string }
  readonly rules: Readonly<Record<string, EslintRule>>
  /** Flat configs; each brings the plugin along, but not the parser or its type information. */
  readonly configs: Readonly<Record<Preset, TSESLint.FlatConfig.Config>>
}

const configs = {} as Record<Preset, TSESLint.FlatConfig.Config>
/** The plugin, whose key in a configuration is `forkline`. */
export const plugin: ForklinePlugin = {
  meta: { name: packageJson.name, version: packageJson.version },
  rules: Object.fromEntries(allRules.map((rule) => [rule.id, toEslintRule(rule)])),
  configs,
}
// ESLint takes two plugins of one name in a configuration only when they are the same object.
const plugins = { forkline: plugin as TSESLint.FlatConfig.Plugin }
for (const preset of PRESETS) {
  configs[preset] = { name: `forkline/${preset}`, plugins, rules: presetRules(preset, allRules) }
}

export default plugin
