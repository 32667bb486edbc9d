import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { PackageRoles } from '../analysis/knowledge/packageRoles.ts'
import { perNode } from '../analysis/code/perNode.ts'
import type { Finding, Level, RelatedLocation } from '../model.ts'
import type { Report, Rule, RuleContext } from '../rule.ts'

export interface RuleCrash {
  readonly ruleId: string
  readonly filePath: string
  /** One-based line of the node the rule was looking at. */
  readonly line: number
  readonly error: unknown
}

export interface RawResult {
  /** In the order of the file; before suppression comments and levels are applied. */
  readonly findings: readonly Finding[]
  readonly crashes: readonly RuleCrash[]
}

export interface RuleSetup {
  readonly rule: Rule
  readonly options: unknown
}

/** What a rule does with a node; none of those of a rule that has thrown are called again. */
interface Listener {
  readonly running: Running
  readonly act: (node: ts.Node) => void
}

/** A rule while it looks at a file. */
interface Running {
  readonly rule: Rule
  broken: boolean
}

/**
 * Runs rules over one file of a program in a single walk. A rule that throws is reported once and
 * stays silent for the rest of the file; the others go on.
 */
export function runRules(
  program: ts.Program,
  sourceFile: ts.SourceFile,
  setups: readonly RuleSetup[],
  knowledge?: PackageRoles,
): RawResult {
  const analysis = FileAnalysis.of(program, sourceFile, knowledge)
  const findings: Finding[] = []
  const crashes: RuleCrash[] = []
  const table: (Listener[] | undefined)[] = []

  const crashed = (running: Running, node: ts.Node, error: unknown): void => {
    running.broken = true
    const { line } = sourceFile.getLineAndCharacterOfPosition(node.getStart(sourceFile))
    crashes.push({ ruleId: running.rule.id, filePath: sourceFile.fileName, line: line + 1, error })
  }

  for (const { rule, options } of setups) {
    const running: Running = { rule, broken: false }
    try {
      const context: RuleContext = {
        sourceFile,
        analysis,
        options,
        report: (report) => findings.push(toFinding(rule, report, sourceFile)),
      }
      for (const [kind, act] of Object.entries(rule.check(context))) {
        ;(table[Number(kind)] ??= []).push({ running, act: act as Listener['act'] })
      }
    } catch (error) {
      crashed(running, sourceFile, error)
    }
  }

  const visit = (node: ts.Node): void => {
    const listeners = table[node.kind]
    if (!listeners) return
    for (const { running, act } of listeners) {
      if (running.broken) continue
      try {
        act(node)
      } catch (error) {
        crashed(running, node, error)
      }
    }
  }
  const nodesOf = nodesOfKinds(table)
  visit(sourceFile)
  for (const statement of sourceFile.statements) for (const node of nodesOf(statement)) visit(node)
  visit(sourceFile.endOfFileToken)
  findings.sort((a, b) => a.start - b.start || a.end - b.end || a.ruleId.localeCompare(b.ruleId))
  return { findings, crashes }
}

const finders = new Map<string, (statement: ts.Statement) => readonly ts.Node[]>()

/**
 * The nodes of a statement at the top of a file that somebody listens to, in the order of a walk. What an edit elsewhere
 * leaves as it was need not be walked again.
 */
function nodesOfKinds(
  table: readonly (readonly Listener[] | undefined)[],
): (statement: ts.Statement) => readonly ts.Node[] {
  const key = Object.keys(table).join()
  let find = finders.get(key)
  if (!find) {
    const listened = table.map((listeners) => listeners !== undefined)
    find = perNode((statement: ts.Statement): readonly ts.Node[] => {
      const nodes: ts.Node[] = []
      const walk = (node: ts.Node): void => {
        if (listened[node.kind] === true) nodes.push(node)
        forEachChild(node, walk)
      }
      walk(statement)
      return nodes
    })
    finders.set(key, find)
  }
  return find
}

function toFinding(rule: Rule, report: Report, sourceFile: ts.SourceFile): Finding {
  const level: Level = report.level ?? rule.meta.level
  return {
    ruleId: rule.id,
    family: rule.meta.family,
    level,
    message: report.message,
    start: report.node.getStart(sourceFile),
    end: report.node.getEnd(),
    related: (report.related ?? []).map(({ node, message }) => toRelated(node, message)),
    fix: report.fix,
    suggestions: report.suggestions ?? [],
  }
}

function toRelated(node: ts.Node, message: string): RelatedLocation {
  const file = node.getSourceFile()
  const start = node.getStart(file)
  const { line, character } = file.getLineAndCharacterOfPosition(start)
  return { filePath: file.fileName, start, end: node.getEnd(), line: line + 1, column: character + 1, message }
}
