import { prefixOnDisk } from './encoding.ts'
import { FileLinter, type FileOutcome, type LinterOptions } from './linter.ts'
import type { Progress } from './progress.ts'
import { type FileReport, toReport } from './results.ts'
import type { Target } from './targets.ts'

export interface LintRun {
  /** In the order of the targets. */
  readonly reports: readonly FileReport[]
  /** What was left out, fixed differently or misconfigured; a sentence each. */
  readonly notes: readonly string[]
  /** Rules that failed; the reports lack their findings in some files. */
  readonly crashes: readonly string[]
}

/** A fix may uncover another; more passes than these would be rules undoing each other. ESLint's number. */
const MAX_PASSES = 10

/**
 * Lints the files, and computes fixes until the texts are stable. Writes nothing: a fixed text is in
 * its report's `output`.
 */
export function lintFiles(targets: readonly Target[], options: LinterOptions, progress: Progress): LintRun {
  const linter = new FileLinter(options)
  const byPath = new Map(targets.map((target) => [target.path, target]))
  const order = linter.workspace.plan([...byPath.keys()])
  const outcomes = new Map<string, FileOutcome>()
  for (const [done, path] of order.entries()) {
    progress.update(done, order.length)
    const target = byPath.get(path)
    const outcome = target && linter.lint(target)
    if (outcome) outcomes.set(path, outcome)
  }
  const outputs = options.fix ? fixUntilStable(linter, byPath, outcomes) : new Map<string, string>()
  progress.clear()
  const reports = targets.flatMap(({ path: filePath }) => {
    const outcome = outcomes.get(filePath)
    if (!outcome) return []
    const { messages, suppressedMessages, text } = outcome
    const output = outputs.get(filePath)
    return [toReport({ filePath, messages, suppressedMessages, ...(output !== undefined && { output }) }, text)]
  })
  const notes = [...linter.configNotes(), ...linter.notes]
  linter.workspace.dispose()
  return { reports, notes, crashes: linter.crashes.describe() }
}

/**
 * Fixes all files in step, so that a pass makes each program anew only once. Replaces the outcomes of
 * the files it changes, and gives their texts as they are to be written.
 */
function fixUntilStable(
  linter: FileLinter,
  targets: ReadonlyMap<string, Target>,
  outcomes: Map<string, FileOutcome>,
): Map<string, string> {
  const prefixes = new Map<string, string>()
  const outputs = new Map<string, string>()
  let pending: { readonly target: Target; readonly before: FileOutcome; readonly fixed: string }[] = []
  const enqueue = (target: Target, before: FileOutcome): void => {
    if (before.fixed !== undefined) pending.push({ target, before, fixed: before.fixed })
  }
  for (const [path, outcome] of outcomes) {
    const target = targets.get(path)
    if (!target || outcome.fixed === undefined) continue
    const prefix = prefixOnDisk(path, outcome.text)
    if (prefix === undefined) {
      linter.notes.push(`${path} was not fixed because it is not UTF-8, or changed in the meantime.`)
      continue
    }
    prefixes.set(path, prefix)
    enqueue(target, outcome)
  }
  for (let pass = 1; pass <= MAX_PASSES && pending.length > 0; pass++) {
    const current = pending
    pending = []
    for (const { target, fixed } of current) linter.workspace.changeDocument(target.path, pass, fixed)
    for (const { target, before } of current) {
      const after = linter.lint(target)
      if (!after?.parses) {
        linter.notes.push(`${target.path} keeps a finding unfixed because the fix would leave a syntax error.`)
        linter.workspace.changeDocument(target.path, pass, before.text)
        continue
      }
      outcomes.set(target.path, after)
      outputs.set(target.path, (prefixes.get(target.path) ?? '') + after.text)
      enqueue(target, after)
    }
  }
  return outputs
}
