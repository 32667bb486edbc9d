import { listen, unlisten } from './audience.ts'
import { signalOf, unexpected } from './expect.ts'
import type { WaitOptions } from './task.ts'

/** Something that `select` can choose: made by `channel.receiving` and `channel.sending`. */
export interface SelectCase<R> {
  /** @internal Whether it can happen now. */
  ready(): boolean
  /** @internal Lets it happen; only when ready. Gives what is to be run then. */
  take(): () => R | PromiseLike<R>
  /** @internal Waits for it. Gives what withdraws it from the wait. */
  enrol(chosen: (run: () => R | PromiseLike<R>) => void): () => void
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
  cases: C,
  options?: WaitOptions,
): Promise<Selected<C[number]>> {
  type R = Selected<C[number]>
  if (!Array.isArray(cases) || cases.length === 0) throw unexpected('cases', 'an array of at least one case', cases)
  const signal = signalOf(options)
  const channels: SelectCase<R>[] = []
  let otherwise: DefaultCase<R>['default'] | undefined
  cases.forEach((candidate: Partial<SelectCase<R> & DefaultCase<R>> | undefined, index) => {
    if (typeof candidate?.enrol === 'function') channels.push(candidate as SelectCase<R>)
    else if (typeof candidate?.default === 'function' && otherwise === undefined) otherwise = candidate.default
    else throw unexpected(`cases[${index}]`, 'a case of a channel, or the only default case', candidate)
  })
  return choose(channels, otherwise, signal)
}

async function choose<R>(
  cases: readonly SelectCase<R>[],
  otherwise: DefaultCase<R>['default'] | undefined,
  signal: AbortSignal | undefined,
): Promise<Awaited<R>> {
  signal?.throwIfAborted()
  const ready = cases.filter((candidate) => candidate.ready())
  const chosen = ready[Math.floor(Math.random() * ready.length)]
  if (chosen !== undefined) return await chosen.take()()
  if (otherwise !== undefined) return await otherwise()
  const run = await new Promise<() => R | PromiseLike<R>>((resolve, reject) => {
    const end = () => {
      if (signal !== undefined) unlisten(signal, leave)
      for (const withdraw of withdrawals) withdraw()
    }
    const leave = () => {
      end()
      reject(signal?.reason as Error)
    }
    const withdrawals = cases.map((candidate) =>
      candidate.enrol((chosenRun) => {
        end()
        resolve(chosenRun)
      }),
    )
    if (signal !== undefined) listen(signal, leave)
  })
  return await run()
}
