/** What the engine tells its faces: findings, their levels, and the edits that mend them. */

export const FAMILIES = ['fan-out', 'bounds', 'race', 'cancellation'] as const
export type Family = (typeof FAMILIES)[number]

/** From surest to least sure; see docs/levels.md for what each promises. */
export const LEVELS = ['certain', 'likely', 'possible'] as const
export type Level = (typeof LEVELS)[number]

/** Whether `level` is at least as sure as `threshold`. */
export function reaches(level: Level, threshold: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(threshold)
}

/** Replaces the characters from `start` up to, but not including, `end` (UTF-16 offsets into the file's text). */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * A change that mends a finding. The edits are computed on demand, because most findings
 * are shown without anyone asking for their fix; all lie in the finding's own file.
 */
export interface Fix {
  /** What the menu says, as an imperative: "Await the calls with `Promise.all`". */
  readonly title: string
  /** Edits that do not overlap, in any order; empty when on a closer look the change is not sound. */
  edits(): readonly TextEdit[]
}

/** A second place that explains the finding. */
export interface RelatedLocation {
  readonly filePath: string
  readonly start: number
  readonly end: number
  /** One-based, as the other tools of this field print them; kept because the other file may not be at hand. */
  readonly line: number
  readonly column: number
  readonly message: string
}

export interface Finding {
  /** The rule's bare id, such as `no-async-foreach`; faces write it as `forkline/no-async-foreach`. */
  readonly ruleId: string
  readonly family: Family
  readonly level: Level
  readonly message: string
  readonly start: number
  readonly end: number
  readonly related: readonly RelatedLocation[]
  /** Changes nothing beyond the defect, so that it may be applied without asking. */
  readonly fix: Fix | undefined
  /** Right in most cases, but for a person to decide; the preferred one first. */
  readonly suggestions: readonly Fix[]
}
