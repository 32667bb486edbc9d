import { expectFunction, signalOf, unexpected } from './expect.ts'
import type { Task, WaitOptions } from './task.ts'

/** One step of a chain: gets what the step before it returned. Its name is the function's. */
export type Stage<I, O> = (input: I, task: Task) => O | PromiseLike<O>

/** Says which stage of a chain failed; `cause` says why. */
export class StageError extends Error {
  override readonly name = 'StageError'
  /** Name of the stage's function, or its position when it has none. */
  readonly stage: string
  /** Position of the stage, from 0. */
  readonly index: number

  constructor(stage: string, index: number, cause: unknown) {
    super(`Stage "${stage}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.stage = stage
    this.index = index
  }
}

/** What `chain` makes. `options.signal` reaches every stage, and ends the chain between two. */
export type Chain<I, O> = (input: I, options?: WaitOptions) => Promise<Awaited<O>>

/**
 * Makes one function of several stages, each of which gets what the one before returned.
 *
 * The idea comes from composed functions, and from Go's errors that wrap others to say where they arose.
 *
 * @param stages one or more functions of an input and a task with `signal` and `index`.
 * @returns a function of the first stage's input. It rejects with a `StageError` that names the stage that failed,
 * or with the signal's reason when it has aborted; no further stage is then started.
 * @throws TypeError when a stage is no function, or there is none.
 */
export function chain<A, B>(stages: readonly [Stage<A, B>]): Chain<A, B>
export function chain<A, B, C>(stages: readonly [Stage<A, B>, Stage<Awaited<B>, C>]): Chain<A, C>
export function chain<A, B, C, D>(
  stages: readonly [Stage<A, B>, Stage<Awaited<B>, C>, Stage<Awaited<C>, D>],
): Chain<A, D>
export function chain<A, B, C, D, E>(
  stages: readonly [Stage<A, B>, Stage<Awaited<B>, C>, Stage<Awaited<C>, D>, Stage<Awaited<D>, E>],
): Chain<A, E>
export function chain<T>(stages: readonly Stage<T, T>[]): Chain<T, T>
export function chain(stages: readonly Stage<never, unknown>[]): Chain<unknown, unknown> {
  if (!Array.isArray(stages) || stages.length === 0) throw unexpected('stages', 'an array of functions', stages)
  const steps = [...(stages as readonly Stage<unknown, unknown>[])]
  steps.forEach((stage, index) => {
    expectFunction(`stages[${index}]`, stage)
  })
  return (input, options) => {
    const signal = signalOf(options)
    return runStages(steps, input, signal ?? new AbortController().signal)
  }
}

async function runStages(
  steps: readonly Stage<unknown, unknown>[],
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  let value = input
  for (const [index, stage] of steps.entries()) {
    signal.throwIfAborted()
    try {
      value = await stage(value, { signal, index })
    } catch (error) {
      signal.throwIfAborted()
      throw new StageError(stage.name === '' ? `#${index + 1}` : stage.name, index, error)
    }
  }
  return value
}
