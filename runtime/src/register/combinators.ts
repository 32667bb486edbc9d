import { type Probe, tracing } from '../trace/probe.ts'

type Combinator = 'all' | 'allSettled' | 'any' | 'race'

type Combine = (this: unknown, values: Iterable<unknown>) => Promise<unknown>

/** How the promise that a combinator gives ends, told from how those in it do. */
interface Ends {
  /** With the first that is fulfilled, or only when all are done. */
  readonly firstFulfilled: boolean
  /** With the first that is rejected. */
  readonly firstRejected: boolean
  /** When all are done. */
  readonly inTheEnd: 'ok' | 'failed'
}

const ENDS: Readonly<Record<Combinator, Ends>> = {
  all: { firstFulfilled: false, firstRejected: true, inTheEnd: 'ok' },
  allSettled: { firstFulfilled: false, firstRejected: false, inTheEnd: 'ok' },
  any: { firstFulfilled: true, firstRejected: false, inTheEnd: 'failed' },
  race: { firstFulfilled: true, firstRejected: true, inTheEnd: 'ok' },
}

// Kept now: what the program puts in its place later must not be called for us.
const then: unknown = Reflect.get(Promise.prototype, 'then')

/** Records `Promise.all` and its like: a scope for each call, and a task for each promise that it is given. */
export function recordCombinators(): void {
  for (const name of ['all', 'allSettled', 'any', 'race'] as const) {
    const original: Combine = Reflect.get(Promise, name)
    const { [name]: recorded } = {
      [name](this: unknown, values: Iterable<unknown>): Promise<unknown> {
        const { probe } = tracing
        // Arrays of plain promises only: looking at anything else could be noticed.
        if (probe !== undefined && this === Promise && Array.isArray(values)) observe(probe, name, values, recorded)
        return original.call(this, values)
      },
    } as Record<Combinator, Combine>
    Object.defineProperty(Promise, name, { value: recorded, writable: true, enumerable: false, configurable: true })
  }
}

/**
 * Listens to the promises, never to the combinator's own: a listener there would count as one that handles its
 * rejection. Those that are given all get a handler from the combinator anyhow.
 */
function observe(probe: Probe, name: Combinator, values: readonly unknown[], from: Combine): void {
  const promises = values.filter(isPlainPromise)
  const scope = probe.openScope(name, undefined, 0, from)
  const ends = ENDS[name]
  let left = promises.length
  let open = true
  const close = (outcome: 'ok' | 'failed', error?: unknown): void => {
    if (open) probe.endScope(scope, outcome, error)
    open = false
  }
  if (left === 0) close(ends.inTheEnd)
  for (const [slot, promise] of promises.entries()) {
    const task = probe.beginTask(scope, slot)
    const fulfilled = (): void => {
      probe.endTask(task, 'ok')
      if (ends.firstFulfilled) close('ok')
      if (--left === 0) close(ends.inTheEnd)
    }
    const rejected = (error: unknown): void => {
      probe.endTask(task, 'failed', error)
      if (ends.firstRejected) close('failed', error)
      if (--left === 0) close(ends.inTheEnd, error)
    }
    void Reflect.apply(then as typeof Promise.prototype.then, promise, [fulfilled, rejected])
  }
}

/** One whose `then` asks nobody for a constructor. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise && Object.getPrototypeOf(value) === Promise.prototype
    && !Object.hasOwn(value, 'constructor') && !Object.hasOwn(value, 'then')
}
