import type { Writable } from 'node:stream'
import type { Rule } from '@forkline/lint'

export type OutputStream = Writable & { readonly isTTY?: boolean }

/** What the command line takes from the process around it, so that it can also run inside another one. */
export interface CliHost {
  /** Absolute; relative arguments start here. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly rules: readonly Rule[]
  /** Told when a program that was run has died by a signal: this process is to end alike, once all is written. */
  readonly raise?: (signal: NodeJS.Signals) => void
}
