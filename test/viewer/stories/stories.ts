import type { FindingKind, IdleReason } from '@forkline/trace'
import type { Comparison, Counted } from '../../trace/patterns/programs.ts'

/** Exactly so many, or from so many to so many where the moment decides. */
export type Count = number | readonly [least: number, most: number]

/** A track that is to be seen. */
export interface TrackStory {
  /** What its head says. */
  readonly label: string
  /** The function that its line is in, where several tracks have the same head. */
  readonly in?: string
  /** How many scopes of the program it stands for. Default: 1. */
  readonly scopes?: number
  /** What its tasks became. Default: 0 of each. */
  readonly ok?: Count
  readonly failed?: Count
  readonly cancelled?: Count
  readonly leaked?: Count
  /** How many rows its tasks take: its places, or as many as ran at once. */
  readonly lanes?: Count
  /** What kept its places empty the longest, when that is what the pattern is about and the machine keeps up with it. */
  readonly idle?: IdleReason
  /** What the error of each red task says. */
  readonly error?: RegExp
  /** Whether its tasks hand over to each other from its beginning to its end, so that they decide how long it took. */
  readonly critical?: true
}

/** A cancellation that is to be seen. */
export interface CancelStory {
  /** The head of the track that was cancelled. */
  readonly of: string
  /** How many there are like it. Default: 1. */
  readonly times?: Count
  readonly because: string
  readonly reason: RegExp
  /** How many tasks each reached. */
  readonly reached: Count
}

/** A problem that is to be listed. */
export interface ProblemStory {
  readonly kind: FindingKind
  readonly says: RegExp
  /** It may be missing where the machine does not keep up with what the pattern does. */
  readonly unless?: 'slow'
}

/** What the timeline should reveal of a program. */
export interface Story {
  /** The tracks that matter; there may be more. */
  readonly tracks: readonly TrackStory[]
  /** All problems that are to be listed. Default: none. */
  readonly problems?: readonly ProblemStory[]
  /** All cancellations. Default: none. */
  readonly cancellations?: readonly CancelStory[]
  /** What tasks are to be seen to wait for; there may be more. */
  readonly waits?: readonly { readonly kind: string; readonly what: string; readonly times: Count }[]
  /** Whether the lane of the event loop shows that it was blocked, where the pattern decides that. */
  readonly blocked?: true
}

type Tell = (...comparisons: readonly Comparison[]) => Story

const FAILED = 'one of its tasks failed'
const TIMED_OUT = 'its time was up'

/**
 * For each pattern what the timeline should reveal, written down before it was looked at. Numbers that chance decides
 * are those of the mock service and of the pattern's own result: none is taken from a recording.
 */
export const STORIES: Readonly<Record<string, Tell>> = {
  // Five rows, one of them red: the model that gave no answer.
  'ask-models': ({ concurrent: { result } }: Comparison) => {
    const { by, silent } = result as { readonly by: readonly string[]; readonly silent: readonly string[] }
    return {
      tracks: [
        {
          label: 'pool "models"',
          lanes: 5,
          ok: 5 - silent.length,
          failed: silent.length,
          error: /^ServiceError: \/models\/cedar answered 500/u,
        },
        { label: 'timeout', scopes: 5, ok: [by.length, 4], failed: 1, error: /answered 500/u },
      ],
    }
  },

  // A hundred ids, but only a few requests, two at a time.
  batching: ({ concurrent: { seen } }: Comparison) => ({
    tracks: [{ label: 'pipeline stage "2. map"', ok: seen.calls, lanes: 2 }],
  }),

  // One translation fails, says in which stage, and stops the five other articles that had been begun.
  'chained-stages': () => ({
    tracks: [
      {
        label: 'pool "articles"',
        scopes: 2,
        lanes: 6,
        ok: 12,
        failed: 1,
        cancelled: 5,
        error: /^StageError: Stage "translate" failed: .* answered 503/u,
      },
    ],
    cancellations: [{ of: 'pool "articles"', because: FAILED, reason: /Stage "translate" failed/u, reached: 5 }],
  }),

  // Some are red and the others go on; the whole fails in the end, and nothing is cancelled.
  'collect-errors': ({ concurrent: { seen } }: Comparison) => ({
    tracks: [
      {
        label: 'group "what is there"',
        lanes: 8,
        ok: seen.answered.length,
        failed: seen.failed,
        error: /answered 503/u,
      },
    ],
    waits: [{ kind: 'queue', what: 'group "what is there"', times: 32 }],
  }),

  // All visitors come at once, and wait for their connections rather than for the database.
  'connection-pool': () => ({
    tracks: [
      { label: 'group "visitors"', ok: 41, lanes: 41 },
      { label: 'group "report"', scopes: 2, ok: 6, lanes: 3 },
    ],
    waits: [{ kind: 'permit', what: 'semaphore', times: 37 }],
  }),

  // The places are held, but what holds the work back is the rate.
  'cost-bounded-pool': () => ({
    tracks: [{ label: 'pool "translators"', lanes: 6, ok: 30, idle: 'rate' }],
    waits: [{ kind: 'rate', what: 'rate limiter', times: [0, 24] }],
  }),

  // One of the orders fails, which stops the other namespaces; a second run does what is left.
  'data-migration': ({ concurrent }: Comparison) => ({
    tracks: [
      {
        label: 'group "namespaces"',
        scopes: 2,
        lanes: 3,
        ok: [3, 5],
        failed: 1,
        cancelled: [0, 2],
        error: /\/new\/orders\/17 answered 500/u,
      },
      {
        label: 'pool "orders"',
        scopes: 2,
        lanes: 4,
        ok: [30, copies(concurrent, 'orders')],
        failed: 1,
        cancelled: [0, 3],
        error: /\/new\/orders\/17 answered 500/u,
      },
      { label: 'pool "customers"', scopes: 2, lanes: 4, ok: [20, copies(concurrent, 'customers')], cancelled: [0, 4] },
      { label: 'pool "invoices"', scopes: 2, lanes: 4, ok: [10, copies(concurrent, 'invoices')], cancelled: [0, 4] },
    ],
    cancellations: [
      { of: 'pool "orders"', because: FAILED, reason: /\/new\/orders\/17 answered 500/u, reached: [0, 3] },
      { of: 'group "namespaces"', because: FAILED, reason: /\/new\/orders\/17 answered 500/u, reached: [0, 10] },
      {
        of: 'pool "customers"',
        times: [0, 1],
        because: 'the scope around it was cancelled',
        reason: /\/new\/orders\/17/u,
        reached: [0, 4],
      },
      {
        of: 'pool "invoices"',
        times: [0, 1],
        because: 'the scope around it was cancelled',
        reason: /\/new\/orders\/17/u,
        reached: [0, 4],
      },
    ],
  }),

  // Four mirrors, each one call at a time; the slow one has served fewer pages.
  'fan-out-fan-in': ({ concurrent: { result } }: Comparison) => {
    const { served } = result as { readonly served: Readonly<Record<string, number>> }
    return {
      tracks: [1, 2, 3, 4].map((mirror) => ({
        label: `pipeline stage "mirror ${String(mirror)}"`,
        lanes: 1,
        ok: served[`/mirrors/${String(mirror)}`] ?? 0,
      })),
    }
  },

  // The second time one panel is red, and the seven others stop because of it.
  'first-error-cancels': (_, { concurrent: { seen } }: Comparison) => ({
    tracks: [
      {
        label: 'group "dashboard"',
        scopes: 2,
        lanes: 8,
        ok: [8, 8 + 7 - seen.abandoned],
        failed: 1,
        cancelled: [seen.abandoned, 7],
        error: /\/panels\/errors answered 500/u,
      },
    ],
    cancellations: [
      {
        of: 'group "dashboard"',
        because: FAILED,
        reason: /\/panels\/errors answered 500/u,
        reached: [seen.abandoned, 7],
      },
    ],
  }),

  // The same work again and again, with more and more workers: up to eight rows.
  'fork-join': () => ({
    tracks: [{ label: 'pool "blocks"', scopes: 8, lanes: 8, ok: 400, critical: true }],
  }),

  // The jobs that were begun are done; who waited to abort them is told that it need not; who hands jobs out waits.
  'graceful-shutdown': ({ concurrent: { result } }: Comparison) => {
    const { done, failed, aborted } = result as {
      readonly done: number
      readonly failed: number
      readonly aborted: number
    }
    return {
      tracks: [
        { label: 'pool "jobs"', lanes: 8, ok: done + failed + aborted },
        { label: 'group "race"', lanes: 2, ok: 1, cancelled: 1 },
      ],
      cancellations: [
        // The request to stop, by the signal of the process.
        { of: 'scope of cancellation', because: 'somebody cancelled it', reason: /^/u, reached: 0 },
        {
          of: 'group "race"',
          because: 'somebody cancelled it',
          reason: /Another task of the race ended first/u,
          reached: 1,
        },
      ],
      waits: [{ kind: 'send', what: 'channel', times: [1, 60] }],
    }
  },

  // One service is silent until its time is up, and holds up nothing but the end.
  'health-checks': ({ concurrent: { result } }: Comparison) => {
    const states = (result as readonly { readonly state: string }[]).map(({ state }) => state)
    const [up = 0, down = 0, silent = 0] = ['up', 'down', 'silent'].map(
      (state) => states.filter((one) => one === state).length,
    )
    return {
      tracks: [
        { label: 'pool "health checks"', scopes: 11, lanes: 10, ok: 20 },
        // The first ten are asked one by one; where the machine is slow, more of them are silent than the one that is.
        {
          label: 'timeout',
          scopes: 20,
          ok: [up, up + 8],
          failed: [down, down + 1],
          cancelled: [silent + 1, silent + 10],
          error: /\/health\/maps answered 500/u,
        },
      ],
      cancellations: [
        {
          of: 'timeout',
          times: [silent + 1, silent + 10],
          because: TIMED_OUT,
          reason: /Timed out after 150 ms/u,
          reached: 1,
        },
      ],
    }
  },

  // Three loads that do not hold each other up, the failed calls of each in red.
  'load-test': ({ sequential, concurrent }: Comparison) => ({
    tracks: [
      { label: 'group "backends"', scopes: 2, lanes: 3, ok: 6 },
      ...['north', 'south', 'east'].map((backend) => ({
        label: `pool "${backend}"`,
        scopes: 2,
        lanes: 6,
        error: /answered 503/u,
        ...measured(backend, sequential, concurrent),
      })),
    ],
  }),

  // The edition of sixteen at once is held back by the rate of the model, and its trends are given up.
  'news-pipeline': () => ({
    tracks: [
      { label: 'group "edition"', scopes: 2, lanes: 9, ok: 18 },
      { label: 'pool "model"', scopes: 2, ok: 2 * (3 * 8 + 3 * 8 + 5), idle: 'rate' },
      { label: 'pool "stores"', scopes: 2, ok: 2 * (3 * 8 + 2) },
      { label: 'timeout', in: 'waitForTrends', scopes: 2, cancelled: 2 },
      // Made for each line of the briefing, in a function without a name.
      { label: 'timeout', in: '', scopes: 10, ok: 10 },
    ],
    problems: [
      { kind: 'idle-pool', says: /16 places of pool "model" .* tasks waited for the rate limit/u, unless: 'slow' },
    ],
    cancellations: [{ of: 'timeout', times: 2, because: TIMED_OUT, reason: /Timed out after 100 ms/u, reached: 1 }],
    waits: [{ kind: 'rate', what: 'rate limiter', times: [0, 106] }],
  }),

  // With a limiter the places wait for the rate; without, the service refuses calls.
  'rate-limit': (_, { concurrent: { seen } }: Comparison) => ({
    tracks: [
      { label: 'pool "polite"', lanes: 8, ok: 30, idle: 'rate' },
      { label: 'pool "impolite"', lanes: 16, ok: seen.answered.length, failed: seen.refused, error: /answered 429/u },
    ],
    waits: [{ kind: 'rate', what: 'rate limiter', times: [0, 25] }],
  }),

  // Red attempts, each followed by a pause and another attempt; no page is red in the end.
  'retry-backoff': ({ sequential, concurrent }: Comparison) => ({
    tracks: [
      { label: 'pool "pages"', lanes: 8, ok: 24 },
      {
        label: 'retry',
        scopes: 48,
        ok: 48,
        failed: sequential.seen.failed + concurrent.seen.failed,
        error: /answered 503/u,
      },
    ],
    waits: [{ kind: 'retry', what: 'retry', times: sequential.seen.failed + concurrent.seen.failed }],
  }),

  // Fifty visitors at once, five requests: each waits for a flight that others may have begun.
  'single-flight': ({ sequential, concurrent }: Comparison) => ({
    tracks: [
      { label: 'group "visitors"', lanes: 50, ok: 50 },
      { label: 'single flight', scopes: 2, lanes: 5, ok: sequential.seen.calls + concurrent.seen.calls },
    ],
    waits: [{ kind: 'flight', what: 'single flight', times: 100 }],
  }),

  // The slower stage decides: those who download wait until there is room for what they bring.
  'two-stage-pipeline': () => ({
    tracks: [
      { label: 'pipeline stage "download"', lanes: 5, ok: 40 },
      { label: 'pipeline stage "summarise"', lanes: 3, ok: 40, critical: true },
    ],
    waits: [{ kind: 'backpressure', what: 'pipeline stage "download"', times: [1, 40] }],
  }),

  // Ten at once, and one who waits for all of them.
  'wait-group': () => ({
    tracks: [{ label: 'wait group', in: 'warmCaches', lanes: 10, ok: 10 }],
    waits: [{ kind: 'group', what: 'wait group', times: 1 }],
  }),

  // Sixty pages through eight places, one after the other without a gap.
  'worker-pool': () => ({
    tracks: [{ label: 'pool "downloads"', lanes: 8, ok: 60, critical: true }],
  }),

  // Done one after the other on the main thread, the counts block the event loop; on threads they do not.
  'work-stealing': () => ({
    tracks: [{ label: 'thread pool "primes"', ok: 100 }],
    problems: [{ kind: 'blocked-event-loop', says: /blocked \d+ times?, the longest for/u }],
    blocked: true,
  }),

  // Three orders stop at the step that takes too long, each when its time is up.
  'workflow-timeout': () => ({
    tracks: [
      { label: 'pool "orders"', lanes: 8, ok: 8 },
      { label: 'pool "late orders"', lanes: 3, failed: 3, error: /stopped at "[a-z]+": Timed out after 200 ms/u },
      { label: 'timeout', scopes: 22, ok: 16, cancelled: 6, error: /Timed out after 200 ms/u },
    ],
    cancellations: [{ of: 'timeout', times: 6, because: TIMED_OUT, reason: /Timed out after 200 ms/u, reached: 1 }],
  }),
}

/** How often records of a namespace were stored. */
function copies({ seen }: Counted, namespace: string): number {
  return seen.answered.filter((call) => call.startsWith(`POST /new/${namespace}/`)).length
}

/** What the load test itself has measured of a backend. */
function measured(backend: string, ...ways: readonly Counted[]): { readonly ok: number; readonly failed: number } {
  type Measured = readonly { readonly backend: string; readonly answered: number; readonly failed: number }[]
  const lines = ways.flatMap(({ result }) => result as Measured).filter((line) => line.backend === backend)
  return {
    ok: lines.reduce((sum, { answered }) => sum + answered, 0),
    failed: lines.reduce((sum, { failed }) => sum + failed, 0),
  }
}
