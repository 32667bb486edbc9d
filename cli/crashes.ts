import { type Finding, ISSUES_URL, type RuleCrash } from '@forkline/lint'
import type ts from 'typescript'
import { qualifiedId } from './ruleSettings.ts'

/** Gathers the rules that failed; each is told of once, with the first place. */
export class Crashes {
  readonly #first = new Map<string, RuleCrash>()
  readonly #files = new Map<string, Set<string>>()

  get any(): boolean {
    return this.#first.size > 0
  }

  add(crash: RuleCrash): void {
    if (!this.#first.has(crash.ruleId)) this.#first.set(crash.ruleId, crash)
    const files = this.#files.get(crash.ruleId) ?? new Set<string>()
    this.#files.set(crash.ruleId, files.add(crash.filePath))
  }

  /** A fix or suggestion of the finding failed. */
  addFix(finding: Finding, sourceFile: ts.SourceFile, error: unknown): void {
    const { line } = sourceFile.getLineAndCharacterOfPosition(finding.start)
    this.add({ ruleId: finding.ruleId, filePath: sourceFile.fileName, line: line + 1, error })
  }

  /** One message per rule. */
  describe(): readonly string[] {
    return [...this.#first.values()].map(({ ruleId, filePath, line, error }) => {
      const others = (this.#files.get(ruleId)?.size ?? 1) - 1
      const more = others === 0 ? '' : ` (and in ${String(others)} more ${others === 1 ? 'file' : 'files'})`
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
      const what = `The rule ${qualifiedId(ruleId)} failed at ${filePath}:${String(line)}${more}`
      return `${what}; its findings there are missing. Please report it at ${ISSUES_URL}.\n${stack}`
    })
  }
}
