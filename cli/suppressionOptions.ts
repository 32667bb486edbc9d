import fs from 'node:fs'
import path from 'node:path'
import type { Rule } from '@forkline/lint'
import {
  applySuppressions,
  DEFAULT_LOCATION,
  prune,
  readSuppressions,
  suppress,
  writeSuppressions,
} from './baseline.ts'
import type { FileReport } from './results.ts'
import { knownId, qualifiedId } from './ruleSettings.ts'
import { UsageError } from './usageError.ts'

/** The options about the suppressions file, under ESLint's names. */
export interface SuppressionOptions {
  readonly suppressAll?: true
  readonly suppressRule?: readonly string[]
  readonly pruneSuppressions?: true
  readonly passOnUnprunedSuppressions?: true
  readonly suppressionsLocation?: string
}

/**
 * Checks the options before anything is linted.
 *
 * @throws {UsageError} When they exclude each other, or name no rule or no file.
 */
export function checkSuppressionOptions(options: SuppressionOptions, cwd: string, rules: readonly Rule[]): void {
  const { suppressAll, suppressRule, pruneSuppressions } = options
  if (suppressAll && suppressRule) throw exclusive('suppress-all', 'suppress-rule')
  if (suppressAll && pruneSuppressions) throw exclusive('suppress-all', 'prune-suppressions')
  if (suppressRule && pruneSuppressions) throw exclusive('suppress-rule', 'prune-suppressions')
  suppressRule?.forEach((id) => knownId(id, rules))
  if (options.suppressionsLocation === undefined) return
  const stats = fs.statSync(location(options, cwd), { throwIfNoEntry: false })
  if (stats?.isDirectory()) {
    throw new UsageError(
      `Expected a file as --suppressions-location, got the folder '${options.suppressionsLocation}'.`,
    )
  }
  if (!stats && !suppressAll && !suppressRule) {
    throw new UsageError(
      'The suppressions file does not exist. Please run the command with `--suppress-all` or '
        + '`--suppress-rule` to create it.',
    )
  }
}

/**
 * Updates the suppressions file where that was asked for, and silences what it tolerates.
 *
 * @throws {UsageError} When the file cannot be understood.
 */
export function suppressInReports(
  reports: readonly FileReport[],
  options: SuppressionOptions,
  cwd: string,
  rules: readonly Rule[],
): { readonly reports: readonly FileReport[]; readonly hasUnused: boolean } {
  const file = location(options, cwd)
  const before = readSuppressions(file)
  let suppressions = before
  if (options.suppressAll || options.suppressRule) {
    const ids = options.suppressRule?.map((id) => qualifiedId(knownId(id, rules)))
    suppressions = suppress(suppressions, reports, cwd, ids)
  }
  if (options.pruneSuppressions) suppressions = prune(suppressions, reports, cwd)
  if (suppressions !== before) writeSuppressions(file, suppressions)
  const applied = applySuppressions(suppressions, reports, cwd)
  return { reports: applied.reports, hasUnused: Object.keys(applied.unused).length > 0 }
}

function location({ suppressionsLocation }: SuppressionOptions, cwd: string): string {
  return path.resolve(cwd, suppressionsLocation ?? DEFAULT_LOCATION)
}

function exclusive(a: string, b: string): UsageError {
  return new UsageError(`The --${a} option and the --${b} option cannot be used together.`)
}
