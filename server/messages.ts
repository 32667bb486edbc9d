/**
 * What the client and the server say to each other beyond the Language Server Protocol.
 * Imports nothing, so that each side can bundle it.
 */

/** Server to client, after each look at an open file; its parameters are a {@link FileStatus}. */
export const STATUS = 'forkline/status'

/** Client to server, when it changes; its parameters are an {@link Environment}. */
export const ENVIRONMENT = 'forkline/environment'

/** What only the editor knows. Also sent as `initializationOptions`. */
export interface Environment {
  /** Whether the ESLint extension is enabled, and so may run the rules already. */
  readonly eslintExtension: boolean
}

/** A rule that threw while it looked at a file. */
export interface RuleFailure {
  readonly ruleId: string
  readonly filePath: string
  /** One-based. */
  readonly line: number
  readonly message: string
}

/** How a look at a file ended. */
export type FileStatus = LintedStatus | QuietStatus

export interface LintedStatus {
  readonly state: 'linted'
  readonly uri: string
  readonly version: number
  /** Milliseconds it took to bring the project up to date. */
  readonly programMs: number
  /** Milliseconds it took to run the rules. */
  readonly lintMs: number
  /** Whether the project had to be loaded first, which takes far longer than an edit. */
  readonly cold: boolean
  readonly counts: {
    readonly certain: number
    readonly likely: number
    readonly possible: number
    readonly suppressed: number
  }
  readonly failures: readonly RuleFailure[]
  /** What is wrong with the project's configuration, such as a broken tsconfig.json. */
  readonly configProblems: readonly string[]
}

export interface QuietStatus {
  readonly state: 'quiet'
  readonly uri: string
  /** Why the file is not looked at, as a sentence for people. */
  readonly reason: string
}
