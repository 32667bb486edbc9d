import type { Rule } from '@forkline/lint'
import type { FileReport } from '../results.ts'
import { github } from './github.ts'
import { json } from './json.ts'
import { sarif } from './sarif.ts'
import { stylish } from './stylish.ts'

export interface FormatContext {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly color: boolean
  readonly rules: readonly Rule[]
  /** What kept the run from being complete, a message each. */
  readonly crashes: readonly string[]
}

/** Writes reports for a kind of reader; the text ends with a line break unless it is empty. */
export type Format = (reports: readonly FileReport[], context: FormatContext) => string

export const FORMATS = { stylish, json, sarif, github } as const satisfies Record<string, Format>
export type FormatName = keyof typeof FORMATS
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]
