import type { TSESLint } from '@typescript-eslint/utils'
import ts from 'typescript'
import type { PackageRoles } from '../analysis/knowledge/packageRoles.ts'
import { type RawResult, type RuleSetup, runRules } from '../linter/lintFile.ts'

/**
 * The rules that one ESLint pass over a file has switched on, and what they find. ESLint creates all
 * rules of a file before it walks the tree, so the first one to be visited can run them all in the
 * one walk that they share.
 */
export class FileFindings {
  static readonly #ofSourceCode = new WeakMap<object, FileFindings>()

  /** The same object for every rule of the same pass, so that a fix pass starts afresh. */
  static of(sourceCode: Readonly<TSESLint.SourceCode>): FileFindings {
    let findings = this.#ofSourceCode.get(sourceCode)
    if (findings === undefined) {
      findings = new FileFindings()
      this.#ofSourceCode.set(sourceCode, findings)
    }
    return findings
  }

  readonly #setups: RuleSetup[] = []
  #result: RawResult | undefined

  register(setup: RuleSetup): void {
    this.#setups.push(setup)
  }

  /**
   * What the registered rules find; computed by the first call.
   *
   * @throws {Error} When the parser built its tree with a TypeScript whose syntax kinds are not ours.
   */
  run(program: ts.Program, sourceFile: ts.SourceFile, knowledge?: PackageRoles): RawResult {
    if (!ts.isSourceFile(sourceFile)) {
      throw new Error(
        `eslint-plugin-forkline runs on TypeScript ${ts.version}, but @typescript-eslint/parser on another version, `
          + 'whose syntax tree is numbered differently. Install one version for both: `npm ls typescript` shows who asks for which.',
      )
    }
    this.#result ??= runRules(program, sourceFile, this.#setups, knowledge)
    return this.#result
  }
}
