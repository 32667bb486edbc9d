import { ask, getterOf, peek } from '../trace/look.ts'
import type { Recorder } from '../trace/recorder.ts'
import { endTask } from './endTask.ts'
import { atExit } from './atExit.ts'
import { isPlainPromise, listen, thenableFor } from './plain.ts'
import { Slots } from '../slots.ts'
import { isPlaced } from '../tracedScope.ts'

type Work = (this: unknown, ...args: unknown[]) => unknown

/** So many of the tasks that wait are looked at when another one ends: have they been aborted? */
const LOOKED_AT = 16

const SIGNAL = AbortSignal.prototype
const aborted = getterOf(SIGNAL, 'aborted')

/** Functions that record already. */
const recording = new WeakSet<Work>()

/** Records the tasks of one limiter: created when they are handed to it, started when it calls them. */
export class Runs {
  readonly #scope: number
  readonly #recorder: Recorder
  readonly #slots = new Slots()
  /** Those that have not been started, with the signal that may keep them from it. */
  readonly #waiting = new Map<number, unknown>()
  #created = 0

  readonly #atExit = (): void => {
    this.#forgetAborted(Infinity)
  }

  constructor(recorder: Recorder, scope: number) {
    this.#recorder = recorder
    this.#scope = scope
  }

  /** Creates a task for `work`, and gives what the limiter is to call in its place. */
  submit(work: Work, from: (...args: never[]) => unknown, signal?: unknown): Work {
    if (recording.has(work)) return work
    const task = this.#create(work, from, signal)
    return this.#recording((self, args) => this.#start(task, () => Reflect.apply(work, self, args)))
  }

  /** As `submit`, for a function that is called for each of so many items with the item's index as its second argument. */
  submitEach(work: Work, count: number, from: (...args: never[]) => unknown): Work {
    const tasks = Array.from({ length: count }, () => this.#create(work, from))
    return this.#recording((self, args) => {
      const task = tasks[typeof args[1] === 'number' ? args[1] : -1] ?? this.#create(work, from)
      return this.#start(task, () => Reflect.apply(work, self, args))
    })
  }

  /** The last ones that waited, by default all, are not going to be started any more. */
  clear(count = this.#waiting.size): void {
    for (const task of [...this.#waiting.keys()].slice(this.#waiting.size - count)) {
      this.#recorder.endTask(task, 'cancelled')
      this.#waiting.delete(task)
    }
  }

  #recording(call: (self: unknown, args: unknown[]) => unknown): Work {
    const work: Work = function (...args) {
      return call(this, args)
    }
    recording.add(work)
    return work
  }

  #create(work: Work, from: (...args: never[]) => unknown, signal?: unknown): number {
    const task = this.#recorder.createTask(this.#scope)
    this.#recorder.describeTask(task, nameOf(work), isPlaced(this.#created++) ? from : undefined)
    this.#waiting.set(task, signal)
    if (signal !== undefined) atExit.add(this.#atExit)
    return task
  }

  #start(task: number, work: () => unknown): unknown {
    this.#waiting.delete(task)
    const slot = this.#slots.take()
    this.#recorder.startTask(task, slot)
    const end = (outcome: 'ok' | 'failed', error?: unknown): void => {
      this.#slots.give(slot)
      endTask(this.#recorder, task, outcome, error)
      this.#forgetAborted(LOOKED_AT)
      if (this.#waiting.size === 0) atExit.delete(this.#atExit)
    }
    try {
      return whenDone(this.#recorder.within(task, work), end)
    } catch (error) {
      end('failed', error)
      throw error
    }
  }

  /** A limiter drops those whose signal aborts, and tells nobody. To listen to the signals could be noticed. */
  #forgetAborted(most: number): void {
    let left = most
    for (const [task, signal] of this.#waiting) {
      if (left-- === 0) return
      if (ask(SIGNAL, aborted, signal) !== true) continue
      this.#waiting.delete(task)
      this.#recorder.endTask(task, 'cancelled')
    }
  }
}

/** Tells when the result of a task is there, and gives what its limiter is to take for it. */
function whenDone(result: unknown, end: (outcome: 'ok' | 'failed', error?: unknown) => void): unknown {
  if (!isPlainPromise(result)) return thenableFor(result, end)
  // A limiter waits for what it is given, so this is not the one listener that handles a rejection.
  void listen(
    result,
    () => {
      end('ok')
    },
    (error) => {
      end('failed', error)
    },
  )
  return result
}

function nameOf(work: Work): string | undefined {
  const name = peek(work, 'name')
  return typeof name === 'string' && name !== '' ? name : undefined
}
