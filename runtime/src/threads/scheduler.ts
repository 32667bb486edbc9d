import { joined } from '#traced'
import { Deque } from './deque.ts'
import type { ThreadJob } from './job.ts'
import { Thread, type ThreadOwner } from './thread.ts'

/** A thread, if it has been started, and the jobs in line for it. */
interface Lane {
  readonly deque: Deque<ThreadJob>
  thread: Thread | undefined
}

/**
 * Shares jobs out to threads by work stealing: each thread has a deque of its own and is served from its front; one
 * that has run dry takes half of what is at the back of the longest, and if all deques are empty, half of what
 * another worker was sent and has not started. The idea comes from Cilk and from Go's scheduler.
 */
export class Scheduler implements ThreadOwner {
  readonly label: string
  readonly #lanes: readonly Lane[]
  readonly #start: (owner: ThreadOwner) => Thread
  readonly #broken: (error: unknown) => void
  /** Until their workers have exited. */
  readonly #threads = new Set<Thread>()
  #planned = false

  /** @param broken hears that the work cannot be loaded. */
  constructor(size: number, label: string, start: (owner: ThreadOwner) => Thread, broken: (error: unknown) => void) {
    this.label = label
    this.#lanes = Array.from({ length: size }, () => ({ deque: new Deque<ThreadJob>(), thread: undefined }))
    this.#start = start
    this.#broken = broken
  }

  /** Jobs that are with workers. */
  get active(): number {
    return this.#lanes.reduce((sum, { thread }) => sum + Math.min(1, thread?.load ?? 0), 0)
  }

  add(job: ThreadJob): void {
    let best: Lane | undefined
    let least = Infinity
    for (const lane of this.#lanes) {
      const load = lane.deque.size + (lane.thread?.load ?? 0)
      // Rather a thread that is there already than a new one.
      if (load < least || (load === least && best?.thread === undefined && lane.thread !== undefined)) {
        best = lane
        least = load
      }
    }
    best?.deque.push(job)
    this.hungry()
  }

  /** Stops every worker, and with it whatever runs. */
  async stop(): Promise<void> {
    const stopping = [...this.#threads].map(async thread => {
      await thread.stop()
      await thread.exit
    })
    await joined(() => Promise.all(stopping))
  }

  /** Jobs that come one after the other in the same turn are sent in one message. */
  hungry(): void {
    if (this.#planned) return
    this.#planned = true
    queueMicrotask(() => {
      this.#planned = false
      this.#feedAll()
    })
  }

  broken(error: unknown): void {
    this.#broken(error)
  }

  returned(thread: Thread, jobs: readonly ThreadJob[]): void {
    const lane = this.#lanes.find(each => each.thread === thread) ?? this.#lanes[0]
    lane?.deque.unshift(jobs)
    if (lane?.thread?.stopping === true) lane.thread = undefined
    this.hungry()
  }

  exited(thread: Thread): void {
    this.#threads.delete(thread)
  }

  #feedAll(): void {
    for (const lane of this.#lanes) {
      if (lane.thread?.stopping === true) lane.thread = undefined
      if (lane.thread !== undefined || this.#settledAway(lane.deque)) continue
      lane.thread = this.#start(this)
      this.#threads.add(lane.thread)
    }
    // Those with nothing to do come first.
    for (const lane of this.#lanes) if (lane.thread?.load === 0) this.#feed(lane, lane.thread)
    for (const lane of this.#lanes) if (lane.thread !== undefined && lane.thread.load > 0) this.#feed(lane, lane.thread)
  }

  #feed(lane: Lane, thread: Thread): void {
    const { room } = thread
    if (room === 0) return
    if (this.#settledAway(lane.deque)) lane.deque.unshift(this.#steal(lane, thread.load === 0))
    const jobs: ThreadJob[] = []
    while (jobs.length < room) {
      const job = lane.deque.shift()
      if (job === undefined) break
      if (job.settled) continue
      const alone = job.limit !== undefined || job.transfer.length > 0
      if (alone && (jobs.length > 0 || thread.load > 0)) {
        // Its time begins when it is sent, and what it transfers cannot be sent again: it has to be next.
        lane.deque.unshift([job])
        break
      }
      jobs.push(job)
      if (alone) break
    }
    if (jobs.length > 0) thread.send(jobs)
  }

  /** Whether a deque has no job that is still wanted; those that are not are thrown out from its front. */
  #settledAway(deque: Deque<ThreadJob>): boolean {
    for (let job = deque.shift(); job !== undefined; job = deque.shift()) {
      if (job.settled) continue
      deque.unshift([job])
      return false
    }
    return true
  }

  #steal(thief: Lane, idle: boolean): ThreadJob[] {
    const [longest] = this.#others(thief, lane => lane.deque.size)
    if (longest !== undefined) return longest.deque.steal(Math.ceil(longest.deque.size / 2))
    if (!idle) return []
    for (const { thread } of this.#others(thief, lane => lane.thread?.waiting ?? 0)) {
      const jobs = thread?.takeBack(Math.ceil(thread.waiting / 2)) ?? []
      if (jobs.length > 0) return jobs
    }
    return []
  }

  /** The other lanes that have any, the one with the most first. */
  #others(lane: Lane, amount: (lane: Lane) => number): Lane[] {
    return this.#lanes.filter(other => other !== lane && amount(other) > 0).sort((a, b) => amount(b) - amount(a))
  }
}
