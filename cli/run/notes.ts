import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROBLEM_NOTE, RECORDING_NOTE } from '@forkline/runtime/register-config'

/** What the processes of a run said of their recordings. */
export interface Notes {
  /** The files that were written. */
  readonly recordings: readonly string[]
  readonly problems: readonly string[]
}

/** A folder in which the processes of a run say how recording went. Gone when the run is over. */
export class NotesFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'forkline-run-'))

  /** Reads what is there, and removes the folder. */
  take(): Notes {
    const linesOf = (ending: string): string[] =>
      readdirSync(this.path)
        .filter((name) => name.endsWith(ending))
        .sort()
        .flatMap((name) =>
          readFileSync(join(this.path, name), 'utf8')
            .split('\n')
            .filter((line) => line !== ''),
        )
    try {
      return { recordings: linesOf(RECORDING_NOTE), problems: [...new Set(linesOf(PROBLEM_NOTE))] }
    } finally {
      rmSync(this.path, { recursive: true, force: true })
    }
  }
}
