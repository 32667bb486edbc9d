import { aside, endTask, failTask, startTask, stopTask, TRACES, type TracedTask } from '#traced'
import { Deque } from './deque.ts'
import type { ThreadJob } from './job.ts'
import type { Thread, ThreadOwner } from './thread.ts'
import { nameTask, stealTask } from './tracing.ts'

/** A thread, if it has been started, and the jobs in line for it. */
interface Lane {
  readonly slot: number
  readonly deque: Deque<ThreadJob>
  thread: Thread | undefined
}

/** @throws what Node says when it starts no thread. */
type Start = (owner: ThreadOwner, slot: number, traced: TracedTask | undefined) => Thread

/**
 * Shares jobs out to threads by work stealing: each thread has a deque of its own and is served from its front; one
 * that has run dry takes half of what is at the back of the longest, and if all deques are empty, half of what
 * another worker was sent and has not started. The idea comes from Cilk and from Go's scheduler.
 */
export class Scheduler implements ThreadOwner {
  readonly label: string
  readonly #lanes: readonly Lane[]
  readonly #start: Start
  readonly #broken: (error: unknown) => void
  /** Until their workers have exited; each with what it is in a recording. */
  readonly #threads = new Map<Thread, TracedTask | undefined>()
  #planned = false
  #awake = false

  /** @param broken hears that the work cannot be loaded. */
  constructor(size: number, label: string, start: Start, broken: (error: unknown) => void) {
    this.label = label
    this.#lanes = Array.from({ length: size }, (_, slot) => ({
      slot,
      deque: new Deque<ThreadJob>(),
      thread: undefined,
    }))
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

  /** Whether the process is to live on until threads have loaded: as long as somebody waits for one of them. */
  keepAlive(awake: boolean): void {
    this.#awake = awake
    for (const { thread } of this.#lanes) if (thread?.loading === true) thread.keepAlive(awake)
  }

  /** Stops every worker, and with it whatever runs. */
  async stop(): Promise<void> {
    const stopping = [...this.#threads.keys()].map(async (thread) => {
      await thread.stop()
      await thread.exit
    })
    await (TRACES ? aside(() => Promise.all(stopping)) : Promise.all(stopping))
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
    const lane = this.#lanes.find((each) => each.thread === thread) ?? this.#lanes[0]
    lane?.deque.unshift(jobs)
    if (lane?.thread?.stopping === true) lane.thread = undefined
    this.hungry()
  }

  exited(thread: Thread, failure: Error | undefined): void {
    const traced = this.#threads.get(thread)
    this.#threads.delete(thread)
    if (!TRACES || traced === undefined) return
    if (failure !== undefined) failTask(traced, failure)
    else if (thread.killed === undefined) endTask(traced)
    else stopTask(traced, thread.killed.error)
  }

  #feedAll(): void {
    for (const lane of this.#lanes) {
      if (lane.thread?.stopping === true) lane.thread = undefined
      if (lane.thread !== undefined || this.#settledAway(lane.deque)) continue
      const traced = TRACES ? startTask(this, undefined) : undefined
      try {
        lane.thread = this.#start(this, lane.slot, traced)
      } catch (error) {
        failTask(traced, error)
        this.#broken(error)
        return
      }
      lane.thread.keepAlive(this.#awake)
      nameTask(traced, `worker ${lane.thread.number}`)
      this.#threads.set(lane.thread, traced)
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
      if (this.#settledAway(lane.deque)) break
      const job = lane.deque.first
      if (job === undefined) break
      const alone = job.limit !== undefined || job.transfer.length > 0
      // Its time begins when it is sent, and what it transfers cannot be sent again: it has to be next.
      if (alone && (jobs.length > 0 || thread.load > 0)) break
      lane.deque.shift()
      jobs.push(job)
      if (alone) break
    }
    if (jobs.length > 0) thread.send(jobs)
  }

  /** Whether a deque has no job that is still wanted; those that are not are thrown out from its front. */
  #settledAway(deque: Deque<ThreadJob>): boolean {
    while (deque.first?.settled === true) deque.shift()
    return deque.first === undefined
  }

  #steal(thief: Lane, idle: boolean): ThreadJob[] {
    const [longest] = this.#others(thief, (lane) => lane.deque.size)
    if (longest !== undefined)
      return tell(longest.deque.steal(Math.ceil(longest.deque.size / 2)), longest, thief, false)
    if (!idle) return []
    for (const lane of this.#others(thief, (each) => each.thread?.waiting ?? 0)) {
      const jobs = lane.thread?.takeBack(Math.ceil(lane.thread.waiting / 2)) ?? []
      if (jobs.length > 0) return tell(jobs, lane, thief, true)
    }
    return []
  }

  /** The other lanes that have any, the one with the most first. */
  #others(lane: Lane, amount: (lane: Lane) => number): Lane[] {
    return this.#lanes.filter((other) => other !== lane && amount(other) > 0).sort((a, b) => amount(b) - amount(a))
  }
}

/** Tells a recording of jobs that change lanes. */
function tell(jobs: ThreadJob[], from: Lane, to: Lane, sent: boolean): ThreadJob[] {
  if (!TRACES) return jobs
  for (const { traced, settled } of jobs)
    if (traced !== undefined && !settled) stealTask(traced, from.slot, to.slot, sent)
  return jobs
}
