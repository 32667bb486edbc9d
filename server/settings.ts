import { type Level, LEVELS, type LintOptions, type RuleSetting } from '@forkline/lint'

/** How a rule's findings show; `default` leaves it to each finding's level. */
export const RULE_SEVERITIES = ['off', 'default', 'hint', 'info', 'warning', 'error'] as const
export type RuleSeverity = (typeof RULE_SEVERITIES)[number]

export const RUN_MODES = ['onType', 'onSave'] as const
export type RunMode = (typeof RUN_MODES)[number]

/** The `forkline.*` settings of one folder, checked and complete. */
export interface Settings {
  readonly enable: boolean
  readonly level: Level
  readonly run: RunMode
  /** Whether to report where the ESLint extension runs the same rules. */
  readonly alongsideEslint: boolean
  /** By bare rule id. */
  readonly rules: Readonly<Record<string, RuleSeverity>>
}

export const DEFAULT_SETTINGS: Settings = {
  enable: true,
  level: 'likely',
  run: 'onType',
  alongsideEslint: false,
  rules: {},
}

export interface ReadSettings {
  readonly settings: Settings
  /** One sentence a value that could not be used, saying what is used instead. */
  readonly problems: readonly string[]
}

/**
 * Reads what the editor answered for the section `forkline`. People type it by hand, so that every
 * value may be of any shape: a wrong one is replaced by its default and told of.
 */
export function readSettings(raw: unknown, knownRules: readonly string[]): ReadSettings {
  const problems: string[] = []
  const section = isRecord(raw) ? raw : {}
  const oneOf = <Value>(key: string, allowed: readonly Value[], fallback: Value): Value => {
    const value = section[key] ?? fallback
    const found = allowed.find((candidate) => candidate === value)
    if (found !== undefined) return found
    problems.push(`forkline.${key}: expected ${list(allowed)}, got ${show(value)}; using ${show(fallback)}`)
    return fallback
  }
  const settings: Settings = {
    enable: oneOf('enable', [true, false], DEFAULT_SETTINGS.enable),
    level: oneOf('level', LEVELS, DEFAULT_SETTINGS.level),
    run: oneOf('run', RUN_MODES, DEFAULT_SETTINGS.run),
    alongsideEslint: oneOf('alongsideEslint', [true, false], DEFAULT_SETTINGS.alongsideEslint),
    rules: readRules(section['rules'], knownRules, problems),
  }
  return { settings, problems }
}

function readRules(raw: unknown, knownRules: readonly string[], problems: string[]): Record<string, RuleSeverity> {
  const rules: Record<string, RuleSeverity> = {}
  if (raw === undefined || raw === null) return rules
  if (!isRecord(raw)) {
    problems.push(`forkline.rules: expected an object of rule names and severities, got ${show(raw)}; ignoring it`)
    return rules
  }
  for (const [name, value] of Object.entries(raw)) {
    const id = name.replace(/^forkline\//u, '')
    const severity = RULE_SEVERITIES.find((candidate) => candidate === value)
    if (!knownRules.includes(id)) problems.push(`forkline.rules: there is no rule ${show(name)}; ignoring it`)
    else if (severity) rules[id] = severity
    else problems.push(`forkline.rules: expected ${list(RULE_SEVERITIES)} for ${id}, got ${show(value)}; ignoring it`)
  }
  return rules
}

/** What the linter needs to know of the settings. */
export function lintOptions(settings: Settings): LintOptions {
  const rules: Record<string, RuleSetting> = {}
  for (const [id, severity] of Object.entries(settings.rules)) {
    rules[id] = { severity: severity === 'off' ? 'off' : 'default' }
  }
  return { level: settings.level, rules }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  return JSON.stringify(value)
}

function list(values: readonly unknown[]): string {
  return values.map(show).join(', ')
}
