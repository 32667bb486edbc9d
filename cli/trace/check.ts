import { counted, milliseconds, Trace } from '@forkline/trace'
import { readInto } from './openRun.ts'
import { printable } from './texts.ts'

/** What is wrong with a recording. */
export interface CheckReport {
  /** What it is and how much of it is good, in lines. */
  readonly about: readonly string[]
  /** One sentence each; none when all is well. */
  readonly problems: readonly string[]
}

/**
 * Looks at one recording, whatever it holds.
 *
 * @param file absolute.
 * @throws UsageError when it cannot be read at all.
 */
export function checkRecording(file: string): CheckReport {
  const trace = new Trace()
  readInto(trace, file)
  const [recording] = trace.recordings
  if (recording === undefined) return { about: [], problems: ['It holds no recording.'] }
  const { header, read, damage, nonsense, exitCode, end } = recording
  const about = [
    `Format ${header.version}, process ${String(header.pid)}, run ${header.run}`,
    `Began ${dateText(header.origin)}, last record ${milliseconds(end)} later`,
    `${counted(read.chunks, 'chunk')} with ${counted(read.records, 'record')} of `
      + `${counted(trace.threads.length, 'thread')} can be read`,
  ]
  const problems = [
    ...damage.map(({ kind, offset, length, reason }) =>
      kind === 'cut off'
        ? `It breaks off within a chunk: the last ${counted(length, 'byte')}, from byte ${String(offset)} on, cannot be `
          + 'read; all before is good.'
        : `${counted(length, 'byte')} from byte ${String(offset)} on cannot be read: ${lowerFirst(reason)}. What comes `
          + 'before and behind is good.',
    ),
    ...(exitCode === undefined
      ? [
          'It was not ended in order: the program was killed, or still runs. What was open '
            + 'then is shown as cut off.',
        ]
      : []),
    ...dropProblems(trace),
    // What is missing explains what does not fit; otherwise somebody wrote nonsense.
    ...(nonsense > 0 && damage.length === 0 && trace.dropped.records === 0
      ? [`Records that make no sense were left out: ${String(nonsense)}. Please report it as a fault of the recorder.`]
      : []),
  ]
  return { about, problems }
}

function dropProblems(trace: Trace): string[] {
  return trace.threads.flatMap(({ name, dropped }) =>
    dropped.records + dropped.strings === 0
      ? []
      : [
          `The thread ${printable(name)} recorded faster than could be written: ${counted(dropped.records, 'record')} and `
            + `${counted(dropped.strings, 'string')} were dropped.`,
        ],
  )
}

function dateText(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? 'at an unknown time' : date.toISOString()
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
}
