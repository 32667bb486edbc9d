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

/** Does work one thing after the other and concurrently, and prints both times and their ratio. Ctrl-C aborts it. */
export async function compare<R>(name: string, { mock, sequential, concurrent, tell }: Comparison<R>): Promise<void> {
  const interrupted = new AbortController()
  const interrupt = () => { interrupted.abort(new Error('Interrupted')) }
  process.once('SIGINT', interrupt)
  const { signal } = interrupted
  try {
    const slow = await measure(mock, ({ service }) => sequential({ service, signal }))
    const fast = await measure(mock, ({ service }) => concurrent({ service, signal }))
    const times = `sequential ${format(slow.ms)}, concurrent ${format(fast.ms)}`
    console.log(`${styleText('bold', name)}: ${times}, ${(slow.ms / fast.ms).toFixed(1)} times as fast`)
    console.log(tell(fast.result, fast.seen))
  } finally {
    process.off('SIGINT', interrupt)
  }
}

async function measure<R>(
  options: MockOptions, work: (mock: Mock) => Promise<R>,
): Promise<{ result: R, seen: Seen, ms: number }> {
  const mock = await startMock(options)
  try {
    const started = performance.now()
    const result = await work(mock)
    const ms = performance.now() - started
    await mock.rest()
    return { result, seen: mock.seen, ms }
  } finally {
    await mock[Symbol.asyncDispose]()
  }
}

function format(ms: number): string {
  return `${Math.round(ms)} ms`
}
