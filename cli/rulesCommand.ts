import { type Family, type Level, type Preset, presetsOf, type Rule, ruleUrl } from '@forkline/lint'
import { Command, Option } from 'commander'
import type { CliHost } from './host.ts'
import { writeFully } from './output.ts'

/** One entry of `forkline rules --format json`. */
export interface RuleListing {
  readonly id: string
  readonly family: Family
  readonly level: Level
  readonly description: string
  readonly fixable: boolean
  readonly hasSuggestions: boolean
  readonly url: string
  readonly presets: readonly Preset[]
}

export function rulesCommand(host: CliHost): Command {
  return new Command('rules')
    .description('List all rules.')
    .addOption(new Option('--format <name>', 'how to print them').choices(['json', 'table']).default('table'))
    .action(async ({ format }: { readonly format: 'json' | 'table' }) => {
      const listings = host.rules.map(toListing)
      await writeFully(host.stdout, format === 'json' ? `${JSON.stringify(listings, null, 2)}\n` : table(listings))
    })
}

function toListing({ id, meta, ...rest }: Rule): RuleListing {
  return {
    id,
    family: meta.family,
    level: meta.level,
    description: meta.description,
    fixable: meta.fixable,
    hasSuggestions: meta.hasSuggestions,
    url: ruleUrl(id),
    presets: presetsOf({ id, meta, ...rest }),
  }
}

function table(listings: readonly RuleListing[]): string {
  const rows = listings.map((rule) => [
    rule.id,
    rule.family,
    rule.level,
    rule.fixable ? 'fix' : rule.hasSuggestions ? 'suggestions' : '',
    rule.description,
  ])
  const all = [['RULE', 'FAMILY', 'LEVEL', 'MENDS', 'DESCRIPTION'], ...rows]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  return all
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
