import { NODE } from '../trace/location.ts'
import { type Caller, tracing } from '../trace/probe.ts'
import type { Recorder } from '../trace/recorder.ts'
import { alike, replace } from './alike.ts'
import { isPlainPromise, isThenPlain, lengthOf, listen } from './plain.ts'

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
const resolve = Reflect.get(PROMISE, 'resolve') as (this: unknown, value: unknown) => Promise<unknown>

/** The call whose promises a combinator asks for now. It asks for all of them before it returns. */
let current: Call | undefined

/**
 * What combinators take for the constructor of promises: it makes plain ones, and tells the call what it is given.
 * Stacks show its name.
 */
const constructor = Object.assign(
  function Promise(executor: ConstructorParameters<typeof PROMISE>[0]): Promise<unknown> {
    return new PROMISE(executor)
  },
  {
    resolve: (value: unknown): unknown => {
      const promise = Reflect.apply(resolve, PROMISE, [value])
      return current !== undefined && isPlainPromise(value) ? current.observed(value) : promise
    },
  },
)

/** Records `Promise.all` and its like: a scope for each call, and a task for each promise that it is given. */
export function recordCombinators(recorder: Recorder): void {
  for (const name of ['all', 'allSettled', 'any', 'race'] as const) {
    const original: Combine = Reflect.get(PROMISE, name)
    const recorded = (target: Combine, self: unknown, args: Parameters<Combine>): Promise<unknown> => {
      // Where the program has promises of its own making, they are to be treated as it wants.
      if (self !== PROMISE || PROMISE.resolve !== resolve || !isThenPlain() || tracing.aside === true) {
        return Reflect.apply(target, self, args)
      }
      const outer = current
      // Mostly there are promises, and here fewer frames of ours are on the stack, which takes less time.
      const length = lengthOf(args[0])
      const location = length > 0 ? { found: recorder.callerOf(recorded, length) } : undefined
      current = new Call(recorder, name, recorded, location)
      try {
        return Reflect.apply(target, constructor, args)
      } finally {
        current = outer
      }
    }
    replace(PROMISE, name, alike(original, recorded))
  }
}

/** What came of looking for a place: undefined when there was no time for it. */
interface Looked {
  readonly found: string | undefined
}

/** One call of a combinator. What it is given is looked at as the combinator comes to it, and not before. */
class Call {
  readonly recorder: Recorder
  readonly ends: Ends
  readonly #name: Combinator
  readonly #from: Caller
  readonly #location: Looked | undefined
  /** 0 until there is a promise in it. */
  #scope = 0
  #slots = 0
  #left = 0
  #state: 'unknown' | 'open' | 'closed' | 'of Node' = 'unknown'

  /** @param location of the call, when it was looked up already. */
  constructor(recorder: Recorder, name: Combinator, from: Caller, location: Looked | undefined) {
    this.recorder = recorder
    this.ends = ENDS[name]
    this.#name = name
    this.#from = from
    this.#location = location
  }

  /** What the combinator is to take for a promise. */
  observed(promise: Promise<unknown>): unknown {
    if (this.#state === 'unknown') this.#openScope()
    if (this.#state === 'of Node') return promise
    this.#left++
    return new Observed(this, promise, this.recorder.beginTask(this.#scope, this.#slots++))
  }

  done(error?: unknown): void {
    if (--this.#left === 0) this.close(this.ends.inTheEnd, error)
  }

  close(outcome: 'ok' | 'failed', error?: unknown): void {
    if (this.#state === 'open') this.recorder.endScope(this.#scope, outcome, outcome === 'ok' ? undefined : error)
    this.#state = 'closed'
  }

  #openScope(): void {
    const location = this.#location === undefined ? this.recorder.callerOf(this.#from, 0) : this.#location.found
    this.#state = location === NODE ? 'of Node' : 'open'
    if (location !== NODE) this.#scope = this.recorder.openScopeAt(this.#name, undefined, 0, location)
  }
}

/**
 * Stands for a promise before the combinator. The combinator's own listeners are called from ours, in the same turn
 * as they would have been. A second listener would do as well, but V8 follows a promise with one only: the stacks of
 * errors would end here. So ours is the only one, and what comes of it leads to the combinator's; they are called
 * a second time there, which does nothing, as what they settle is settled.
 */
class Observed {
  readonly #call: Call
  readonly #promise: Promise<unknown>
  readonly #task: number

  constructor(call: Call, promise: Promise<unknown>, task: number) {
    this.#call = call
    this.#promise = promise
    this.#task = task
  }

  then(fulfilled: Listener, rejected: Listener): unknown {
    const call = this.#call
    const task = this.#task
    const after = listen(
      this.#promise,
      (value) => {
        call.recorder.endTask(task, 'ok')
        if (call.ends.firstFulfilled) call.close('ok')
        call.done()
        fulfilled(value)
      },
      (error) => {
        call.recorder.endTask(task, 'failed', error)
        if (call.ends.firstRejected) call.close('failed', error)
        call.done(error)
        rejected(error)
        if (FOLLOWED) throw error
      },
    )
    return FOLLOWED ? listen(after, fulfilled, rejected) : after
  }
}
