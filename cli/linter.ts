import path from 'node:path'
import {
  applyFixes,
  type Finding,
  type Level,
  lint,
  reaches,
  type Rule,
  type RuleSetting,
  Workspace,
} from '@forkline/lint'
import { Crashes } from './crashes.ts'
import {
  byPlace,
  directiveMessage,
  type EditsOf,
  ignoredMessage,
  type MessageOptions,
  parsingError,
  severityOf,
  toMessage,
} from './messages.ts'
import { isMinified } from './minified.ts'
import type { Message } from './results.ts'
import { firstSyntaxError } from './syntaxErrors.ts'
import type { Target } from './targets.ts'

export interface LinterOptions {
  readonly cwd: string
  readonly level: Level
  /** By bare rule id. */
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly allRules: readonly Rule[]
  readonly tsconfig: string | undefined
  readonly reportUnusedDirectives: boolean
  /** Which findings to fix; `undefined` for none. */
  readonly fix: 'all' | 'errors' | undefined
}

/** What one run over one file gave. It holds no part of the program. */
export interface FileOutcome {
  readonly text: string
  readonly messages: readonly Message[]
  readonly suppressedMessages: readonly Message[]
  /** Whether the text parses; only then it may be changed. */
  readonly parses: boolean
  /** The text after one pass of fixes, where that changes it. */
  readonly fixed: string | undefined
}

/** Lints single files in the programs they belong to. */
export class FileLinter {
  readonly crashes = new Crashes()
  /** What was left out and why, for people to read. */
  readonly notes: string[] = []
  readonly workspace: Workspace
  readonly #options: LinterOptions

  constructor(options: LinterOptions) {
    this.#options = options
    this.workspace = new Workspace({
      folders: [options.cwd],
      ...(options.tsconfig !== undefined && { tsconfig: options.tsconfig }),
    })
  }

  /** Lints the file as the workspace sees it; `undefined` when it was left out. */
  lint(target: Target): FileOutcome | undefined {
    const file = this.workspace.file(target.path)
    if (file.kind === 'skipped') {
      if (target.explicit) return ignored(file.reason)
      this.notes.push(`${target.path} was left out because it ${file.reason}.`)
      return undefined
    }
    const { program, sourceFile, knowledge } = file
    if (!target.explicit && isMinified(sourceFile.text, sourceFile.getLineStarts().length)) {
      this.notes.push(`${target.path} was left out because it looks minified. Name it to lint it all the same.`)
      return undefined
    }
    const { level, rules, allRules, reportUnusedDirectives } = this.#options
    const result = lint(program, sourceFile, { level, rules, knowledge }, allRules)
    for (const crash of result.crashes) this.crashes.add(crash)
    const syntaxError = firstSyntaxError(program, sourceFile)
    const editsOf: EditsOf = (fix, finding) => {
      try {
        return fix.edits()
      } catch (error) {
        this.crashes.addFix(finding, sourceFile, error)
        return []
      }
    }
    const options: MessageOptions = { rules, mendable: syntaxError === undefined, editsOf }
    const messages = result.findings.map((finding) => toMessage(finding, sourceFile, result.severities, options))
    const problems = result.directiveProblems
      .filter((problem) => reportUnusedDirectives || !problem.message.startsWith('Unused '))
      .map((problem) => directiveMessage(problem, sourceFile))
    // Where parts of a broken file can be judged, findings say more than a parser's first complaint.
    if (syntaxError && messages.length === 0) {
      messages.push(parsingError(sourceFile, syntaxError.start, syntaxError.message))
    }
    const suppressedMessages = result.suppressed
      .filter(({ finding }) => reaches(finding.level, level))
      .map(({ finding, justification }): Message => ({
        ...toMessage(finding, sourceFile, result.severities, options),
        suppressions: [{ kind: 'directive', justification }],
      }))
    const toFix = syntaxError ? [] : result.findings.filter((finding) => this.#isToFix(finding, result.severities))
    return {
      text: sourceFile.text,
      messages: [...messages, ...problems].sort(byPlace),
      suppressedMessages,
      parses: syntaxError === undefined,
      fixed: fixedText(sourceFile.text, toFix, editsOf),
    }
  }

  /** What is wrong with the config files that were read. */
  configNotes(): readonly string[] {
    return this.workspace
      .configProblems()
      .map(({ path: file, line, message }) => `${path.normalize(file)}:${String(line)}: ${message}`)
  }

  #isToFix(finding: Finding, inline: Parameters<typeof severityOf>[1]): boolean {
    const { fix, rules } = this.#options
    return fix === 'all' || (fix === 'errors' && severityOf(finding, inline, rules) === 2)
  }
}

function ignored(reason: string): FileOutcome {
  return { text: '', messages: [ignoredMessage(reason)], suppressedMessages: [], parses: false, fixed: undefined }
}

function fixedText(text: string, findings: readonly Finding[], editsOf: EditsOf): string | undefined {
  const safe = findings.map((finding): Finding => {
    const { fix } = finding
    return fix ? { ...finding, fix: { title: fix.title, edits: () => editsOf(fix, finding) } } : finding
  })
  const fixed = applyFixes(text, safe).text
  return fixed === text ? undefined : fixed
}
