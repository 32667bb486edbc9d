import type { Linter, Rule } from 'eslint'

/** The plugin, whose key in a configuration is `forkline`. */
declare const plugin: {
  readonly meta: { readonly name: string; readonly version: string }
  readonly rules: Record<string, Rule.RuleModule>
  /** Flat configs; each brings the plugin along, but not the parser or its type information. */
  readonly configs: { readonly recommended: Linter.Config; readonly strict: Linter.Config }
}

export = plugin
