/** A promise that the test settles itself. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** Lets everything that is ready run, up to and including what a new macrotask finds. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Whether the promise has settled by now, and how. */
export async function state(promise: PromiseLike<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  let current: 'pending' | 'fulfilled' | 'rejected' = 'pending'
  promise.then(
    () => {
      current = 'fulfilled'
    },
    () => {
      current = 'rejected'
    },
  )
  await settle()
  return current
}
