import { beforeAll, describe, expect, it } from 'vitest'
import { type Ending, endingOf, ScopeTasks, type ScopeSummary, waitKind } from '@forkline/trace'
import { type Count, EXPECTED, type ScopesCount } from './expected.ts'
import { MISTAKEN, MISTAKEN_PIPELINE, pattern, PATTERNS, type Recorded, recordPrograms } from './programs.ts'

let programs: ReadonlyMap<string, Recorded>

beforeAll(async () => {
  programs = await recordPrograms([MISTAKEN_PIPELINE, ...PATTERNS.map(pattern)])
}, 180_000)

function recorded(name: string): Recorded {
  const found = programs.get(name)
  if (found === undefined) throw new Error(`${name} was not recorded`)
  return found
}

/** What all scopes of one sort come to. */
interface Counts {
  scopes: number
  tasks: number
  ok: number
  failed: number
  cancelled: number
  leaked: number
  cutOff: number
  peak: number
  queued: number
}

/** The scopes of the program's own files, by kind, name and limit. Those of the mock service are left out. */
function scopesOf({ trace, summary }: Recorded): Map<string, Counts> {
  const scopeTasks = new ScopeTasks(trace)
  const found = new Map<string, Counts>()
  for (const scope of summary.scopes) {
    if (scope.kind === 'http' || scope.kind === 'fetch' || scope.kind === 'worker') continue
    if (scope.location?.file.endsWith('service/mock.ts') === true) continue
    const key = keyOf(scope)
    const counts = found.get(key) ?? {
      scopes: 0,
      tasks: 0,
      ok: 0,
      failed: 0,
      cancelled: 0,
      leaked: 0,
      cutOff: 0,
      peak: 0,
      queued: 0,
    }
    found.set(key, counts)
    counts.scopes++
    counts.tasks += scope.tasks
    counts.peak = Math.max(counts.peak, scope.peakActive)
    counts.queued = Math.max(counts.queued, scope.peakQueued)
    for (const task of scopeTasks.of(scope.id - 1)) {
      const ending = endingOf(trace, task)
      counts[ending === 'cut off' ? 'cutOff' : ending]++
    }
  }
  return found
}

function keyOf({ kind, name, limit }: ScopeSummary): string {
  const words = [kind, ...(name === null ? [] : [`"${name}"`]), ...(limit === null ? [] : [String(limit)])]
  return words.join(' ')
}

/** Says what is not as counted, in words; empty when all is. */
function difference(found: Counts | undefined, counted: ScopesCount): string[] {
  if (found === undefined) return ['there is no such scope']
  const all = { ok: 0, failed: 0, cancelled: 0, leaked: 0, cutOff: 0, ...counted } as Partial<
    Record<keyof Counts, Count>
  >
  return (Object.keys(all) as (keyof Counts)[]).flatMap((what) => {
    const count = all[what]
    const [least, most] = typeof count === 'number' ? [count, count] : (count ?? [0, Infinity])
    return found[what] >= least && found[what] <= most ? [] : [`${what}: ${String(found[what])}, not ${String(count)}`]
  })
}

describe.each(PATTERNS)('%s, recorded', (name) => {
  it('has the scopes and the tasks that its result and the mock service tell of', () => {
    const program = recorded(name)
    const [first, second = first] = program.comparisons
    const expected = first === undefined || second === undefined ? undefined : EXPECTED[name]?.(first, second)
    if (expected === undefined) throw new Error(`Nothing is known of ${name}: add it to expected.ts`)
    const found = scopesOf(program)
    expect(
      Object.entries(expected).flatMap(([key, counted]) =>
        difference(found.get(key), counted).map((text) => `${key}: ${text}`),
      ),
    ).toEqual([])
    expect([...found.keys()].sort()).toEqual(Object.keys(expected).sort())
  })

  it('adds up, leaves nothing behind and was ended in order', () => {
    const {
      summary: { tasks, scopes, process },
    } = recorded(name)
    expect(tasks).toMatchObject({ leaked: 0, cutOff: 0, total: tasks.ok + tasks.failed + tasks.cancelled })
    expect(tasks.total).toBe(scopes.reduce((sum, scope) => sum + scope.tasks, 0))
    expect(process).toMatchObject({ exitCode: 0, cutOff: false, processes: 1 })
  })
})

/** Patterns that give calls up: the service may have answered one in the moment in which it was given up. */
const GIVE_UP = [
  'chained-stages',
  'data-migration',
  'first-error-cancels',
  'graceful-shutdown',
  'health-checks',
  'workflow-timeout',
]

/** Those that call the mock service. */
const CALLERS = PATTERNS.filter((name) => !['news-pipeline', 'work-stealing'].includes(name))

describe.each(CALLERS)('the requests of %s, recorded', (name) => {
  it('are those that the service has seen, on both sides, and came out the same way', () => {
    const program = recorded(name)
    const runs = program.comparisons.flatMap(({ sequential, concurrent }) => [sequential, concurrent])
    const sum = (count: (run: (typeof runs)[number]) => number): number =>
      runs.reduce((total, run) => total + count(run), 0)
    const made = sum((run) => run.made)
    const answered = sum(({ seen }) => seen.answered.length)
    const refused = sum(({ seen }) => seen.refused)
    const failed = sum(({ seen }) => seen.failed)
    const abandoned = sum(({ seen }) => seen.abandoned)
    const client = endingsOf(program, 'http client')
    const servers = endingsOf(program, /^http server/u)
    expect(client.ok + client.failed + client.cancelled).toBe(made)
    expect([client.leaked, servers.leaked]).toEqual([0, 0])
    expect(servers).toMatchObject({ ok: answered + refused, failed })
    if (GIVE_UP.includes(name)) {
      expect(client.ok).toBeLessThanOrEqual(answered)
      expect(client.failed).toBeLessThanOrEqual(failed + refused)
      expect(client.cancelled).toBeGreaterThanOrEqual(abandoned)
      expect(servers.cancelled).toBeGreaterThanOrEqual(abandoned)
      expect(servers.cancelled).toBeLessThanOrEqual(client.cancelled)
    } else {
      expect(abandoned).toBe(0)
      expect(client).toMatchObject({ ok: answered, failed: failed + refused, cancelled: 0 })
      expect(servers.cancelled).toBe(0)
    }
  })

  it('are as many at once as the service has seen, or were a moment longer under way', () => {
    const { comparisons, summary } = recorded(name)
    const seen = comparisons
      .flatMap(({ sequential, concurrent }) => [sequential, concurrent])
      .map((run) => run.seen.peak)
    const servers = summary.scopes.filter((scope) => scope.name?.startsWith('http server') === true)
    expect(servers).toHaveLength(seen.length)
    for (const [index, { peakActive }] of servers.entries()) expect(peakActive).toBeGreaterThanOrEqual(seen[index] ?? 0)
    const client = summary.scopes.find((scope) => scope.name === 'http client')
    expect(client?.peakActive).toBeGreaterThanOrEqual(Math.max(...seen))
  })
})

/** How the tasks of the scopes of a name came out. */
function endingsOf({ trace, summary }: Recorded, name: string | RegExp): Record<Ending, number> {
  const scopeTasks = new ScopeTasks(trace)
  const endings = { ok: 0, failed: 0, cancelled: 0, leaked: 0, 'cut off': 0 }
  for (const scope of summary.scopes) {
    const matches = typeof name === 'string' ? scope.name === name : name.test(scope.name ?? '')
    if (matches) for (const task of scopeTasks.of(scope.id - 1)) endings[endingOf(trace, task)]++
  }
  return endings
}

/** How often tasks waited for something. */
function waitsOf({ trace }: Recorded, kind: string): number {
  return Array.from({ length: trace.waits.length }, (_, row) => waitKind(trace, row)).filter((one) => one === kind)
    .length
}

describe('what tasks waited for', () => {
  it('a connection: all visitors but those who found one free', () => {
    expect(waitsOf(recorded('connection-pool'), 'permit')).toBe(41 - 4)
  })

  it('a pause before each attempt after one that failed', () => {
    const program = recorded('retry-backoff')
    const failed = program.comparisons.reduce(
      (sum, { sequential, concurrent }) => sum + sequential.seen.failed + concurrent.seen.failed,
      0,
    )
    expect(failed).toBeGreaterThan(0)
    expect(waitsOf(program, 'retry')).toBe(failed)
  })

  it('a flight: every visitor', () => {
    expect(waitsOf(recorded('single-flight'), 'flight')).toBe(100)
  })
})

describe(MISTAKEN, () => {
  it('has the requests that its servers got, with their answers', () => {
    const program = recorded(MISTAKEN)
    expect(answersIn(tasksNamed(program, 'fetch'))).toEqual(program.answers)
    const total = Object.values(program.answers).reduce((sum, count) => sum + count, 0)
    expect(tasksNamed(program, /^http server/u)).toHaveLength(total)
    const broken = Object.entries(program.answers).filter(([key]) => key.endsWith(' 500') || key.endsWith(' 503'))
    expect(endingsOf(program, /^http server/u).failed).toBe(broken.reduce((sum, [, count]) => sum + count, 0))
  })

  it('tells what its own report does', () => {
    const program = recorded(MISTAKEN)
    const [peak = NaN, lost = NaN] = [/the model had (\d+) calls at once/u, /(\d+) errors reached nobody/u].map(
      (text) => Number(text.exec(program.stdout)?.[1]),
    )
    const requests = tasksNamed(program, 'fetch')
    expect(mostAtOnce(requests.filter(({ name }) => name.includes('/model/')))).toBeGreaterThanOrEqual(peak)
    expect(requests.filter(({ error }) => error === 'status 503')).toHaveLength(lost)
    for (const [file, scopes, tasks] of [
      ['sentiment', 15, 120],
      ['keywords', 15, 120],
      ['summaries', 1, 120],
      ['briefing', 5, 10],
    ]) {
      const found = program.summary.scopes.filter(({ location }) => location?.file.endsWith(`${String(file)}.ts`))
      expect(found).toHaveLength(Number(scopes))
      expect(found.reduce((sum, scope) => sum + scope.tasks, 0)).toBe(tasks)
    }
  })
})

describe('the news pipeline', () => {
  it('has stored what its servers say they have', () => {
    const program = recorded('news-pipeline')
    const [only] = program.comparisons
    type Outcome = { readonly seen: Readonly<Record<'notified' | 'archived' | 'indexed' | 'refused', number>> }
    const seen = [only?.sequential, only?.concurrent].map((run) => (run?.result as Outcome).seen)
    for (const [path, what] of [
      ['/notifications', 'notified'],
      ['/archive/', 'archived'],
      ['/search/entries/', 'indexed'],
    ] as const) {
      const stored = tasksNamed(program, 'fetch').filter(({ name, error }) => name.includes(path) && error === '')
      expect(stored).toHaveLength(seen.reduce((sum, statistics) => sum + statistics[what], 0))
    }
    expect(tasksNamed(program, 'fetch').filter(({ error }) => error === 'status 429')).toHaveLength(
      seen.reduce((sum, { refused }) => sum + refused, 0),
    )
  })
})

/** How often which request got which answer, in the words of `countRequests.ts`. */
function answersIn(tasks: readonly RecordedTask[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name, error } of tasks) {
    const kind = name.replace(/ [\d.]+:\d+/u, ' ').replace(/article-\d+$/u, '*')
    const key = `${kind} ${error === '' ? '200' : error.replace('status ', '')}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

interface RecordedTask {
  readonly name: string
  readonly error: string
  readonly start: number
  readonly end: number
}

/** The tasks of the scopes of a name. */
function tasksNamed({ trace, summary }: Recorded, scopeName: string | RegExp): RecordedTask[] {
  const scopeTasks = new ScopeTasks(trace)
  const { tasks, strings } = trace
  return summary.scopes
    .filter(({ name }) => (typeof scopeName === 'string' ? name === scopeName : scopeName.test(name ?? '')))
    .flatMap(({ id }) =>
      Array.from(scopeTasks.of(id - 1), (task) => ({
        name: strings.at(tasks.name.at(task)),
        error: strings.at(tasks.error.at(task)),
        start: tasks.start[task] ?? NaN,
        end: tasks.end[task] ?? NaN,
      })),
    )
}

function mostAtOnce(tasks: readonly RecordedTask[]): number {
  return Math.max(
    0,
    ...tasks.map(({ start }) => tasks.filter((other) => other.start <= start && other.end > start).length),
  )
}
