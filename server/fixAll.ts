import { applyFixes, type Finding, type Fix, lint, type Rule, type TextEdit, type Workspace } from '@forkline/lint'
import type { Run } from './linter.ts'
import { lintOptions } from './settings.ts'

/** A fix may uncover another; more rounds than these would be two rules undoing each other. */
const MAX_PASSES = 10

/** The edits of a fix, empty when it is not sound or fails. */
export type EditsOf = (fix: Fix, finding: Finding, text: string) => readonly TextEdit[]

/**
 * Applies every fix that needs no asking, in passes: where two overlap, the later one is computed anew
 * on the text that the earlier one left.
 *
 * The document's text in the workspace is replaced and put back, so that nothing may be awaited here,
 * and programs of before must not be used afterwards.
 *
 * @param only The one rule to fix; all by default.
 * @returns The edit of the whole change, or undefined when there is nothing to fix.
 */
export function fixAll(
  workspace: Workspace,
  path: string,
  run: Run,
  rules: readonly Rule[],
  editsOf: EditsOf,
  only?: string,
): TextEdit | undefined {
  const original = run.sourceFile.text
  let text = original
  let { findings } = run.result
  try {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const wanted = findings.filter(({ ruleId }) => only === undefined || ruleId === only)
      const fixed = applyFixes(
        text,
        wanted.map((finding) => withSafeFix(finding, text, editsOf)),
      )
      if (fixed.applied.length === 0) break
      text = fixed.text
      workspace.changeDocument(path, run.version, text)
      const file = workspace.file(path)
      if (file.kind !== 'ready') break
      findings = lint(file.program, file.sourceFile, lintOptions(run.settings), rules).findings
    }
  } finally {
    workspace.changeDocument(path, run.version, original)
  }
  return text === original ? undefined : smallestEdit(original, text)
}

/** One fix that fails must not keep the others from being applied. */
function withSafeFix(finding: Finding, text: string, editsOf: EditsOf): Finding {
  const { fix } = finding
  return fix ? { ...finding, fix: { title: fix.title, edits: () => editsOf(fix, finding, text) } } : finding
}

/** One edit without what both texts begin and end with, so that cursors and folds elsewhere stay. */
function smallestEdit(before: string, after: string): TextEdit {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return { start: head, end: before.length - tail, text: after.slice(head, after.length - tail) }
}
