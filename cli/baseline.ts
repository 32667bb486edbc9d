import fs from 'node:fs'
import path from 'node:path'
import { type FileReport, type Message, withMessages } from './results.ts'
import { UsageError } from './usageError.ts'

/** ESLint's file of tolerated errors: by path relative to the working folder, then by rule, how many. */
export type Suppressions = Record<string, Record<string, { count: number }>>

export const DEFAULT_LOCATION = 'eslint-suppressions.json'

const OURS = 'forkline/'

/**
 * Reads the suppressions file; a missing one is empty.
 *
 * @throws {UsageError} When it cannot be read, or is not such a file.
 */
export function readSuppressions(file: string): Suppressions {
  let content: unknown
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new UsageError(`Failed to parse suppressions file at ${file}: ${(error as Error).message}`)
  }
  if (!isSuppressions(content)) {
    throw new UsageError(
      `Failed to parse suppressions file at ${file}: expected { "file": { "rule": { "count": 1 } } }. `
        + 'Delete the file and create it anew with `--suppress-all`.',
    )
  }
  return content
}

/** Writes it in the order and layout that ESLint writes, so that neither tool undoes the other's. */
export function writeSuppressions(file: string, suppressions: Suppressions): void {
  const inOrder = Object.fromEntries(
    sortedEntries(suppressions).map(([name, rules]) => [name, Object.fromEntries(sortedEntries(rules))]),
  )
  fs.writeFileSync(file, JSON.stringify(inOrder, null, 2))
}

/** Takes all errors of the reports into the suppressions, or those of some rules (ids with prefix). */
export function suppress(
  suppressions: Suppressions,
  reports: readonly FileReport[],
  cwd: string,
  rules: readonly string[] | undefined,
): Suppressions {
  const result = structuredClone(suppressions)
  for (const report of reports) {
    for (const [ruleId, count] of errorCounts(report.messages)) {
      if (rules && !rules.includes(ruleId)) continue
      const entry = (result[keyOf(report.filePath, cwd)] ??= {})
      entry[ruleId] = { count }
    }
  }
  return result
}

export interface Applied {
  readonly reports: readonly FileReport[]
  /** How many of our tolerated errors do not occur any more. */
  readonly unused: Suppressions
}

/**
 * Silences a rule's errors in a file as long as there are no more of them than the suppressions
 * tolerate. Entries of other plugins are passed over.
 */
export function applySuppressions(suppressions: Suppressions, reports: readonly FileReport[], cwd: string): Applied {
  const unused: Suppressions = {}
  const applied = reports.map((report) => {
    const key = keyOf(report.filePath, cwd)
    const counts = errorCounts(report.messages)
    const silenced = new Set<string>()
    for (const [ruleId, { count }] of ourEntries(suppressions[key])) {
      const found = counts.get(ruleId) ?? 0
      if (found > 0 && found <= count) silenced.add(ruleId)
      if (found < count) (unused[key] ??= {})[ruleId] = { count: count - found }
    }
    return silenced.size === 0 ? report : silence(report, silenced)
  })
  return { reports: applied, unused }
}

/** Lowers our entries to what still occurs, and drops those of files that are gone. */
export function prune(suppressions: Suppressions, reports: readonly FileReport[], cwd: string): Suppressions {
  const { unused } = applySuppressions(suppressions, reports, cwd)
  const entries = Object.entries(suppressions).map(([file, rules]) => {
    const isGone = !fs.existsSync(path.resolve(cwd, file))
    const kept = Object.entries(rules).flatMap(([ruleId, { count }]) => {
      if (!ruleId.startsWith(OURS)) return [[ruleId, { count }] as const]
      const left = isGone ? 0 : count - (unused[file]?.[ruleId]?.count ?? 0)
      return left > 0 ? [[ruleId, { count: left }] as const] : []
    })
    return [file, Object.fromEntries(kept)] as const
  })
  return Object.fromEntries(entries.filter(([, rules]) => Object.keys(rules).length > 0))
}

function silence(report: FileReport, rules: ReadonlySet<string>): FileReport {
  const isSilenced = (message: Message): boolean => message.ruleId !== null && rules.has(message.ruleId)
  const silenced = report.messages
    .filter(isSilenced)
    .map((message): Message => ({ ...message, suppressions: [{ kind: 'file', justification: '' }] }))
  const kept = report.messages.filter((message) => !isSilenced(message))
  return withMessages(report, kept, [...report.suppressedMessages, ...silenced])
}

/** Warnings do not count: they fail no run, and ESLint does not count them either. */
function errorCounts(messages: readonly Message[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { ruleId, severity } of messages) {
    if (severity === 2 && ruleId !== null) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1)
  }
  return counts
}

function ourEntries(rules: Suppressions[string] | undefined): [string, { count: number }][] {
  return Object.entries(rules ?? {}).filter(([ruleId]) => ruleId.startsWith(OURS))
}

function keyOf(filePath: string, cwd: string): string {
  return path.relative(cwd, filePath).replaceAll(path.sep, '/')
}

function sortedEntries<Value>(object: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))
}

function isSuppressions(content: unknown): content is Suppressions {
  return (
    isRecord(content)
    && Object.values(content).every(
      (rules) =>
        isRecord(rules) && Object.values(rules).every((rule) => isRecord(rule) && Number.isInteger(rule['count'])),
    )
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
