import { type Finding, lint, type Rule } from '@forkline/lint'
import { rule as checkThenAct } from '../../../lint/rules/no-check-then-act-across-await.ts'
import { rule as completionOrder } from '../../../lint/rules/no-completion-order-result.ts'
import { rule as staleWrite } from '../../../lint/rules/no-stale-write-after-await.ts'
import { absolute, programOf } from '../harness/virtualProject.ts'
import { isClaimed } from './claims.ts'
import { explore, type Explored, isShownClosely } from './explore.ts'
import type { Mishap } from './machine.ts'
import { mayHappen } from './mayHappen.ts'
import { print } from './print.ts'
import type { Program } from './program.ts'

const RULES = [staleWrite, checkThenAct, completionOrder] as unknown as readonly Rule[]

/** The rule that warns of each mishap. */
const WARNERS: Readonly<Record<Mishap, string>> = {
  lost: staleWrite.id,
  double: checkThenAct.id,
  order: completionOrder.id,
}
const MISHAPS = Object.keys(WARNERS) as readonly Mishap[]

/** A rule and the interleavings of a program say different things about one statement. */
export interface Disagreement {
  /**
   * - `unfounded`: the rule is certain, and no interleaving shows the mishap;
   * - `missed`: some interleaving shows it in a shape that the rule claims to see, and the rule is silent.
   */
  readonly kind: 'unfounded' | 'missed'
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

/** What the interleavings of a program are asked about a statement: is what was reported so, or is there something to report. */
interface Question {
  readonly site: number
  readonly mishap: Mishap
  readonly isReported: boolean
}

/** Lints programs together, which is quicker than one by one, and holds each against its interleavings. */
export function disagreementsOf(
  programs: readonly Program[],
  tally: Tally = emptyTally(),
): readonly (readonly Disagreement[])[] {
  const printed = programs.map(print)
  const files = Object.fromEntries(printed.map(({ text }, index) => [`./program${String(index)}.ts`, text]))
  const compiled = programOf(files)
  return programs.map((program, index) => {
    const sourceFile = compiled.getSourceFile(absolute(`./program${String(index)}.ts`))
    const { text, sites } = printed[index] as (typeof printed)[number]
    if (sourceFile === undefined) throw new Error('TypeScript did not read the program')
    const { findings, crashes } = lint(compiled, sourceFile, { level: 'possible' }, RULES)
    for (const { error } of crashes) throw error
    tally.programs++
    for (const { level } of findings) tally[level]++
    const questions = questionsAbout(program, sites, findings)
    return questions.length === 0
      ? []
      : answer(program, questions, tally).map((question) => disagreement(question, text))
  })
}

/** A report that is less than certain claims nothing, and lets no more be said of the place. */
function questionsAbout(
  program: Program,
  sites: ReadonlyMap<number, number>,
  findings: readonly Finding[],
): readonly Question[] {
  return [...sites].flatMap(([site, offset]) =>
    MISHAPS.flatMap((mishap): Question[] => {
      const reports = findings.filter((finding) => finding.ruleId === WARNERS[mishap] && pointsAt(finding, offset))
      if (reports.some(({ level }) => level === 'certain')) return [{ site, mishap, isReported: true }]
      const witness = { site, kind: mishap }
      return reports.length === 0 && isClaimed(program, witness) && mayHappen(program, witness)
        ? [{ site, mishap, isReported: false }]
        : []
    }),
  )
}

/** The questions that the interleavings answer otherwise than the rules. */
function answer(program: Program, questions: readonly Question[], tally: Tally): readonly Question[] {
  const isShown = ({ witnesses }: Explored, { site, mishap, isReported }: Question): boolean =>
    witnesses.some(
      (witness) =>
        witness.site === site
        && (witness.kind === mishap || (isReported && witness.kind === 'gap' && mishap === 'order')),
    )
  const explored = explore(program, undefined, (soFar) => questions.every((question) => isShown(soFar, question)))
  tally.interleavings += explored.runs
  tally.witnesses += explored.witnesses.length
  tally.claimed += explored.witnesses.filter((witness) => isClaimed(program, witness)).length
  return questions.filter((question) => {
    if (!question.isReported) return isShown(explored, question)
    if (isShown(explored, question) || !explored.exposed[question.mishap].has(question.site)) return false
    return !isShownClosely(program, (closely) => isShown(closely, question))
  })
}

function disagreement({ site, mishap, isReported }: Question, text: string): Disagreement {
  return { kind: isReported ? 'unfounded' : 'missed', ruleId: WARNERS[mishap], site, text }
}

/** Whether a finding speaks of the statement, at first hand or as the place where a called function writes. */
function pointsAt(finding: Finding, offset: number): boolean {
  return (
    finding.start === offset
    || finding.related.some(({ start, message }) => start === offset && message.startsWith('Only here'))
  )
}
