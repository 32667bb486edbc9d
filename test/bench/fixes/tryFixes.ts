import path from 'node:path'
import { applyEdits, applyFixes, type Finding, mergeEdits, Workspace } from '@forkline/lint'
import { errorsOf, newErrors } from './errors.ts'
import { type Linted, lintedFile, sourcesOf } from './offers.ts'

/** What was tried in one project, and what became of it. */
export interface Tally {
  files: number
  findings: number
  /** Findings whose fix is applied without asking. */
  fixes: number
  suggestions: number
  broken: number
}

/** Rounds of fixes until one finds nothing more; ESLint stops at this number as well. */
const MAX_PASSES = 10

/** A file with findings, as it is on disk. */
interface Subject extends Linted {
  readonly errors: readonly string[]
}

/**
 * Applies in memory all fixes of a folder at once, and all suggestions. Findings of every level count.
 *
 * @returns The numbers, and a sentence for each change that broke something.
 */
export function tryFixes(root: string): { readonly tally: Tally; readonly problems: readonly string[] } {
  const workspace = new Workspace({ folders: [root] })
  try {
    return new Trial(root, workspace).run()
  } finally {
    workspace.dispose()
  }
}

class Trial {
  readonly #root: string
  readonly #workspace: Workspace
  readonly #problems: string[] = []
  #version = 0

  constructor(root: string, workspace: Workspace) {
    this.#root = root
    this.#workspace = workspace
  }

  run(): { readonly tally: Tally; readonly problems: readonly string[] } {
    const files = sourcesOf(this.#root, this.#workspace)
    const subjects = files.flatMap((file) => this.#subjectOf(file) ?? [])
    const fixes = this.#applyFixes(subjects)
    const suggestions = this.#applySuggestions(subjects)
    const findings = subjects.reduce((sum, subject) => sum + subject.findings.length, 0)
    return {
      tally: { files: files.length, findings, fixes, suggestions, broken: this.#problems.length },
      problems: this.#problems,
    }
  }

  #subjectOf(file: string): Subject | undefined {
    const linted = lintedFile(file, this.#workspace)
    const result = this.#workspace.file(file)
    return linted && linted.findings.length > 0 && result.kind === 'ready'
      ? { ...linted, errors: errorsOf(result) }
      : undefined
  }

  /** All fixes at once, and again until there are none; a fix whose finding stays would be applied for ever. */
  #applyFixes(subjects: readonly Subject[]): number {
    let applied = 0
    let pending = subjects.map(({ file, text, findings }) => ({ file, text, findings }))
    const changed = new Set<string>()
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const fixed = pending
        .map((one) => ({ ...one, ...applyFixes(one.text, one.findings) }))
        .filter((one) => one.applied.length > 0)
      if (fixed.length === 0) break
      for (const one of fixed) {
        if (pass === 0) applied += one.applied.length
        changed.add(one.file)
        this.#show(one.file, one.text)
      }
      pending = fixed.flatMap(({ file }) => {
        const next = this.#subjectOf(file)
        return next ? [next] : []
      })
      if (pass === MAX_PASSES - 1)
        this.#problems.push(`${this.#root}: still something to fix after ${String(MAX_PASSES)} passes`)
    }
    for (const subject of subjects) if (changed.has(subject.file)) this.#compare(subject, 'all fixes')
    this.#restore(subjects.filter(({ file }) => changed.has(file)))
    return applied
  }

  #applySuggestions(subjects: readonly Subject[]): number {
    let tried = 0
    for (let nth = 0; ; nth++) {
      const round = subjects.flatMap((subject) => {
        const findings = subject.findings.filter(({ suggestions }) => suggestions[nth] !== undefined)
        // Those that overlap take turns, so that each is tried.
        const turns = turnsOf(
          subject.text,
          findings.map((finding) => ({ ...finding, fix: finding.suggestions[nth] })),
        )
        return turns.map((turn, index) => ({ subject, turn, index }))
      })
      if (round.length === 0) return tried
      for (let index = 0; round.some((one) => one.index === index); index++)
        tried += this.#tryTogether(round.filter((one) => one.index === index))
    }
  }

  #tryTogether(turns: readonly { readonly subject: Subject; readonly turn: readonly Finding[] }[]): number {
    for (const { subject, turn } of turns) this.#show(subject.file, applyFixes(subject.text, turn).text)
    const broken = turns.filter(({ subject }) => this.#newErrorsIn(subject).length > 0)
    for (const { subject, turn } of turns) this.#requireMended(subject, turn)
    this.#restore(turns.map(({ subject }) => subject))
    for (const { subject, turn } of broken) this.#blame(subject, turn)
    return turns.reduce((sum, { turn }) => sum + turn.length, 0)
  }

  /** Who takes a suggestion wants to hear no more of what it is for. */
  #requireMended(subject: Subject, turn: readonly Finding[]): void {
    const left = lintedFile(subject.file, this.#workspace)?.findings ?? []
    const asked = new Set<string>()
    for (const { ruleId, message, fix } of turn) {
      const countIn = (findings: readonly Finding[]): number =>
        findings.filter((one) => one.ruleId === ruleId && one.message === message).length
      if (asked.has(message) || countIn(left) <= countIn(subject.findings) - countIn(turn)) continue
      asked.add(message)
      const file = path.relative(this.#root, subject.file)
      this.#problems.push(`${file}: ${ruleId}, "${String(fix?.title)}" leaves what it is for: ${message}`)
    }
  }

  /** One by one, to name those that broke something. */
  #blame(subject: Subject, turn: readonly Finding[]): void {
    for (const finding of turn) {
      if (!finding.fix) continue
      this.#show(subject.file, applyEdits(subject.text, finding.fix.edits()))
      this.#compare(subject, `${finding.ruleId}, "${finding.fix.title}"`, finding)
    }
    this.#restore([subject])
  }

  #compare(subject: Subject, what: string, finding?: Finding): void {
    const errors = this.#newErrorsIn(subject)
    if (errors.length === 0) return
    const line = finding ? `:${String(subject.text.slice(0, finding.start).split('\n').length)}` : ''
    this.#problems.push(`${path.relative(this.#root, subject.file)}${line}: ${what} brings ${errors.join('; ')}`)
  }

  #newErrorsIn(subject: Subject): readonly string[] {
    const result = this.#workspace.file(subject.file)
    return result.kind === 'ready' ? newErrors(subject.errors, errorsOf(result)) : [result.reason]
  }

  #show(file: string, text: string): void {
    this.#workspace.openDocument(file, ++this.#version, text)
  }

  #restore(subjects: readonly Subject[]): void {
    for (const { file } of subjects) this.#workspace.closeDocument(file)
  }
}

/** Findings in groups whose changes do not touch one another. */
function turnsOf(text: string, findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const turns: Finding[][] = []
  for (let rest = findings.filter(({ fix }) => fix && mergeEdits(text, fix.edits())); rest.length > 0;) {
    const { applied, remaining } = applyFixes(text, rest)
    turns.push([...applied])
    rest = [...remaining]
  }
  return turns
}
