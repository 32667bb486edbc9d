import { appendFileSync } from 'node:fs'
import { styleText } from 'node:util'
import { startMock, type Mock, type MockOptions, type Seen } from './mock.ts'
import type { Common } from './service.ts'

interface Environment extends Common {
  readonly signal: AbortSignal
}

interface Comparison<R> {
  /** The service that both ways are tried against, each with one of its own. */
  readonly mock: MockOptions
  readonly sequential: (common: Environment) => Promise<unknown>
  readonly concurrent: (common: Environment) => Promise<R>
  /** What is worth knowing about the concurrent way: a few words. */
  readonly tell: (result: R, seen: Seen) => string
}

/**
 * Under this name in the environment: a file to which each comparison adds a line of JSON, with what the mock has seen
 * both times, how many calls the client made of it, and the result of the concurrent way.
 */
const REPORT = 'PATTERN_REPORT'

/** Does work one thing after the other and concurrently, and prints both times and their ratio. Ctrl-C aborts it. */
export async function compare<R>(name: string, { mock, sequential, concurrent, tell }: Comparison<R>): Promise<void> {
  const interrupted = new AbortController()
  const interrupt = () => {
    interrupted.abort(new Error('Interrupted'))
  }
  process.once('SIGINT', interrupt)
  const { signal } = interrupted
  try {
    const slow = await measure(mock, ({ service }) => sequential({ service, signal }))
    const fast = await measure(mock, ({ service }) => concurrent({ service, signal }))
    const times = `sequential ${format(slow.ms)}, concurrent ${format(fast.ms)}`
    console.log(`${styleText('bold', name)}: ${times}, ${(slow.ms / fast.ms).toFixed(1)} times as fast`)
    console.log(tell(fast.result, fast.seen))
    const report = process.env[REPORT]
    if (report !== undefined)
      appendFileSync(report, `${JSON.stringify({ name, sequential: slow, concurrent: fast }, plain)}\n`)
  } finally {
    process.off('SIGINT', interrupt)
  }
}

async function measure<R>(
  options: MockOptions,
  work: (mock: Mock) => Promise<R>,
): Promise<{ result: R; seen: Seen; made: number; ms: number }> {
  const mock = await startMock(options)
  try {
    const started = performance.now()
    const result = await work(mock)
    const ms = performance.now() - started
    await mock.rest()
    return { result, seen: mock.seen, made: mock.service.made, ms }
  } finally {
    await mock[Symbol.asyncDispose]()
  }
}

function format(ms: number): string {
  return `${Math.round(ms)} ms`
}

/** For JSON, which leaves out what is in a map. */
function plain(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}
