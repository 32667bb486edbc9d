/**
 * Several models asked in parallel, one deterministic result: it depends on what they answer and never on which of them
 * is the quickest. One that fails or is too slow is left out. Go: goroutines that write to results[i], then a vote.
 */
import { pool, timeout } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import type { Answer, Common } from './service/service.ts'

/** Earlier ones win when votes are equal. */
const MODELS = ['amber', 'basil', 'cedar', 'dune', 'ember']

export interface Verdict {
  readonly text: string
  /** The models that gave this answer, and those that gave none, in their usual order. */
  readonly by: readonly string[]
  readonly silent: readonly string[]
}

/**
 * @param options.patience milliseconds that each model has. Default: 10 s.
 * @throws an `AggregateError` of all their errors when no model answered.
 */
export async function askAll({
  service,
  signal,
  question,
  patience = 10_000,
}: Common & { readonly question: string; readonly patience?: number }): Promise<Verdict> {
  const outcomes = await pool({ concurrency: MODELS.length, signal, name: 'models' }).mapSettled(
    MODELS,
    (model, task) =>
      timeout(patience, (limited) => service.post(`/models/${model}`, { question }, { signal: limited.signal }), task),
  )

  const votes = new Map<string, string[]>()
  const silent: string[] = []
  for (const [index, model] of MODELS.entries()) {
    const outcome = outcomes[index]
    if (outcome?.status === 'fulfilled')
      votes.set(key(outcome.value), [...(votes.get(key(outcome.value)) ?? []), model])
    else silent.push(model)
  }
  const errors = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (votes.size === 0) throw new AggregateError(errors, 'No model answered')
  // A stable sort: of equally many votes, the answer of the earliest model comes first.
  const [[text, by] = ['', []]] = [...votes].sort(([, a], [, b]) => b.length - a.length)
  return { text, by, silent }
}

/** What the mock's models say differs only in length, odd or even. */
function key({ tokens }: Answer): string {
  return tokens % 2 === 0 ? 'yes' : 'no'
}

if (import.meta.main) {
  const question = 'Will it rain?'
  await compare('Several models', {
    mock: { latency: 80, behave: ({ path }) => (path === '/models/cedar' ? { status: 500 } : undefined) },
    sequential: async ({ service, signal }) => {
      for (const model of MODELS) await service.post(`/models/${model}`, { question }, { signal }).catch(String)
    },
    concurrent: (common) => askAll({ ...common, question }),
    tell: ({ text, by, silent }) => `"${text}", say ${by.join(', ')}; no answer from ${silent.join(', ')}`,
  })
}
