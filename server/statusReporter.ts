import type { ConfigProblem, LintResult, RuleCrash } from '@forkline/lint'
import type { Connection } from 'vscode-languageserver/node'
import { describeError } from './guard.ts'
import type { Quiet, Run } from './linter.ts'
import { type FileStatus, type RuleFailure, STATUS } from './messages.ts'

/** Tells the client how each look at a file went, and the log what went wrong, once. */
export class StatusReporter {
  readonly #connection: Connection
  readonly #told = new Set<string>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  report(uri: string, outcome: Run | Quiet, problems: readonly ConfigProblem[]): void {
    if (outcome.kind === 'quiet') {
      this.#send({ state: 'quiet', uri, reason: outcome.reason })
      return
    }
    const { result, version, programMs, lintMs, cold } = outcome
    for (const crash of result.crashes) this.#tellCrash(crash)
    for (const problem of problems) this.#tellOnce(describeProblem(problem), describeProblem(problem))
    this.#send({
      state: 'linted',
      uri,
      version,
      programMs,
      lintMs,
      cold,
      counts: count(result),
      failures: result.crashes.map(toFailure),
      configProblems: problems.map(describeProblem),
    })
  }

  /** Writes a failure that is a mistake of ours to the log, unless the same one is there already. */
  fail(what: string, error: unknown): void {
    this.#tellOnce(what, `${what} failed: ${describeError(error)}`)
  }

  #tellCrash({ ruleId, filePath, line, error }: RuleCrash): void {
    this.#tellOnce(
      `rule ${ruleId}`,
      `The rule ${ruleId} failed at ${filePath}:${String(line)} and is left out there: ${describeError(error)}`,
    )
  }

  #tellOnce(key: string, message: string): void {
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#connection.console.error(message)
  }

  #send(status: FileStatus): void {
    void this.#connection.sendNotification(STATUS, status)
  }
}

function count({ findings, suppressed }: LintResult) {
  const of = (level: string) => findings.filter((finding) => finding.level === level).length
  return { certain: of('certain'), likely: of('likely'), possible: of('possible'), suppressed: suppressed.length }
}

function toFailure({ ruleId, filePath, line, error }: RuleCrash): RuleFailure {
  return { ruleId, filePath, line, message: error instanceof Error ? error.message : String(error) }
}

function describeProblem({ path, line, message }: ConfigProblem): string {
  return `${path}:${String(line)}: ${message}`
}
