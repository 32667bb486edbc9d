import ts from 'typescript'
import { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { PackageRoles } from '../analysis/packageRoles.ts'
import { perNode } from '../analysis/perNode.ts'
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

type Listener = (node: ts.Node) => void

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
  const broken = new Set<Rule>()

  const guard = (rule: Rule, node: ts.Node, act: () => void): void => {
    if (broken.has(rule)) return
    try {
      act()
    } catch (error) {
      broken.add(rule)
      const { line } = sourceFile.getLineAndCharacterOfPosition(node.getStart(sourceFile))
      crashes.push({ ruleId: rule.id, filePath: sourceFile.fileName, line: line + 1, error })
    }
  }

  for (const { rule, options } of setups) {
    guard(rule, sourceFile, () => {
      const context: RuleContext = {
        sourceFile,
        analysis,
        options,
        report: (report) => findings.push(toFinding(rule, report, sourceFile)),
      }
      for (const [kind, listener] of Object.entries(rule.check(context))) {
        const visit: Listener = (node) => {
          guard(rule, node, () => {
            ;(listener as Listener)(node)
          })
        }
        ;(table[Number(kind)] ??= []).push(visit)
      }
    })
  }

  const visit = (node: ts.Node): void => {
    for (const listener of table[node.kind] ?? []) listener(node)
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
        ts.forEachChild(node, walk)
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
