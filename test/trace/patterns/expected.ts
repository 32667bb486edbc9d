import { availableParallelism } from 'node:os'
import type { Comparison, Counted } from './programs.ts'

/** Exactly so many, or from so many to so many where the moment decides. */
export type Count = number | readonly [least: number, most: number]

/** All scopes of a program that have the same kind, name and limit. */
export interface ScopesCount {
  readonly scopes: Count
  readonly tasks: Count
  readonly ok?: Count
  readonly failed?: Count
  readonly cancelled?: Count
  /** The most at once in any of them. */
  readonly peak?: Count
  /** The most that were queued at once in any of them. */
  readonly queued?: Count
}

/** By kind, name and limit, as in `pool "downloads" 8`. */
export type ScopesCounts = Readonly<Record<string, ScopesCount>>

type Expect = (first: Comparison, second: Comparison) => ScopesCounts

/** Scopes that hold no tasks. */
const empty = (scopes: number): ScopesCount => ({ scopes, tasks: 0 })

const ok = (scopes: number, tasks: Count, peak?: Count): ScopesCount => ({
  scopes,
  tasks,
  ok: tasks,
  ...(peak === undefined ? {} : { peak }),
})

/**
 * What each pattern does, as its text says, and as its result and the mock service have counted it: nothing of it comes
 * from a recording. Scopes of the mock service and of HTTP are not in it.
 */
export const EXPECTED: Readonly<Record<string, Expect>> = {
  'ask-models': ({ concurrent: { result, seen } }) => {
    const { silent } = result as { readonly silent: readonly string[] }
    return {
      'pool "models" 5': { scopes: 1, tasks: 5, ok: 5 - silent.length, failed: silent.length, peak: seen.calls },
      timeout: { scopes: 5, tasks: 5, ok: 5 - silent.length, failed: silent.length, peak: 1 },
    }
  },

  batching: ({ concurrent: { seen } }) => ({
    pipeline: empty(1),
    'stage "2. map" 2': ok(1, seen.calls, [seen.peak, 2]),
  }),

  'chained-stages': () => ({
    // The six articles that had been begun, none of which got past its translation.
    'pool "articles" 6': { scopes: 2, tasks: 12 + 6, ok: 12, failed: 1, cancelled: 5, peak: 6 },
  }),

  'collect-errors': ({ concurrent: { seen, result } }) => {
    const { answers } = result as { readonly answers: readonly unknown[] }
    const given = answers.filter((answer) => answer !== null).length
    return {
      'group "what is there" 8': { scopes: 1, tasks: 40, ok: given, failed: seen.failed, peak: 8, queued: 32 },
      allSettled: { scopes: 1, tasks: 40, ok: given, failed: seen.failed },
    }
  },

  'connection-pool': ({ concurrent: { result } }) => ({
    'group "visitors"': ok(1, (result as readonly unknown[]).length, 41),
    'group "report"': ok(2, 6, 3),
    'semaphore 4': empty(2),
  }),

  'cost-bounded-pool': ({ concurrent: { result } }) => ({
    'pool "translators" 6': ok(1, (result as { readonly translations: readonly string[] }).translations.length, 6),
    rateLimiter: empty(1),
  }),

  'data-migration': ({ concurrent }) => ({
    'group "namespaces"': { scopes: 2, tasks: 6, ok: [3, 5], failed: 1, cancelled: [0, 2], peak: 3 },
    'pool "customers" 4': namespace(concurrent, 'customers', 20),
    'pool "orders" 4': { ...namespace(concurrent, 'orders', 30), failed: concurrent.seen.failed },
    'pool "invoices" 4': namespace(concurrent, 'invoices', 10),
  }),

  'fan-out-fan-in': ({ concurrent: { result } }) => {
    const { served } = result as { readonly served: Readonly<Record<string, number>> }
    const total = Object.values(served).reduce((sum, pages) => sum + pages, 0)
    return {
      pipeline: empty(5),
      'stage "1. fanOut" 1': ok(1, total, 1),
      'group "merge"': ok(1, 4, 4),
      channel: empty(1),
      ...Object.fromEntries(
        [1, 2, 3, 4].map((mirror) => [
          `stage "mirror ${String(mirror)}" 1`,
          ok(1, served[`/mirrors/${String(mirror)}`] ?? 0, 1),
        ]),
      ),
    }
  },

  'first-error-cancels': (_, { concurrent: { seen } }) => ({
    // On a slow machine some are answered before they hear of the failure.
    'group "dashboard"': {
      scopes: 2,
      tasks: 16,
      ok: [8, 15 - seen.abandoned],
      failed: seen.failed,
      cancelled: [seen.abandoned, 7],
      peak: 8,
    },
  }),

  'fork-join': () => ({
    // One after the other each time, and once with each number of workers: 10,000 items in blocks of 200.
    'pool "blocks" 1': ok(5, 5 * 50, 1),
    'pool "blocks" 2': ok(1, 50, 2),
    'pool "blocks" 4': ok(1, 50, 4),
    'pool "blocks" 8': ok(1, 50, 8),
  }),

  'graceful-shutdown': ({ concurrent: { result } }) => {
    const { done, failed, aborted } = result as {
      readonly done: number
      readonly failed: number
      readonly aborted: number
    }
    return {
      channel: empty(1),
      // The request to stop.
      context: empty(1),
      'group "race"': { scopes: 1, tasks: 2, ok: 1, cancelled: 1, peak: 2 },
      'pool "jobs" 8': ok(1, done + failed + aborted, 8),
    }
  },

  'health-checks': ({ concurrent: { result, seen } }) => {
    const states = (result as readonly { readonly state: string }[]).map(({ state }) => state)
    const count = (state: string): number => states.filter((other) => other === state).length
    // Asked one by one before that, as many at least are silent, and more on a slow machine.
    return {
      'pool "health checks" 20': ok(11, 20, [seen.peak, 10]),
      timeout: {
        scopes: 20,
        tasks: 20,
        peak: 1,
        ok: [count('up'), count('up') + 8],
        failed: [count('down'), count('down') + 1],
        cancelled: [count('silent') + 1, count('silent') + 10],
      },
    }
  },

  'load-test': ({ sequential, concurrent }) => ({
    'group "backends"': ok(2, 6, 3),
    ...Object.fromEntries(
      ['north', 'south', 'east'].flatMap((backend) => [
        [`pool "${backend}" 1`, { scopes: 1, tasks: 20, ...measured(sequential, backend), peak: 1 }],
        [`pool "${backend}" 6`, { scopes: 1, tasks: 20, ...measured(concurrent, backend), peak: 6 }],
      ]),
    ),
  }),

  'news-pipeline': ({ sequential, concurrent }) => {
    const editions = [sequential, concurrent].map(({ result }) => result as Edition)
    const articles = editions.reduce((sum, { edition }) => sum + edition.articles.length, 0)
    const front = editions.reduce((sum, { edition }) => sum + edition.frontPage.length, 0)
    const lines = editions.reduce((sum, { edition }) => sum + edition.briefing.length, 0)
    const late = editions.filter(({ edition }) => edition.trends === undefined).length
    // Three questions for each article of the front page, one in each of three rounds, and the briefing.
    const asked = 3 * front + 3 * articles + lines
    // Each is announced, archived and indexed; the index is begun and committed once.
    const stored = 3 * articles + 2 * editions.length
    return {
      'group "edition"': ok(2, 18, 9),
      'pool "model" 1': ok(1, asked / 2, 1),
      'pool "model" 16': ok(1, asked / 2, 16),
      'pool "stores" 1': ok(1, stored / 2, 1),
      'pool "stores" 16': ok(1, stored / 2, 16),
      rateLimiter: empty(2),
      all: ok(2, 18, 9),
      // The front pages, and each of their articles.
      group: ok(2 + front, 4 * front, [3, 8]),
      timeout: { scopes: lines + late, tasks: lines + late, ok: lines, cancelled: late, peak: 1 },
      retry: { scopes: stored, tasks: [stored, 8 * stored], ok: stored, failed: [0, stored], peak: 1 },
    }
  },

  'rate-limit': (_, { concurrent: { seen } }) => ({
    'pool "polite" 8': ok(1, 30, 8),
    'pool "impolite" 16': { scopes: 1, tasks: 30, ok: seen.answered.length, failed: seen.refused, peak: 16 },
    rateLimiter: empty(1),
  }),

  'retry-backoff': ({ sequential, concurrent }) => {
    const calls = sequential.seen.calls + concurrent.seen.calls
    const failed = sequential.seen.failed + concurrent.seen.failed
    return {
      'pool "pages" 8': ok(1, 24, 8),
      retry: { scopes: 48, tasks: calls, ok: calls - failed, failed, peak: 1 },
    }
  },

  'single-flight': ({ sequential, concurrent }) => ({
    'group "visitors" 50': ok(1, 50, 50),
    singleFlight: ok(2, sequential.seen.calls + concurrent.seen.calls, concurrent.seen.peak),
    waitGroup: ok(2, sequential.seen.calls + concurrent.seen.calls, concurrent.seen.peak),
  }),

  'two-stage-pipeline': ({ concurrent: { seen } }) => ({
    pipeline: empty(1),
    'stage "download" 5': ok(1, seen.answered.filter((call) => call.startsWith('GET /pages/')).length, 5),
    'stage "summarise" 3': ok(1, seen.answered.filter((call) => call.startsWith('POST /summaries/')).length, 3),
  }),

  'wait-group': ({ concurrent: { seen } }) => ({
    waitGroup: ok(1, seen.calls, seen.calls),
  }),

  'work-stealing': ({ concurrent: { result } }) => ({
    [`threads "primes" ${String(availableParallelism())}`]: ok(1, (result as readonly unknown[]).length),
  }),

  'worker-pool': ({ concurrent: { seen, result } }) => ({
    'pool "downloads" 8': ok(1, (result as readonly unknown[]).length, seen.peak),
  }),

  'workflow-timeout': (_, { concurrent: { result } }) => {
    const late = (result as readonly { readonly status: string }[]).filter(({ status }) => status === 'rejected').length
    // The packer answers nobody: as many are late when they come one after the other.
    return {
      'pool "orders" 8': ok(1, 8, 8),
      'pool "late orders" 8': { scopes: 1, tasks: late, failed: late, peak: late },
      timeout: { scopes: 16 + 2 * late, tasks: 16 + 2 * late, ok: 16, cancelled: 2 * late, peak: 1 },
    }
  },
}

interface Edition {
  readonly edition: {
    readonly articles: readonly unknown[]
    readonly frontPage: readonly unknown[]
    readonly briefing: readonly unknown[]
    readonly trends?: unknown
  }
}

/** Records are copied side by side, and those under way when something fails are copied again. */
function namespace({ seen }: Counted, name: string, records: number): ScopesCount {
  const stored = seen.answered.filter((call) => call.startsWith(`POST /new/${name}/`)).length
  return { scopes: 2, tasks: [records, stored + 5], ok: [records, stored], cancelled: [0, 4], peak: 4 }
}

function measured({ result }: Counted, backend: string): { readonly ok: number; readonly failed: number } {
  const lines = result as readonly { readonly backend: string; readonly answered: number; readonly failed: number }[]
  const line = lines.find((one) => one.backend === backend)
  return { ok: line?.answered ?? 0, failed: line?.failed ?? 0 }
}
