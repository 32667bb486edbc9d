import { isDeepStrictEqual } from 'node:util'
import { type Disagreement, disagreementsOf } from './agreement.ts'
import { print } from './print.ts'
import type { Program } from './program.ts'
import { reduce } from './reduce.ts'

export function describeOne({ kind, ruleId, site }: Omit<Disagreement, 'text'>): string {
  return `${kind} ${ruleId} at ${String(site)}`
}

/** The disagreement in the smallest program that has it, as TypeScript and as the data that a regression is kept as. */
export function explain(program: Program, { kind, ruleId, site }: Disagreement): string {
  const wanted = { kind, ruleId, site }
  const smallest = reduce(program, (smaller) =>
    (disagreementsOf([smaller])[0] ?? []).some((other) =>
      isDeepStrictEqual({ kind: other.kind, ruleId: other.ruleId, site: other.site }, wanted),
    ),
  )
  return `${describeOne(wanted)}\n${print(smallest).text}\n${JSON.stringify(smallest)}`
}
