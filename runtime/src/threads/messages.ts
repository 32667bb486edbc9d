/** What the pool and its workers tell each other. */

/** A task, as it is sent. */
export interface Order {
  readonly place: number
  readonly number: number
  /** Tasks of one call have one number here: they are killed together or not at all. */
  readonly call: number
  readonly name: string
  readonly index: number
  readonly input: unknown
}

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

export interface Reply {
  readonly place: number
  readonly number: number
  readonly outcome: { readonly value: unknown } | { readonly thrown: Thrown }
}

/** What a worker says. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken', readonly thrown: Thrown }
  /** `busy`: milliseconds of work in these. */
  | { readonly kind: 'done', readonly replies: readonly Reply[], readonly busy: number }

export interface WorkerInput {
  readonly claims: SharedArrayBuffer
  /** Address of the module whose exports are to be called; undefined when a function was given. */
  readonly url: string | undefined
}
