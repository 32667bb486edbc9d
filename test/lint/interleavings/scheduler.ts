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

  constructor(permits: number) {
    this.free = permits
  }
}

export class Task {
  readonly activation: Activation
  readonly onDone: ((failure: Failure | undefined) => void)[] = []
  ended = false
  failure: Failure | undefined

  constructor(activation: Activation) {
    this.activation = activation
  }
}

/** One thing that the outside world may do next: an operation ends well, or fails. */
interface Pending {
  readonly task: Task
  readonly value: number
  readonly mayFail: boolean
}

/** Two of them, so that two calls can meet where a failure is handled. */
const MAX_FAILURES = 2

/** Says which of so many possible events comes next; the first ones, as many as given, are operations that end well. */
export type Choose = (options: number, endingWell: number) => number

/**
 * Runs activations as an event loop does: one at a time, each up to where it waits; what is ready goes on in the order in
 * which it became so, and only then does the world outside decide which operation ends next. At most two fail per run.
 */
export class Scheduler {
  readonly #ready: (() => void)[] = []
  readonly #pending: Pending[] = []
  readonly #choose: Choose
  /** Counts the operations that have ended: what happens between two of them happens in one turn of the event loop. */
  turn = 0
  #failures = 0

  constructor(choose: Choose) {
    this.#choose = choose
  }

  /** Starts an activation at once, as calling an async function does. */
  start(activation: Activation): Task {
    const task = new Task(activation)
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
      const failing = this.#failures >= MAX_FAILURES ? [] : this.#pending.filter(({ mayFail }) => mayFail)
      const choice = this.#choose(this.#pending.length + failing.length, this.#pending.length)
      const event = this.#pending[choice] ?? failing[choice - this.#pending.length]
      if (event === undefined) throw new RangeError(`There is no event ${String(choice)}`)
      this.turn++
      this.#pending.splice(this.#pending.indexOf(event), 1)
      if (choice < this.#pending.length + 1) this.#resume(event.task, event.value)
      else {
        this.#failures++
        this.#fail(event.task, new Failure())
      }
    }
  }

  release(semaphore: Semaphore): void {
    const next = semaphore.waiters.shift()
    if (next === undefined) semaphore.free++
    else this.#ready.push(() => { this.#resume(next, 0) })
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
      if (semaphore.free > 0) {
        semaphore.free--
        this.#ready.push(() => { this.#resume(task, 0) })
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
      if (other.ended) this.#ready.push(() => { goOn(other.failure) })
      else other.onDone.push((failure) => { this.#ready.push(() => { goOn(failure) }) })
    }
  }

  #end(task: Task, failure: Failure | undefined): void {
    task.ended = true
    task.failure = failure
    for (const tell of task.onDone) tell(failure)
  }
}
