import fs from 'node:fs'
import { applyFixes, type Finding, Workspace } from '@forkline/lint'
import { type Outcome, runCommand } from './command.ts'
import { newErrors } from './errors.ts'
import { type Linted, lintedFile, sourcesOf } from './offers.ts'

/** All that was taken of one kind, and how many failures it brought. */
export interface Round {
  taken: number
  files: number
  failures: number
}

interface Kind {
  readonly name: string
  readonly of: (finding: Finding) => Finding['fix']
}

const KINDS: readonly Kind[] = [
  { name: 'fixes', of: ({ fix }) => fix },
  { name: 'first suggestions', of: ({ suggestions }) => suggestions[0] },
  { name: 'second suggestions', of: ({ suggestions }) => suggestions[1] },
]

/**
 * Takes all fixes of a project at once, then all first suggestions in their place, then all second ones, on disk, and runs
 * commands of the project each time: what fails now and did not before is a problem. The files are as they were in the end.
 *
 * @param root A copy of the project, with its packages.
 * @param minutes How long a command may take.
 */
export async function tryCommands(
  root: string,
  commands: readonly string[],
  minutes: number,
): Promise<{ readonly rounds: Readonly<Record<string, Round>>; readonly problems: readonly string[] }> {
  const runAll = async (): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = []
    for (const command of commands) outcomes.push(await runCommand(command, root, minutes))
    return outcomes
  }
  const before = await runAll()
  const files = lintAll(root)
  const rounds: Record<string, Round> = {}
  const problems: string[] = []
  for (const kind of KINDS) {
    const changed = files.flatMap((one) => {
      const findings = one.findings.map((finding) => ({ ...finding, fix: kind.of(finding) }))
      const { text, applied } = applyFixes(one.text, findings)
      return applied.length > 0 ? [{ ...one, changed: text, taken: applied.length }] : []
    })
    const taken = changed.reduce((sum, one) => sum + one.taken, 0)
    const round: Round = { taken, files: changed.length, failures: 0 }
    rounds[kind.name] = round
    if (taken === 0) continue
    for (const one of changed) fs.writeFileSync(one.file, one.changed)
    const after = await runAll()
    for (const one of changed) fs.writeFileSync(one.file, one.text)
    for (const [index, command] of commands.entries()) {
      const failures = failuresSince(before[index], after[index], minutes)
      round.failures += failures.length
      problems.push(...failures.map((failure) => `With all ${kind.name}, \`${command}\` says: ${failure}`))
    }
  }
  return { rounds, problems }
}

function lintAll(root: string): readonly Linted[] {
  const workspace = new Workspace({ folders: [root] })
  try {
    return sourcesOf(root, workspace).flatMap((file) => {
      const linted = lintedFile(file, workspace)
      return linted && linted.findings.length > 0 ? [linted] : []
    })
  } finally {
    workspace.dispose()
  }
}

function failuresSince(before: Outcome | undefined, after: Outcome | undefined, minutes: number): readonly string[] {
  if (!before || !after) return []
  if (after.code === undefined && before.code !== undefined) return [`nothing, for ${String(minutes)} minutes`]
  const failures = newErrors(before.failures, after.failures)
  const isWorse = before.code === 0 && after.code !== 0
  return isWorse && failures.length === 0 ? [`exit code ${String(after.code)}`] : failures
}
