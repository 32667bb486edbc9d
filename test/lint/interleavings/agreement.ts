import { type Finding, lint, type Rule } from '@forkline/lint'
import { rule as checkThenAct } from '../../../lint/rules/no-check-then-act-across-await.ts'
import { rule as completionOrder } from '../../../lint/rules/no-completion-order-result.ts'
import { rule as staleWrite } from '../../../lint/rules/no-stale-write-after-await.ts'
import { absolute, programOf } from '../harness/virtualProject.ts'
import { claimOf } from './claims.ts'
import { explore, isShownClosely } from './explore.ts'
import type { Mishap, Witness } from './machine.ts'
import { print } from './print.ts'
import type { Program } from './program.ts'

const RULES = [staleWrite, checkThenAct, completionOrder] as unknown as readonly Rule[]

/** The mishap that each rule warns of. */
export const MISHAPS: Readonly<Record<string, Mishap>> = {
  [staleWrite.id]: 'lost',
  [checkThenAct.id]: 'double',
  [completionOrder.id]: 'order',
}

/** A rule and the interleavings of a program say different things about one statement. */
export interface Disagreement {
  /**
   * - `unfounded`: the rule is certain (or, with `likely`, thinks so), and no interleaving shows the mishap;
   * - `missed`: some interleaving shows it in a shape that the rule claims to see, and the rule is silent.
   */
  readonly kind: 'unfounded' | 'doubtful' | 'missed'
  readonly ruleId: string
  readonly site: number
  readonly text: string
}

export interface Tally {
  programs: number
  interleavings: number
  certain: number
  likely: number
  possible: number
  witnesses: number
  claimed: number
}

export function emptyTally(): Tally {
  return { programs: 0, interleavings: 0, certain: 0, likely: 0, possible: 0, witnesses: 0, claimed: 0 }
}

/** Lints programs together, which is quicker than one by one, and holds each against its interleavings. */
export function disagreementsOf(programs: readonly Program[], tally: Tally = emptyTally()): readonly (readonly Disagreement[])[] {
  const printed = programs.map(print)
  const files = Object.fromEntries(printed.map(({ text }, index) => [`./program${String(index)}.ts`, text]))
  const compiled = programOf(files)
  return programs.map((program, index) => {
    const sourceFile = compiled.getSourceFile(absolute(`./program${String(index)}.ts`))
    const { text, sites } = printed[index] as (typeof printed)[number]
    if (sourceFile === undefined) throw new Error('TypeScript did not read the program')
    const { findings, crashes } = lint(compiled, sourceFile, { level: 'possible' }, RULES)
    for (const { error } of crashes) throw error
    const { witnesses, exposed, runs } = explore(program)
    tally.programs++
    tally.interleavings += runs
    tally.witnesses += witnesses.length
    const found: Disagreement[] = []
    for (const [site, offset] of sites) {
      for (const finding of findings.filter((candidate) => pointsAt(candidate, offset))) {
        tally[finding.level]++
        const mishap = MISHAPS[finding.ruleId]
        const shows = (witness: Witness): boolean => witness.site === site && (witness.kind === mishap || (witness.kind === 'gap' && mishap === 'order'))
        if (finding.level === 'possible' || mishap === undefined || witnesses.some(shows) || !exposed[mishap].has(site)) continue
        if (isShownClosely(program, shows)) continue
        found.push({ kind: finding.level === 'certain' ? 'unfounded' : 'doubtful', ruleId: finding.ruleId, site, text })
      }
      for (const witness of witnesses.filter((candidate) => candidate.site === site)) {
        const ruleId = claimOf(program, witness)
        if (ruleId === undefined) continue
        tally.claimed++
        const isReported = findings.some((finding) => finding.ruleId === ruleId && pointsAt(finding, offset))
        if (!isReported) found.push({ kind: 'missed', ruleId, site, text })
      }
    }
    return found
  })
}

/** Whether a finding speaks of the statement, at first hand or as the place where a called function writes. */
function pointsAt(finding: Finding, offset: number): boolean {
  return finding.start === offset || finding.related.some(({ start, message }) => start === offset && message.startsWith('Only here'))
}
