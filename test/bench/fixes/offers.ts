import { type Finding, type Fix, isLintable, lint, type Workspace } from '@forkline/lint'
import { globSync } from 'tinyglobby'

const SOURCES = ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}']
const IGNORED = ['**/node_modules/**', '**/dist/**', '**/*.d.ts', '**/*.min.js']

/** A file with what can be said of it. */
export interface Linted {
  readonly file: string
  readonly text: string
  /** Of every level, with their changes computed. */
  readonly findings: readonly Finding[]
}

/** The files of a project that are worth a look, in the order that suits the workspace. */
export function sourcesOf(root: string, workspace: Workspace): readonly string[] {
  return workspace.plan(globSync(SOURCES, { cwd: root, absolute: true, ignore: IGNORED }).filter(isLintable))
}

/** What is found in a file; undefined where it cannot be linted. */
export function lintedFile(file: string, workspace: Workspace): Linted | undefined {
  const result = workspace.file(file)
  if (result.kind !== 'ready') return undefined
  const { findings } = lint(result.program, result.sourceFile, { level: 'possible' })
  // Changes are read off at once: the tree that they are computed from is taken apart when a text changes.
  return { file, text: result.sourceFile.text, findings: findings.map(freeze) }
}

/** The finding with its changes computed; one that changes nothing is left out. */
function freeze(finding: Finding): Finding {
  const frozen = (fix: Fix): Fix[] => {
    const edits = fix.edits()
    return edits.length === 0 ? [] : [{ title: fix.title, edits: () => edits }]
  }
  return { ...finding, fix: finding.fix && frozen(finding.fix)[0], suggestions: finding.suggestions.flatMap(frozen) }
}
