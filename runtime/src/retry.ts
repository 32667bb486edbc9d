import {
  expectFunction,
  expectMilliseconds,
  expectPositiveInteger,
  isWithin,
  LONGEST_DELAY,
  signalOf,
  unexpected,
} from './expect.ts'
import { pause as waitFor } from './sleep.ts'
import { closeScope, endTask, failScope, failTask, inTask, openOwnScope, startTask, TRACES } from '#traced'
import type { WaitOptions } from './task.ts'

export interface RetryOptions extends WaitOptions {
  /** How often `fn` is called at most, the first time included. Default: 3. */
  readonly attempts?: number | undefined
  /** Milliseconds before the second call. Default: 100. */
  readonly delay?: number | undefined
  /** What each further pause is longer by. Default: 2. */
  readonly factor?: number | undefined
  /** Milliseconds that no pause is longer than. Default: 30000. */
  readonly maxDelay?: number | undefined
  /** Share of each pause left to chance, from 0 to 1, so that clients do not all come back at once. Default: 0.5. */
  readonly jitter?: number | undefined
  /** Whether it is worth trying again after this error; `attempt` counts from 1. Default: always. */
  readonly when?: ((error: unknown, attempt: number) => boolean | PromiseLike<boolean>) | undefined
}

/** What a call is told about itself. */
export interface Attempt {
  /** Counts from 1. */
  readonly attempt: number
  /** The signal of the options; one that never aborts when there is none. */
  readonly signal: AbortSignal
}

/**
 * Calls `fn` until it succeeds, with pauses that grow.
 *
 * The idea is exponential back-off, known from Ethernet; the jitter keeps clients from coming back all together.
 *
 * @param fn gets the number of the attempt, from 1, and the signal.
 * @returns what `fn` returned first.
 * @throws the error of the last call; the signal's reason when it aborts, in a pause at once, in a call when the
 * call has ended in failure; what `when` throws. TypeError at the call when an option is not what it should be.
 */
export function retry<R>(
  fn: (attempt: Attempt) => R | PromiseLike<R>,
  options: RetryOptions = {},
): Promise<Awaited<R>> {
  expectFunction('fn', fn)
  const signal = signalOf(options) ?? new AbortController().signal
  const { attempts = 3, delay = 100, factor = 2, maxDelay = 30_000, jitter = 0.5, when = () => true } = options
  expectPositiveInteger('attempts', attempts)
  expectMilliseconds('delay', delay)
  expectMilliseconds('maxDelay', maxDelay)
  if (!isWithin(1, factor, Number.MAX_VALUE)) throw unexpected('factor', 'a number from 1', factor)
  if (!isWithin(0, jitter, 1)) throw unexpected('jitter', 'a number from 0 to 1', jitter)
  expectFunction('when', when)
  const pause = (attempt: number) => {
    const full = Math.min(delay * factor ** (attempt - 1), maxDelay, LONGEST_DELAY)
    return full * (1 - jitter * Math.random())
  }
  return keepTrying()

  async function keepTrying(): Promise<Awaited<R>> {
    const call = TRACES ? openOwnScope(undefined, 'retry', undefined, 0, retry) : undefined
    try {
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted()
        const traced = TRACES ? startTask(call, undefined) : undefined
        const task = { attempt, signal }
        try {
          const value = await (TRACES && traced !== undefined ? inTask(traced, () => fn(task)) : fn(task))
          endTask(traced)
          closeScope(call)
          return value
        } catch (error) {
          failTask(traced, error, signal)
          signal.throwIfAborted()
          if (attempt === attempts || !(await when(error, attempt))) throw error
        }
        await waitFor(pause(attempt), signal, 'retry', call)
      }
    } catch (error) {
      failScope(call, error, signal)
      throw error
    }
  }
}
