/** What a suspended activation waits for. */
export type Wait =
  | { readonly kind: 'io'; readonly value: number; readonly mayFail: boolean }
  | { readonly kind: 'tasks'; readonly tasks: readonly Task[] }
  | { readonly kind: 'permit'; readonly semaphore: Semaphore }

/** An async function under way: it yields what it waits for, and is given what came of it. */
export type Activation = Generator<Wait, void, number>

/** What an operation outside of the program rejects with; no error, for nobody reads its stack, and that takes long to make. */
export class Failure {
  readonly reason = 'failed'
}

export class Semaphore {
  free: number
  readonly waiters: Task[] = []
  readonly mark: number

  constructor(permits: number, mark: number) {
    this.free = permits
    this.mark = mark
  }
}

export class Task {
  readonly id: number
  readonly activation: Activation
  readonly onDone: ((failure: Failure | undefined) => void)[] = []
  /** What its end counts as a write to, where several wait for it, or for it and others. */
  readonly mark: number
  ended = false
  failure: Failure | undefined

  constructor(id: number, activation: Activation, mark: number) {
    this.id = id
    this.activation = activation
    this.mark = mark
  }
}

/** An operation under way, and who waits for it. */
export interface Pending {
  readonly task: Task
  readonly value: number
  readonly mayFail: boolean
}

/** What has been touched since an event, one bit for each variable, lock and limiter. */
export interface Footprint {
  reads: number
  writes: number
}

/** Says which event comes next: one of the operations ends well, or one of the others, counted behind them, fails; or none. */
export type Choose = (
  ending: readonly Pending[],
  failing: readonly Pending[],
  footprint: Readonly<Footprint>,
) => number | undefined

/**
 * Runs activations as an event loop does: one at a time, each up to where it waits; what is ready goes on in the order in
 * which it became so, and only then does the world outside decide which operation ends next.
 */
export class Scheduler {
  readonly #ready: (() => void)[] = []
  readonly #pending: Pending[] = []
  readonly #choose: Choose
  /** Counts the operations that have ended: what happens between two of them happens in one turn of the event loop. */
  turn = 0
  /** What has been touched since the last event. */
  readonly footprint: Footprint = { reads: 0, writes: 0 }
  #tasks = 0
  #failuresLeft: number

  /** @param failures How many operations may fail in one run. */
  constructor(choose: Choose, failures: number) {
    this.#choose = choose
    this.#failuresLeft = failures
  }

  /** Starts an activation at once, as calling an async function does. */
  start(activation: Activation, mark = 0): Task {
    const task = new Task(this.#tasks++, activation, mark)
    this.#resume(task, 0)
    return task
  }

  /** Lets everything happen, until nothing is left to happen. */
  run(): void {
    for (;;) {
      const next = this.#ready.shift()
      if (next !== undefined) {
        next()
        continue
      }
      if (this.#pending.length === 0) return
      const failing = this.#failuresLeft === 0 ? [] : this.#pending.filter(({ mayFail }) => mayFail)
      const choice = this.#choose(this.#pending, failing, this.footprint)
      if (choice === undefined) return
      const fails = choice >= this.#pending.length
      const event = fails ? failing[choice - this.#pending.length] : this.#pending[choice]
      if (event === undefined) throw new RangeError(`There is no event ${String(choice)}`)
      this.turn++
      this.footprint.reads = this.footprint.writes = 0
      this.#pending.splice(this.#pending.indexOf(event), 1)
      if (fails) {
        this.#failuresLeft--
        this.#fail(event.task, new Failure())
      } else this.#resume(event.task, event.value)
    }
  }

  release(semaphore: Semaphore): void {
    this.footprint.writes |= semaphore.mark
    const next = semaphore.waiters.shift()
    if (next === undefined) semaphore.free++
    else
      this.#ready.push(() => {
        this.#resume(next, 0)
      })
  }

  #resume(task: Task, value: number): void {
    this.#step(task, () => task.activation.next(value))
  }

  #fail(task: Task, failure: Failure): void {
    this.#step(task, () => task.activation.throw(failure))
  }

  #step(task: Task, step: () => IteratorResult<Wait, void>): void {
    try {
      const result = step()
      if (result.done === true) this.#end(task, undefined)
      else this.#wait(task, result.value)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#end(task, error)
    }
  }

  #wait(task: Task, wait: Wait): void {
    if (wait.kind === 'io') this.#pending.push({ task, value: wait.value, mayFail: wait.mayFail })
    else if (wait.kind === 'permit') {
      const { semaphore } = wait
      this.footprint.writes |= semaphore.mark
      if (semaphore.free > 0) {
        semaphore.free--
        this.#ready.push(() => {
          this.#resume(task, 0)
        })
      } else semaphore.waiters.push(task)
    } else this.#join(task, wait.tasks)
  }

  /** Goes on when all tasks have ended, or fails with the first that fails, as `Promise.all` does. */
  #join(task: Task, tasks: readonly Task[]): void {
    let left = tasks.length
    let settled = false
    const goOn = (failure: Failure | undefined): void => {
      if (settled) return
      if (failure === undefined && --left > 0) return
      settled = true
      if (failure === undefined) this.#resume(task, 0)
      else this.#fail(task, failure)
    }
    for (const other of tasks) {
      if (other.ended)
        this.#ready.push(() => {
          goOn(other.failure)
        })
      else
        other.onDone.push((failure) => {
          this.#ready.push(() => {
            goOn(failure)
          })
        })
    }
  }

  #end(task: Task, failure: Failure | undefined): void {
    task.ended = true
    task.failure = failure
    this.footprint.writes |= task.mark
    for (const tell of task.onDone) tell(failure)
  }
}
