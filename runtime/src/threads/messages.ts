import type { MessagePort } from 'node:worker_threads'

/** What the pool and its workers tell each other. Many short tasks travel in one flat list: copying objects takes longer. */

/**
 * Tasks, as they are sent. For each its place; its number; its call (tasks of one call have one number there: they
 * are killed together or not at all); which of `names` is to be called; its index; its number in a recording, or 0; and
 * its input.
 */
export interface Orders {
  readonly names: readonly string[]
  readonly list: readonly unknown[]
}

/** How many entries of a list make up a task. */
export const ORDER_SIZE = 7
export const REPLY_SIZE = 4

/** An error on its way between threads; a clone of the error itself would lose its name and its properties. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly stack: string
  readonly cause?: { readonly value: unknown } | { readonly failure: Failure }
  readonly errors?: readonly ({ readonly value: unknown } | { readonly failure: Failure })[]
  readonly properties?: Readonly<Record<string, unknown>>
}

/** What became of a value that was thrown. */
export type Thrown = { readonly value: unknown } | { readonly failure: Failure }

/** What a worker says. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly thrown: Thrown }
  /**
   * For each task its place, its number, whether it failed, and its value or what was thrown. `busy`: milliseconds of
   * work in these.
   */
  | { readonly kind: 'done'; readonly list: readonly unknown[]; readonly busy: number }

export interface WorkerInput {
  readonly port: MessagePort
  /** As `Claims` lays it out. */
  readonly claims: SharedArrayBuffer
  /** Address of the module whose exports are to be called; undefined when a function was given. */
  readonly url: string | undefined
  /** Address of a module that has the worker join a recording; undefined when none is to be loaded. */
  readonly join: string | undefined
}
