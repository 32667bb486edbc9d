import { basename, resolve } from 'node:path'
import { type Finding, lint, type TextEdit } from '@forkline/lint'
import type ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ExampleProject, functionAround, present } from './project.ts'

interface Mistake {
  readonly file: string
  readonly function: string
  readonly rule: string
}

const MISTAKES: readonly Mistake[] = [
  { file: 'briefing.ts', function: 'withDeadline', rule: 'no-abandoned-race-loser' },
  { file: 'keywords.ts', function: 'tagBatch', rule: 'no-completion-order-result' },
  { file: 'publish.ts', function: 'notifySubscribers', rule: 'no-async-foreach' },
  { file: 'publish.ts', function: 'archiveAll', rule: 'no-fire-and-forget-loop' },
  { file: 'publish.ts', function: 'rebuildSearchIndex', rule: 'no-dropped-promise-array' },
  { file: 'sentiment.ts', function: 'rateAll', rule: 'no-stale-write-after-await' },
  { file: 'summaries.ts', function: 'summariseAll', rule: 'no-unbounded-concurrency' },
  { file: 'trends.ts', function: 'waitForTrends', rule: 'forward-abort-signal' },
]

const project = new ExampleProject(resolve(import.meta.dirname, '../../examples/news-pipeline'))

function findingsOf(program: ts.Program, sourceFile: ts.SourceFile): readonly Finding[] {
  const { findings, crashes } = lint(program, sourceFile, { level: 'likely' })
  expect(crashes).toEqual([])
  return findings
}

function identify(sourceFile: ts.SourceFile, finding: Finding): Mistake {
  return {
    file: basename(sourceFile.fileName),
    function: functionAround(sourceFile, finding.start) ?? '',
    rule: finding.ruleId,
  }
}

function apply(text: string, edits: readonly TextEdit[]): string {
  const fromTheEnd = [...edits].sort((a, b) => b.start - a.start)
  return fromTheEnd.reduce(
    (result, { start, end, text: inserted }) => result.slice(0, start) + inserted + result.slice(end),
    text,
  )
}

const found = project.sourceFiles.flatMap((sourceFile) =>
  findingsOf(project.program, sourceFile).map((finding) => ({
    sourceFile,
    finding,
    mistake: identify(sourceFile, finding),
  })),
)

describe('the news pipeline', () => {
  it('is type-correct as it stands', () => {
    expect(project.typeErrors(project.program)).toEqual([])
  })

  it('shows each of its mistakes, and nothing else is reported', () => {
    const distinct = new Set(found.map(({ mistake }) => JSON.stringify(mistake)))
    expect([...distinct].sort()).toEqual(MISTAKES.map((mistake) => JSON.stringify(mistake)).sort())
  })

  describe.each(found.map((entry) => [`${entry.mistake.rule} in ${entry.mistake.function}`, entry] as const))(
    '%s',
    (_, { sourceFile, finding, mistake }) => {
      const fixes = [...(finding.fix ? [finding.fix] : []), ...finding.suggestions]

      it('offers a way out', () => {
        expect(fixes).not.toEqual([])
      })

      it.each(fixes.map((fix) => [fix.title, fix] as const))('“%s” leaves right types and no finding', (_, fix) => {
        const edits = fix.edits()
        expect(edits).not.toEqual([])
        const after = project.with(sourceFile.fileName, apply(sourceFile.text, edits))
        expect(project.typeErrors(after)).toEqual([])
        const mended = present(after.getSourceFile(sourceFile.fileName))
        const left = findingsOf(after, mended).map((other) => identify(mended, other))
        const same = (other: Mistake) => other.rule === mistake.rule && other.function === mistake.function
        const before = found.filter((entry) => same(entry.mistake)).length
        expect(left.filter(same)).toHaveLength(before - 1)
      })
    },
  )
})
