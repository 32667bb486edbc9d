import type { FileStatus, LintedStatus } from '@forkline/server/messages'

/** An edit that takes longer is felt, in milliseconds; the first look at a project may take seconds. */
const BUDGET_MS = 1000

/** What the language status shows. */
export interface StatusText {
  readonly text: string
  readonly detail: string
  readonly warning: boolean
}

/** How a file's status reads; it has not been looked at yet where that is undefined. */
export function statusText(status: FileStatus | undefined): StatusText {
  if (!status) return { text: 'Forkline', detail: 'This file has not been checked yet', warning: false }
  if (status.state === 'quiet') return { text: 'Forkline: not checking', detail: status.reason, warning: false }
  const failure = status.failures[0]
  if (failure) {
    const detail = `The rule ${failure.ruleId} failed at line ${String(failure.line)}: ${failure.message}`
    return { text: 'Forkline: a rule failed', detail, warning: true }
  }
  const problem = status.configProblems[0]
  if (problem !== undefined) return { text: 'Forkline: configuration problem', detail: problem, warning: true }
  const total = status.programMs + status.lintMs
  return {
    text: `Forkline: ${findings(status)}, ${milliseconds(total)}`,
    detail:
      `${milliseconds(status.programMs)} for types, ${milliseconds(status.lintMs)} for rules`
      + (status.counts.suppressed > 0 ? `, ${String(status.counts.suppressed)} suppressed` : ''),
    warning: !status.cold && total > BUDGET_MS,
  }
}

function findings({ counts }: LintedStatus): string {
  const count = counts.certain + counts.likely + counts.possible
  if (count === 0) return 'no findings'
  return count === 1 ? '1 finding' : `${String(count)} findings`
}

function milliseconds(value: number): string {
  return value < 1000 ? `${String(Math.round(value))} ms` : `${(value / 1000).toFixed(1)} s`
}
