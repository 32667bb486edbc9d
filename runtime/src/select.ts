import { expectOptions, expectSignal, unexpected } from './expect.ts'
import type { WaitOptions } from './task.ts'

/** Something that `select` can choose: made by `channel.receiving` and `channel.sending`. */
export interface SelectCase<R> {
  /** @internal Whether it can happen now. */
  ready(): boolean
  /** @internal Lets it happen; only when ready. Gives what is to be run then. */
  take(): () => R | PromiseLike<R>
  /** @internal Waits for it. Gives what withdraws it from the wait. */
  enrol(chosen: (run: () => R | PromiseLike<R>) => void, failed: (error: Error) => void): () => void
}

/** What `select` does when no other case is ready, instead of waiting. */
export interface DefaultCase<R> {
  readonly default: () => R | PromiseLike<R>
}

/** What the functions of the cases return. */
export type Selected<C> =
  C extends SelectCase<infer R> ? Awaited<R> : C extends DefaultCase<infer R> ? Awaited<R> : never

/**
 * Waits until one of several channels can be received from or sent to, lets just that happen, and runs its
 * function. When several are ready, one is chosen at random, so that none is starved. For a time limit pass the
 * signal of `withTimeout`.
 *
 * The idea comes from Go's select statement.
 *
 * ```ts
 * await select([
 *   jobs.receiving(({ value, done }) => { if (!done) handle(value) }),
 *   results.sending(result, () => { sent++ }),
 *   { default: () => { idle++ } },
 * ])
 * ```
 *
 * @param cases one or more, of which one may be `{ default }`.
 * @returns what the function of the chosen case returns.
 * @throws what that function throws; Error when the chosen case sends to a closed channel; the signal's reason
 * when it aborts first, and then nothing was received or sent. TypeError at the call when a case is none.
 */
export function select<C extends readonly (SelectCase<unknown> | DefaultCase<unknown>)[]>(
  cases: C, options: WaitOptions = {},
): Promise<Selected<C[number]>> {
  type R = Selected<C[number]>
  if (!Array.isArray(cases) || cases.length === 0) throw unexpected('cases', 'an array of at least one case', cases)
  expectOptions('options', options)
  expectSignal('signal', options.signal)
  const channels: SelectCase<R>[] = []
  let otherwise: DefaultCase<R> | undefined
  cases.forEach((candidate, index) => {
    const kind = kindOf(candidate)
    if (kind === 'channel') channels.push(candidate as SelectCase<R>)
    else if (kind === 'default' && otherwise === undefined) otherwise = candidate as DefaultCase<R>
    else throw unexpected(`cases[${String(index)}]`, 'a case of a channel, or the only default case', candidate)
  })
  return choose(channels, otherwise, options.signal)
}

async function choose<R>(
  cases: readonly SelectCase<R>[], otherwise: DefaultCase<R> | undefined, signal: AbortSignal | undefined,
): Promise<Awaited<R>> {
  signal?.throwIfAborted()
  const ready = cases.filter(candidate => candidate.ready())
  const chosen = ready[Math.floor(Math.random() * ready.length)]
  if (chosen !== undefined) return await chosen.take()()
  if (otherwise !== undefined) return await otherwise.default()
  const run = await firstOf(cases, signal)
  return await run()
}

function firstOf<R>(
  cases: readonly SelectCase<R>[], signal: AbortSignal | undefined,
): Promise<() => R | PromiseLike<R>> {
  return new Promise((resolve, reject) => {
    const end = () => {
      signal?.removeEventListener('abort', leave)
      for (const withdraw of withdrawals) withdraw()
    }
    const leave = () => {
      end()
      reject(signal?.reason as Error)
    }
    const withdrawals = cases.map(candidate => candidate.enrol(
      run => {
        end()
        resolve(run)
      },
      error => {
        end()
        reject(error)
      },
    ))
    signal?.addEventListener('abort', leave, { once: true })
  })
}

function kindOf(value: unknown): 'channel' | 'default' | undefined {
  const candidate = value as Partial<SelectCase<unknown> & DefaultCase<unknown>> | null | undefined
  if (typeof candidate?.enrol === 'function') return 'channel'
  return typeof candidate?.default === 'function' ? 'default' : undefined
}
