import type { Rule } from '../../lint/rule.ts'
import type { Output } from './output.ts'

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Record<string, { properties?: Record<string, { enum: string[] }> }> }
  }
}

/** The extension's setting for single rules: which there are, what they say, and how they can be shown. */
export function manifestRules(rules: readonly Rule[]): Output {
  const path = 'package.json'
  return {
    path,
    text(current) {
      const manifest = JSON.parse(current) as Manifest
      const setting = manifest.contributes.configuration.properties['forkline.rules']
      // What a rule can be set to is the same for all; the server's list of it is held against this one by a test.
      const severities = Object.values(setting?.properties ?? {})[0]?.enum
      if (!setting || !severities)
        throw new Error(`Expected \`forkline.rules\` with a rule under contributes.configuration in ${path}`)
      setting.properties = Object.fromEntries(
        rules.map(({ id, meta }) => [
          id,
          { enum: severities, default: meta.optIn ? 'off' : 'default', markdownDescription: meta.description },
        ]),
      )
      return `${JSON.stringify(manifest, null, 2)}\n`
    },
  }
}
