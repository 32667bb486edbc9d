import { type Level, lint } from '@forkline/lint'
import { describe, expect, it } from 'vitest'
import { absolute, compilerErrors, programOf } from '../harness/virtualProject.ts'

/** A behaviour that another linter's rule is tested for, and what ours do with it. */
export interface Behaviour {
  readonly name: string
  /**
   * - `must`: one of ours reports it, at the level given or a surer one;
   * - `must not`: none of ours reports it, although theirs may;
   * - `out of scope`: theirs reports it, ours say nothing, for the reason given.
   */
  readonly verdict: 'must' | 'must not' | 'out of scope'
  readonly why: string
  /** Whole modules; each shows the behaviour. */
  readonly code: readonly string[]
  /** Ours, by bare id, with the level that they must reach; for `must` only. */
  readonly by?: readonly [ruleId: string, level: Level]
  readonly filename?: string
}

/** Lints each example of each behaviour with all of our rules. */
export function describeParity(source: string, behaviours: readonly Behaviour[]): void {
  describe(source, () => {
    describe.each(behaviours.map((behaviour) => [`${behaviour.verdict}: ${behaviour.name}`, behaviour] as const))(
      '%s',
      (_, behaviour) => {
        it.each(behaviour.code)('%s', (code) => {
          check(behaviour, code)
        })
      },
    )
  })
}

function check({ verdict, by, filename = 'file.ts' }: Behaviour, code: string): void {
  const program = programOf({ [filename]: code })
  expect(compilerErrors(program, filename).syntax).toEqual([])
  const sourceFile = program.getSourceFile(absolute(filename))
  if (sourceFile === undefined) throw new Error(`TypeScript does not read ${filename}`)
  if (verdict !== 'must') {
    expect(lint(program, sourceFile, { level: 'likely' }).findings.map(({ ruleId }) => ruleId)).toEqual([])
    return
  }
  if (by === undefined) throw new Error('Expected the rule that must report it')
  const [ruleId, level] = by
  const { findings } = lint(program, sourceFile, { level })
  expect(findings.map((finding) => finding.ruleId)).toContain(ruleId)
}
