import { callerOf, NODE } from '../trace/location.ts'
import type { Recorder } from '../trace/recorder.ts'
import { saidBy } from '../trace/thrown.ts'
import { alike, replace } from './alike.ts'
import { isPlainPromise, listen } from './plain.ts'

type Combinator = 'all' | 'allSettled' | 'any' | 'race'

type Combine = (this: unknown, values: Iterable<unknown>) => Promise<unknown>

type Listener = (value: unknown) => unknown

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

/** The V8 of Node 20 crashes when it follows a promise to a listener of a combinator that was called before. */
const FOLLOWED = Number.parseInt(process.versions.node) >= 22

const PROMISE = Promise
const resolve: unknown = Reflect.get(PROMISE, 'resolve')

/** Records `Promise.all` and its like: a scope for each call, and a task for each promise that it is given. */
export function recordCombinators(recorder: Recorder): void {
  for (const name of ['all', 'allSettled', 'any', 'race'] as const) {
    const original: Combine = Reflect.get(PROMISE, name)
    const recorded = (target: Combine, self: unknown, args: Parameters<Combine>): Promise<unknown> => {
      const [values] = args
      // Arrays of plain promises only: looking at anything else could be noticed.
      const plain = self === PROMISE && Array.isArray(values) && Reflect.get(PROMISE, 'resolve') === resolve
        ? values.filter(isPlainPromise).length : 0
      if (plain === 0) return Reflect.apply(target, self, args)
      const location = callerOf(recorded)
      if (location === NODE) return Reflect.apply(target, self, args)
      const observer = new Observer(recorder, name, recorder.openScopeAt(name, undefined, 0, location), plain)
      return Reflect.apply(target, constructorFor(observer), args)
    }
    replace(PROMISE, name, alike(original, recorded))
  }
}

/** What the combinator takes for the constructor of promises: it makes plain ones, and looks at what it is given. */
function constructorFor(observer: Observer): unknown {
  const constructor = function Promise(executor: ConstructorParameters<typeof PROMISE>[0]): Promise<unknown> {
    return new PROMISE(executor)
  }
  return Object.assign(constructor, {
    resolve: (value: unknown) => {
      const promise: unknown = Reflect.apply(resolve as (value: unknown) => unknown, PROMISE, [value])
      return isPlainPromise(value) ? observer.next(value) : promise
    },
  })
}

class Observer {
  readonly #recorder: Recorder
  readonly #ends: Ends
  readonly #scope: number
  #slot = 0
  #left: number
  #open = true

  constructor(recorder: Recorder, name: Combinator, scope: number, plain: number) {
    this.#recorder = recorder
    this.#ends = ENDS[name]
    this.#scope = scope
    this.#left = plain
  }

  /**
   * Stands for a promise before the combinator. The combinator's own listeners are called from ours, in the same turn
   * as they would have been. A second listener would do as well, but V8 follows a promise with one only: the stacks of
   * errors would end here. So ours is the only one, and what comes of it leads to the combinator's; they are called
   * a second time there, which does nothing, as what they settle is settled.
   */
  next(promise: Promise<unknown>): { then(fulfilled: Listener, rejected: Listener): unknown } {
    const task = this.#recorder.beginTask(this.#scope, this.#slot++)
    return {
      then: (fulfilled, rejected) => {
        const after = listen(promise, (value) => {
          this.#recorder.endTask(task, 'ok')
          if (this.#ends.firstFulfilled) this.#close('ok')
          this.#done()
          fulfilled(value)
        }, (error) => {
          this.#recorder.endTask(task, 'failed', saidBy(error))
          if (this.#ends.firstRejected) this.#close('failed', error)
          this.#done(error)
          rejected(error)
          if (FOLLOWED) throw error
        })
        return FOLLOWED ? listen(after, fulfilled, rejected) : after
      },
    }
  }

  #done(error?: unknown): void {
    if (--this.#left === 0) this.#close(this.#ends.inTheEnd, error)
  }

  #close(outcome: 'ok' | 'failed', error?: unknown): void {
    if (this.#open) this.#recorder.endScope(this.#scope, outcome, outcome === 'ok' ? undefined : saidBy(error))
    this.#open = false
  }
}
