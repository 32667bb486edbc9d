import { Worker } from 'node:worker_threads'
import { Claims, PLACES } from './claims.ts'
import type { Ending, ThreadJob } from './job.ts'
import type { Order, Report, WorkerInput } from './messages.ts'
import { revive } from './thrown.ts'

/** Milliseconds of work that a worker should have with it: enough for it not to wait for more. */
const WORK_AHEAD = 2

/** So that a worker has something to go on with, whatever it takes. */
const LEAST_AHEAD = 2
const MOST_AHEAD = PLACES / 2

/** What a thread tells the pool. */
export interface ThreadOwner {
  readonly label: string
  /** It has room for more. */
  hungry(): void
  /** Its module cannot be loaded, and no other thread's will be. */
  broken(error: unknown): void
  /** These jobs were sent to it and will not be started there. */
  returned(thread: Thread, unstarted: readonly ThreadJob[]): void
  exited(thread: Thread): void
}

/** One worker, and the jobs that are with it. */
export class Thread {
  readonly exit: Promise<void>
  readonly #owner: ThreadOwner
  readonly #worker: Worker
  readonly #claims = new Claims()
  /** In the order in which they were sent, by their places. */
  readonly #sent = new Map<number, ThreadJob>()
  #ready = false
  #stopping = false
  #uncaught: { readonly error: unknown } | undefined
  /** Milliseconds that a job takes, recent ones counting most. */
  #pace: number | undefined

  constructor(owner: ThreadOwner, program: string, url: string | undefined, name: string | undefined) {
    this.#owner = owner
    const workerData: WorkerInput = { claims: this.#claims.memory, url }
    this.#worker = new Worker(program, { eval: true, workerData, ...(name === undefined ? {} : { name }) })
    this.#worker.on('message', (report: Report) => { this.#hear(report) })
    this.#worker.on('error', (error: unknown) => { this.#uncaught ??= { error } })
    this.#worker.on('messageerror', (error: unknown) => {
      this.#uncaught ??= { error }
      void this.stop()
    })
    this.exit = new Promise(resolve => {
      this.#worker.on('exit', code => {
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

  /** How many more jobs it should get now. */
  get room(): number {
    if (!this.#ready || this.#stopping) return 0
    const ahead = this.#pace === undefined ? LEAST_AHEAD : Math.round(WORK_AHEAD / Math.max(this.#pace, 1e-3))
    const room = Math.min(Math.max(ahead, LEAST_AHEAD), MOST_AHEAD) - this.#sent.size
    // Many at once rather than one by one: a message costs more than a short job.
    return this.#sent.size > 0 && room * 2 < ahead ? 0 : room
  }

  send(jobs: readonly ThreadJob[]): void {
    const orders: Order[] = []
    for (const job of jobs) {
      job.thread = this
      job.place = this.#claims.take(job.number)
      this.#sent.set(job.place, job)
      const { place, number, call, name, index, input } = job
      orders.push({ place, number, call, name, index, input })
    }
    try {
      this.#worker.postMessage(orders, jobs.flatMap(job => job.transfer))
    } catch (error) {
      // An input that cannot be copied is the mistake of one of them.
      for (const job of jobs) this.#forget(job)
      const [only] = jobs
      if (jobs.length === 1) only?.settle({ error })
      else for (const job of jobs) this.send([job])
    }
    if (this.#sent.size > 0) this.#worker.ref()
    for (const job of jobs) {
      if (job.limit === undefined || job.settled) continue
      const limit = job.limit
      job.timer = setTimeout(() => {
        this.kill(job, new DOMException(`Timed out after ${limit} ms`, 'TimeoutError'))
      }, limit)
    }
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

  #hear(report: Report): void {
    if (report.kind === 'broken') {
      this.#stopping = true
      this.#owner.broken(revive(report.thrown))
      return
    }
    if (report.kind === 'ready') {
      this.#ready = true
    } else {
      const { replies, busy } = report
      const pace = busy / replies.length
      this.#pace = this.#pace === undefined ? pace : (this.#pace + pace) / 2
      for (const { place, number, outcome } of replies) {
        const job = this.#sent.get(place)
        // One that was stopped as it ended has been told so.
        if (job?.number !== number) continue
        this.#forget(job)
        job.settle(job.stopped ?? outcome)
      }
    }
    if (this.#sent.size === 0) this.#worker.unref()
    this.#owner.hungry()
  }

  #close(code: number): void {
    const stopped = this.#stopping
    this.#stopping = true
    if (!this.#ready && !stopped) {
      this.#owner.broken(this.#uncaught?.error ??
        new Error(`${this.#owner.label} cannot start: a worker exited with code ${code} while it loaded the work`))
    }
    const unstarted = this.takeBack()
    for (const job of [...this.#sent.values()]) {
      this.#forget(job)
      job.settle(job.stopped ?? this.#crash(code))
    }
    this.#owner.returned(this, unstarted)
    this.#owner.exited(this)
  }

  #crash(code: number): Ending {
    const crash = `${this.#owner.label}: the worker exited with code ${code} in the middle of this task`
    if (this.#uncaught === undefined) return { crash, cause: undefined }
    const { error } = this.#uncaught
    return { crash: `${crash}: ${error instanceof Error ? error.message : String(error)}`, cause: error }
  }

  #forget(job: ThreadJob): void {
    this.#sent.delete(job.place)
    this.#claims.free(job.place)
    job.thread = undefined
    clearTimeout(job.timer)
  }
}
