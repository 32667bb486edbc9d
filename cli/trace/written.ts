import type { Trace } from '@forkline/trace'

/** What is said once something was made of a run: where it lies, and whether parts of the run are missing in it. */
export function writtenText(target: string, { recordings, dropped }: Trace): string {
  const lines = [`forkline: wrote ${target}`]
  if (recordings.some(({ damage }) => damage.length > 0)) {
    lines.push(
      'forkline: parts of the recording could not be read, and are missing there: `forkline trace check` says which.',
    )
  }
  if (dropped.records > 0) {
    lines.push(
      `forkline: ${String(dropped.records)} records were dropped while it was recorded, and are missing there.`,
    )
  }
  return `${lines.join('\n')}\n`
}
