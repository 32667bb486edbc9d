import { counted, milliseconds, type ScopeSummary, type Summary } from '@forkline/trace'
import pico from 'picocolors'
import { columns, placeText, printable } from './texts.ts'
import { workerLines } from './workersText.ts'

type Colors = ReturnType<typeof pico.createColors>

/** So many constructs are listed, those with the most tasks first. */
const MOST_CONSTRUCTS = 30

/** So many sorts of what was still open are listed. */
const MOST_OPEN = 8

/** So many processes are listed. */
const MOST_PROCESSES = 20

export interface TextOptions {
  readonly cwd: string
  readonly color: boolean
}

/** A summary for people at a terminal. */
export function summaryText(summary: Summary, { cwd, color }: TextOptions): string {
  const colors = pico.createColors(color)
  return [
    ...heading(summary, colors),
    '',
    ...taskLines(summary, colors),
    ...scopeLines(summary.scopes, cwd, colors),
    ...workerLines(summary.scopes, cwd, colors),
    ...findingLines(summary, cwd, colors),
    '',
  ].join('\n')
}

function heading({ process, recordings, durationMs }: Summary, colors: Colors): string[] {
  const command = process.command.map((word) => printable(word)).join(' ')
  const lines = [colors.bold(command === '' ? `Process ${String(process.pid)}` : command)]
  const node = process.node === '' ? '' : `Node ${printable(process.node)}, `
  lines.push(`${node}${milliseconds(durationMs)}, ${ending(process.exitCode)}`)
  if (recordings.length > 1) {
    lines.push('', `${counted(recordings.length, 'process', 'processes')}:`)
    const rows = recordings
      .slice(0, MOST_PROCESSES)
      .map((one) => [
        '',
        String(one.pid),
        `${milliseconds(one.startMs)} to ${milliseconds(one.endMs)}`,
        ending(one.exitCode),
        printable(one.command.slice(1).join(' ')),
      ])
    lines.push(...columns(rows, new Set([1])))
    if (recordings.length > MOST_PROCESSES) lines.push(`  and ${String(recordings.length - MOST_PROCESSES)} more`)
  }
  return lines
}

function ending(exitCode: number | null): string {
  return exitCode === null ? 'cut off: killed, or still running' : `exit code ${String(exitCode)}`
}

function taskLines({ tasks, dropped, recordings, alive }: Summary, colors: Colors): string[] {
  const parts = [
    `${whole(tasks.ok)} ok`,
    tasks.failed > 0 ? colors.red(`${whole(tasks.failed)} failed`) : '',
    tasks.cancelled > 0 ? colors.yellow(`${whole(tasks.cancelled)} cancelled`) : '',
    tasks.leaked > 0 ? colors.magenta(`${whole(tasks.leaked)} leaked`) : '',
    tasks.cutOff > 0 ? `${whole(tasks.cutOff)} cut off` : '',
  ].filter((part) => part !== '')
  const total = `${whole(tasks.total)} ${tasks.total === 1 ? 'task' : 'tasks'}`
  const lines = [tasks.total === 0 ? total : `${total}: ${parts.join(', ')}`]
  if (alive.length > 0) {
    const open = alive.slice(0, MOST_OPEN).map(({ what, count }) => `${whole(count)} ${printable(what, 60)}`)
    lines.push(`Still open when the program was ended: ${open.join(', ')}${alive.length > MOST_OPEN ? ', …' : ''}`)
  }
  if (dropped > 0) lines.push(colors.yellow(`${whole(dropped)} records were dropped: the counts are too low.`))
  if (recordings.some(({ damage }) => damage > 0)) {
    lines.push(colors.yellow('Parts of the recording could not be read: `forkline trace check` says which.'))
  }
  return lines
}

interface Construct {
  readonly first: ScopeSummary
  scopes: number
  tasks: number
  peakActive: number
  peakQueued: number
  /** The longest of each. */
  p50: number | null
  p95: number | null
  max: number | null
}

function scopeLines(scopes: readonly ScopeSummary[], cwd: string, colors: Colors): string[] {
  const all = constructs(scopes).sort((one, other) => other.tasks - one.tasks)
  if (all.length === 0) return []
  const shown = all.slice(0, MOST_CONSTRUCTS)
  const rows = shown.map(({ first, scopes: runs, tasks, peakActive, peakQueued, p50, p95, max }) => [
    first.kind,
    first.name === null ? '' : printable(first.name, 40),
    whole(runs),
    whole(tasks),
    `${whole(peakActive)}${first.limit === null ? '' : ` of ${whole(first.limit)}`}`,
    whole(peakQueued),
    shortTime(p50),
    shortTime(p95),
    shortTime(max),
    first.location === null ? '' : placeText(first.location, cwd),
  ])
  const head = ['SCOPE', 'NAME', 'RUNS', 'TASKS', 'PEAK', 'QUEUED', 'P50', 'P95', 'MAX', 'WHERE']
  const [title = '', ...lines] = columns([head, ...rows], new Set([2, 3, 4, 5, 6, 7, 8]))
  const rest = all.length - shown.length
  return ['', colors.dim(title), ...lines, ...(rest > 0 ? [`and ${whole(rest)} more; --format json lists all`] : [])]
}

/** Of scopes with the same place and name only one line is shown. */
function constructs(scopes: readonly ScopeSummary[]): Construct[] {
  const byKey = new Map<string, Construct>()
  for (const scope of scopes) {
    const { kind, name, location, limit } = scope
    const key = JSON.stringify([kind, name, location, limit])
    const known = byKey.get(key)
    if (known === undefined) {
      const { tasks, peakActive, peakQueued, p50Ms: p50, p95Ms: p95, maxMs: max } = scope
      byKey.set(key, { first: scope, scopes: 1, tasks, peakActive, peakQueued, p50, p95, max })
      continue
    }
    known.scopes++
    known.tasks += scope.tasks
    known.peakActive = Math.max(known.peakActive, scope.peakActive)
    known.peakQueued = Math.max(known.peakQueued, scope.peakQueued)
    known.p50 = longer(known.p50, scope.p50Ms)
    known.p95 = longer(known.p95, scope.p95Ms)
    known.max = longer(known.max, scope.maxMs)
  }
  return Array.from(byKey.values())
}

function longer(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}

function findingLines({ findings, dropped, recordings }: Summary, cwd: string, colors: Colors): string[] {
  if (findings.length === 0) {
    // What would have been worth a word may be in what is missing.
    const isWhole = dropped === 0 && recordings.every(({ damage, cutOff }) => damage === 0 && !cutOff)
    return ['', isWhole ? colors.green('Nothing to complain about.') : 'Nothing to complain about in what is there.']
  }
  return [
    '',
    colors.bold(counted(findings.length, 'finding')),
    ...findings.flatMap(({ kind, message, location }) => [
      `  ${colors.yellow(kind)}  ${printable(message, 500)}`,
      ...(location === null ? [] : [`    ${colors.dim(`↳ ${placeText(location, cwd)}`)}`]),
    ]),
  ]
}

function shortTime(ms: number | null): string {
  return ms === null ? '' : milliseconds(ms)
}

function whole(count: number): string {
  return count.toLocaleString('en')
}
