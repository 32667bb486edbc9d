import { type Finding, lint, type Rule } from '@forkline/lint'
import type ts from 'typescript'
import { applyPatch, type Patch, type Shown, type Subject, toPatch } from './face.ts'
import { absolute, programOf } from './virtualProject.ts'

export interface OwnResult {
  readonly findings: readonly Finding[]
  readonly shown: readonly Shown[]
}

/** Lints a case as the server and the command line do. */
export function lintWithOwnFace(rule: Rule, subject: Subject): OwnResult {
  const { code, filename, files, level, options } = subject
  const program = programOf({ ...files, [filename]: code })
  const sourceFile = program.getSourceFile(absolute(filename))
  if (sourceFile === undefined) throw new Error(`TypeScript does not read ${filename}: is it a .ts or .js file?`)
  const result = lint(program, sourceFile, { level, rules: { [rule.id]: { severity: 'default', options } } }, [rule])
  for (const crash of result.crashes) throw crash.error
  return { findings: result.findings, shown: result.findings.map((finding) => show(finding, sourceFile)) }
}

function show(finding: Finding, sourceFile: ts.SourceFile): Shown {
  const start = sourceFile.getLineAndCharacterOfPosition(finding.start)
  const end = sourceFile.getLineAndCharacterOfPosition(finding.end)
  const suggestions = finding.suggestions.flatMap((suggestion) => {
    const patch = toPatch(suggestion, sourceFile.text)
    return patch === null ? [] : [{ title: suggestion.title, output: applyPatch(sourceFile.text, patch) }]
  })
  return {
    message: finding.message,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    fix: finding.fix === undefined ? null : toPatch(finding.fix, sourceFile.text),
    suggestions,
  }
}

const MAX_PASSES = 10

/**
 * The text once no fix is left, applying in each pass those that do not touch one another.
 *
 * @throws {Error} When fixes still apply after ten passes, as when two undo each other.
 */
export function fixWithOwnFace(rule: Rule, subject: Subject): string {
  let { code } = subject
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const patches = lintWithOwnFace(rule, { ...subject, code }).shown.flatMap(({ fix }) => fix ?? [])
    if (patches.length === 0) return code
    code = applyAll(code, patches)
  }
  throw new Error(`Fixes of ${rule.id} still apply after ${String(MAX_PASSES)} passes; the last text was:\n${code}`)
}

function applyAll(code: string, patches: readonly Patch[]): string {
  const ordered = [...patches].sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])
  let position = Number.NEGATIVE_INFINITY
  const kept = ordered.filter(({ range }) => {
    if (range[0] <= position) return false
    position = range[1]
    return true
  })
  return kept.reduceRight(applyPatch, code)
}
