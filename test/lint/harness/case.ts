import type { Level } from '@forkline/lint'

export interface Case<Options = object> {
  /** What the case shows; its code when left out. */
  readonly name?: string
  readonly code: string
  /** Relative to the project; the default is `file.ts`. */
  readonly filename?: string
  readonly options?: Partial<Options>
  /** Other modules of the program by name, such as `{ './api.ts': '…' }`. */
  readonly files?: Readonly<Record<string, string>>
  /** The least sure level to report; the default is `likely`, as in all faces. */
  readonly level?: Level
}

export type ValidCase<Options = object> = string | Case<Options>

export interface ExpectedError {
  readonly message?: string | RegExp
  readonly level?: Level
  /** Counted from one, as are columns; `endColumn` is that after the last character. */
  readonly line?: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
  /** Messages of the related locations, in order. */
  readonly related?: readonly string[]
  /** All suggestions, in order; left out when there are none. */
  readonly suggestions?: readonly { readonly title: string; readonly output: string }[]
}

export interface InvalidCase<Options = object> extends Case<Options> {
  /** All findings, in the order of the file. */
  readonly errors: readonly ExpectedError[]
  /** The text once no fix is left; null, or left out, when nothing is to be fixed. */
  readonly output?: string | null
}
