import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { reachTask, TRACES, type TracedTask } from '#traced'
import { Claims, PLACES } from './claims.ts'
import type { Ending, ThreadJob } from './job.ts'
import { REPLY_SIZE, type Orders, type Report, type Thrown, type WorkerInput } from './messages.ts'
import { revive } from './thrown.ts'
import type { ThreadLimits } from './types.ts'
import { endThread, joinAddress, startElsewhere, startThread } from './tracing.ts'

/** Milliseconds of work that a worker should have with it: enough for it not to wait for more on a busy machine. */
const WORK_AHEAD = 4

/** So that a worker has something to go on with, whatever it takes. */
const LEAST_AHEAD = 2
const MOST_AHEAD = PLACES / 2

/** A task is given up once so many workers have ended by themselves before they came to it. */
const MOST_BEREFT = 3

/** How often it is looked for a recording what a worker is at, in ms. */
const LOOK_EVERY = 20

/** So many reports are read in one turn of the event loop. */
const MOST_REPORTS = 256

/** What a thread tells the pool. */
export interface ThreadOwner {
  readonly label: string
  /** It has room for more. */
  hungry(): void
  /** Its module cannot be loaded, and no other thread's will be. */
  broken(error: unknown): void
  /** These jobs were sent to it and will not be started there. */
  returned(thread: Thread, unstarted: readonly ThreadJob[]): void
  /** @param failure of its own accord it ended, and why; undefined when it was ended from here. */
  exited(thread: Thread, failure: Error | undefined): void
}

export interface ThreadOptions {
  readonly program: string
  readonly url: string | undefined
  readonly name: string | undefined
  readonly resourceLimits: ThreadLimits | undefined
  /** What it is in a recording. */
  readonly traced: TracedTask | undefined
}

/** One worker, and the jobs that are with it. */
export class Thread {
  readonly exit: Promise<void>
  /** Which of the pool's threads it is. */
  readonly slot: number
  /** Node's number of the thread. */
  readonly number: number
  readonly #owner: ThreadOwner
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #claims = new Claims()
  /** In the order in which they were sent, by their places. */
  readonly #sent = new Map<unknown, ThreadJob>()
  /** Why it was ended because of a task; undefined when it was not. */
  killed: { readonly error: unknown } | undefined
  #ready = false
  #stopping = false
  #uncaught: { readonly error: unknown } | undefined
  /** Milliseconds that a job takes, recent ones counting most. */
  #pace: number | undefined
  #look: ReturnType<typeof setTimeout> | undefined

  /** @throws what Node says when it does not start a thread at all. */
  constructor(owner: ThreadOwner, slot: number, { program, url, name, resourceLimits, traced }: ThreadOptions) {
    this.#owner = owner
    this.slot = slot
    const { port1, port2 } = new MessageChannel()
    const workerData: WorkerInput = { port: port2, claims: this.#claims.memory, url, join: joinAddress() }
    const worker = startThread(
      traced,
      () =>
        new Worker(program, {
          eval: true,
          workerData,
          transferList: [port2],
          ...(name === undefined ? {} : { name }),
          ...(resourceLimits === undefined ? {} : { resourceLimits }),
        }),
    )
    const { threadId } = worker
    this.number = threadId
    this.#worker = worker
    this.#port = port1
    port1.on('message', (report: Report) => {
      this.#hearAll(report)
    })
    port1.on('messageerror', (error: unknown) => {
      this.#uncaught ??= { error }
      void this.#worker.terminate()
    })
    port1.unref()
    this.#worker.on('error', (error: unknown) => {
      this.#uncaught ??= { error }
    })
    this.exit = new Promise((resolve) => {
      worker.on('exit', (code) => {
        if (TRACES) endThread(threadId, code)
        this.#close(code)
        resolve()
      })
    })
  }

  /** Jobs that are with it. */
  get load(): number {
    return this.#sent.size
  }

  get stopping(): boolean {
    return this.#stopping
  }

  get loading(): boolean {
    return !this.#ready && !this.#stopping
  }

  /** How many more jobs it should get now. */
  get room(): number {
    if (!this.#ready || this.#stopping) return 0
    const ahead = this.#pace === undefined ? LEAST_AHEAD : Math.round(WORK_AHEAD / Math.max(this.#pace, 1e-3))
    const room = Math.min(Math.max(ahead, LEAST_AHEAD), MOST_AHEAD) - this.#sent.size
    // Many at once rather than one by one: a message costs more than a short job.
    return this.#sent.size > 0 && room * 2 < ahead ? 0 : room
  }

  /** Whether the process is to live on for this thread, while it loads. */
  keepAlive(alive: boolean): void {
    if (alive) this.#worker.ref()
    else this.#worker.unref()
  }

  send(jobs: readonly ThreadJob[]): void {
    const names: string[] = []
    const list: unknown[] = []
    const transfer: ThreadJob['transfer'][number][] = []
    for (const job of jobs) {
      job.thread = this
      job.place = this.#claims.take(job.number)
      this.#sent.set(job.place, job)
      let name = names.lastIndexOf(job.name)
      if (name < 0) name = names.push(job.name) - 1
      list.push(job.place, job.number, job.call, name, job.index, job.traced?.task ?? 0, job.input)
      if (job.transfer.length > 0) transfer.push(...job.transfer)
    }
    try {
      this.#port.postMessage({ names, list } satisfies Orders, transfer)
    } catch (error) {
      // An input that cannot be copied is the mistake of one of them.
      for (const job of jobs) this.#forget(job)
      const [only] = jobs
      if (jobs.length === 1) only?.settle({ uncloneable: error })
      else for (const job of jobs) this.send([job])
    }
    if (this.#sent.size > 0) this.#worker.ref()
    for (const job of jobs) if (job.limit !== undefined && !job.settled) this.#limit(job, job.limit)
    if (TRACES && jobs[0]?.traced !== undefined) this.#look ??= this.#lookAgain()
  }

  /** Takes back up to so many jobs that were not started, the last first; gives them in their order. */
  takeBack(count = Infinity): ThreadJob[] {
    const taken: ThreadJob[] = []
    for (const job of [...this.#sent.values()].reverse()) {
      if (taken.length >= count) break
      // What was transferred cannot be sent again.
      if (job.transfer.length > 0 || !this.#claims.withdraw(job.place, job.number)) continue
      this.#forget(job)
      taken.push(job)
    }
    return taken.reverse()
  }

  /** Jobs that another thread could have instead. */
  get waiting(): number {
    return Math.max(0, this.#sent.size - 1)
  }

  /** Ends one job, and the worker if that is in the middle of it. The job settles when it has stopped. */
  kill(job: ThreadJob, error: unknown): void {
    job.stopped ??= { error }
    if (this.#claims.withdraw(job.place, job.number)) {
      this.#forget(job)
      job.settle({ error })
      return
    }
    // Once nothing else can be started, what is running now is what will be stopped.
    const others = this.takeBack()
    if (this.#claims.running(job.place, job.number)) {
      this.#startShown(job)
      if (TRACES) reachTask(job.traced)
      this.killed = job.stopped
      void this.stop()
    } else {
      this.#forget(job)
      job.settle({ error })
    }
    this.#owner.returned(this, others)
  }

  /** Ends the worker, and what runs in it. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#worker.terminate()
  }

  #limit(job: ThreadJob, limit: number): void {
    job.timer = setTimeout(() => {
      this.kill(job, new DOMException(`Timed out after ${limit} ms`, 'TimeoutError'))
    }, limit)
  }

  /** Reads all reports that have come, since being called for each takes longer. */
  #hearAll(first: Report): void {
    this.#hear(first)
    for (let count = 1; count < MOST_REPORTS; count++) {
      const next = receiveMessageOnPort(this.#port) as { readonly message: Report } | undefined
      if (next === undefined) break
      this.#hear(next.message)
    }
    if (this.#sent.size === 0) this.#rest()
    this.#owner.hungry()
  }

  #hear(report: Report): void {
    if (report.kind === 'broken') {
      this.#stopping = true
      this.#owner.broken(revive(report.thrown))
      return
    }
    if (report.kind === 'ready') {
      this.#ready = true
      return
    }
    const { list, busy } = report
    const pace = (busy * REPLY_SIZE) / list.length
    this.#pace = this.#pace === undefined ? pace : (this.#pace + pace) / 2
    for (let at = 0; at < list.length; at += REPLY_SIZE) {
      const job = this.#sent.get(list[at])
      // One that was stopped as it ended has been told so.
      if (job === undefined || job.number !== list[at + 1]) continue
      const value = list[at + 3]
      this.#end(job, list[at + 2] === true ? { thrown: value as Thrown } : { value })
    }
  }

  /** A job that was started has ended. */
  #end(job: ThreadJob, ending: Ending): void {
    if (TRACES && job.traced !== undefined) {
      this.#startShown(job)
      if (this.#claims.done(job.place, job.number)) job.endedAt = this.#claims.endOf(job.place)
    }
    this.#forget(job)
    job.settle(job.stopped ?? ending)
  }

  /** There is nothing to live on for, and nothing to look at. */
  #rest(): void {
    // One that is being ended is waited for, though it may say until the last moment that it is ready.
    if (!this.#stopping) this.#worker.unref()
    clearTimeout(this.#look)
    this.#look = undefined
  }

  #lookAgain(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#show()
      this.#look = this.#lookAgain()
    }, LOOK_EVERY).unref()
  }

  /** Tells a recording what the worker is at, which says so itself only when it has done it. */
  #show(): void {
    for (const job of this.#sent.values()) {
      // What was done before is yet to be reported, and comes first.
      if (this.#claims.done(job.place, job.number)) return
      if (this.#claims.running(job.place, job.number)) this.#startShown(job)
    }
  }

  #startShown(job: ThreadJob): void {
    if (!TRACES || job.traced === undefined || job.shown) return
    job.shown = true
    startElsewhere(job.traced, this.slot, this.#claims.startOf(job.place))
  }

  #close(code: number): void {
    const stopped = this.#stopping
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      this.#hear((next as { readonly message: Report }).message)
    }
    this.#stopping = true
    this.#rest()
    this.#port.close()
    if (!this.#ready && !stopped) {
      this.#owner.broken(
        this.#uncaught?.error
          ?? new Error(`${this.#owner.label} cannot start: a worker ${this.#how(code, ' while it loaded the work')}`),
      )
    }
    const unstarted = this.takeBack()
    // When it was in the middle of a task, that one may be to blame: those behind it are not.
    if (!stopped && this.#sent.size === 0) for (const job of unstarted) this.#bereave(job, code)
    for (const job of [...this.#sent.values()]) {
      const when = this.#claims.done(job.place, job.number)
        ? 'before the result of this task was out'
        : 'in the middle of this task'
      this.#end(job, this.#crash(`the worker ${this.#how(code, ` ${when}`)}`))
    }
    this.#owner.returned(
      this,
      unstarted.filter((job) => !job.settled),
    )
    this.#owner.exited(this, stopped ? undefined : new Error(`The worker ${this.#how(code)}`))
  }

  /** A worker that ends by itself again and again is no use to the tasks in line for it. */
  #bereave(job: ThreadJob, code: number): void {
    if (++job.bereft < MOST_BEREFT) return
    job.settle(this.#crash(`${MOST_BEREFT} workers ended before they came to this task: the last ${this.#how(code)}`))
  }

  #crash(how: string): Ending {
    return { crash: `${this.#owner.label}: ${how}`, cause: this.#uncaught?.error }
  }

  #how(code: number, when = ''): string {
    const how = `exited with code ${code}${when}`
    if (this.#uncaught === undefined) return how
    const { error } = this.#uncaught
    return `${how}: ${error instanceof Error ? error.message : String(error)}`
  }

  #forget(job: ThreadJob): void {
    this.#sent.delete(job.place)
    this.#claims.free(job.place)
    job.thread = undefined
    clearTimeout(job.timer)
  }
}
