import { lastSeen, waitLastSeen } from '../analysis/endings.ts'
import { scopeLabel, waitKind } from '../analysis/names.ts'
import { RowGroups } from '../analysis/rowGroups.ts'
import type { Trace } from '../model/trace.ts'
import { type Construct, constructsOf, type Counts, loadCounts, taskLanes } from './constructs.ts'
import { shortTaskLabel, taskDetails } from './details.ts'
import { lanesOf } from './lanes.ts'
import { PacketWriter } from './perfettoPackets.ts'

/**
 * A trace as Perfetto's protobuf, packet by packet. Slices on one track must nest, and tasks overlap: so each
 * construct has a track per slot, in which the waits of a task lie within it. Counters show how many tasks ran and
 * were queued; flows lead from a task to those that it created, and from a cancellation to whom it reached.
 */
export function* perfettoTrace(trace: Trace): Generator<Uint8Array> {
  yield* new Exporter(trace).packets()
}

class Exporter {
  readonly #trace: Trace
  readonly #out: PacketWriter
  readonly #children: RowGroups
  readonly #waits: RowGroups
  readonly #reaches: RowGroups
  readonly #reachesOfScope: RowGroups

  constructor(trace: Trace) {
    const { tasks, waits, reaches, scopes, recordings } = trace
    this.#trace = trace
    this.#out = new PacketWriter(Math.min(0, ...recordings.map(({ shift }) => shift)))
    this.#children = new RowGroups(tasks.length, tasks.length, (row) =>
      tasks.state[row] === 0 ? -1 : (tasks.parent[row] ?? 0) - 1,
    )
    this.#waits = new RowGroups(waits.length, tasks.length, (row) => (waits.task[row] ?? 0) - 1)
    this.#reaches = new RowGroups(reaches.length, tasks.length, (row) => (reaches.task[row] ?? 0) - 1)
    this.#reachesOfScope = new RowGroups(reaches.length, scopes.length, (row) => (reaches.scope[row] ?? 0) - 1)
  }

  *packets(): Generator<Uint8Array> {
    const { recordings, threads, origin = 0 } = this.#trace
    yield this.#out.begin(origin)
    const processes = recordings.map(() => this.#out.newTrack())
    for (const [index, { header }] of recordings.entries()) {
      yield this.#out.process(processes[index] ?? 0, header.pid, header.metadata.command ?? [])
    }
    for (const [thread, { name, recording }] of threads.entries()) {
      const track = this.#out.newTrack()
      const pid = recordings[recording]?.header.pid ?? 0
      yield this.#out.thread(track, processes[recording] ?? 0, pid, thread === 0 ? pid : pid * 100 + thread, name)
      yield* this.#threadEvents(thread, track)
    }
    for (const construct of constructsOf(this.#trace)) {
      yield* this.#construct(construct, processes[construct.recording] ?? 0)
    }
  }

  *#threadEvents(thread: number, track: number): Generator<Uint8Array> {
    const { stalls, unhandled, tasks, strings } = this.#trace
    for (let row = 0; row < stalls.length; row++) {
      if (stalls.thread[row] !== thread) continue
      const start = stalls.start[row] ?? 0
      yield this.#out.sliceBegin(track, start, 'event loop blocked', 'stall')
      yield this.#out.sliceEnd(track, start + (stalls.duration[row] ?? 0))
    }
    for (let row = 0; row < unhandled.length; row++) {
      const task = (unhandled.task[row] ?? 0) - 1
      if ((task < 0 ? 0 : tasks.thread[task]) !== thread) continue
      yield this.#out.instant(track, unhandled.time[row] ?? 0, 'unhandled rejection', 'error', {
        error: strings.at(unhandled.error[row] ?? 0),
      })
    }
  }

  *#construct(construct: Construct, parent: number): Generator<Uint8Array> {
    const own = this.#out.newTrack()
    yield this.#out.track(own, parent, construct.label)
    const loose: number[] = []
    for (const [slot, lane] of taskLanes(this.#trace, construct).entries()) {
      const track = this.#out.newTrack()
      yield this.#out.track(track, own, `${construct.label} ${String(slot)}`)
      for (const task of lane) yield* this.#task(task, track, loose)
    }
    yield* this.#looseWaits(loose, own, construct.label)
    yield* this.#cancels(construct, own)
    if (construct.tasks.length > 1) {
      const { running, queued } = loadCounts(this.#trace, construct)
      yield* this.#counter(own, `${construct.label}: running`, running)
      yield* this.#counter(own, `${construct.label}: queued`, queued)
    }
  }

  /** @param loose is given the waits that overlap another one without lying within it. */
  *#task(task: number, track: number, loose: number[]): Generator<Uint8Array> {
    const trace = this.#trace
    const { start } = trace.tasks
    const end = lastSeen(trace, task)
    yield this.#out.sliceBegin(track, start[task] ?? 0, shortTaskLabel(trace, task), 'task', taskDetails(trace, task), {
      begins: Array.from(this.#children.of(task), (child) => child + 1),
      ends: (trace.tasks.parent[task] ?? 0) > 0 ? [task + 1] : [],
    })
    for (const row of this.#reaches.of(task)) {
      yield this.#out.instant(
        track,
        trace.reaches.time[row] ?? 0,
        'cancellation arrives',
        'cancel',
        {},
        {
          ends: [trace.tasks.length + row + 1],
        },
      )
    }
    yield* this.#nestedWaits(task, track, end, loose)
    yield this.#out.sliceEnd(track, end)
  }

  *#nestedWaits(task: number, track: number, taskEnd: number, loose: number[]): Generator<Uint8Array> {
    const { waits, tasks } = this.#trace
    const rows = Array.from(this.#waits.of(task)).sort(
      (one, other) =>
        (waits.start[one] ?? 0) - (waits.start[other] ?? 0)
        || waitLastSeen(this.#trace, other) - waitLastSeen(this.#trace, one),
    )
    const open: number[] = []
    for (const row of rows) {
      const start = waits.start[row] ?? 0
      const end = waitLastSeen(this.#trace, row)
      while ((open.at(-1) ?? Infinity) <= start) yield this.#out.sliceEnd(track, open.pop() ?? 0)
      if (start < (tasks.start[task] ?? 0) || end > (open.at(-1) ?? taskEnd)) {
        loose.push(row)
        continue
      }
      yield this.#out.sliceBegin(track, start, `wait: ${waitKind(this.#trace, row)}`, 'wait')
      open.push(end)
    }
    for (const end of open.reverse()) yield this.#out.sliceEnd(track, end)
  }

  *#looseWaits(rows: number[], parent: number, label: string): Generator<Uint8Array> {
    const { waits } = this.#trace
    rows.sort((one, other) => (waits.start[one] ?? 0) - (waits.start[other] ?? 0))
    const lanes = lanesOf(rows, {
      start: (row) => waits.start[row] ?? 0,
      end: (row) => waitLastSeen(this.#trace, row),
      slot: () => 0,
    })
    for (const lane of lanes) {
      const track = this.#out.newTrack()
      yield this.#out.track(track, parent, `${label}: waits`)
      for (const row of lane) {
        yield this.#out.sliceBegin(track, waits.start[row] ?? 0, `wait: ${waitKind(this.#trace, row)}`, 'wait')
        yield this.#out.sliceEnd(track, waitLastSeen(this.#trace, row))
      }
    }
  }

  *#cancels({ scopes }: Construct, track: number): Generator<Uint8Array> {
    const { cancels, strings, tasks } = this.#trace
    const own = new Set(scopes)
    for (let row = 0; row < cancels.length; row++) {
      const scope = (cancels.scope[row] ?? 0) - 1
      // The first cancellation is the one that reaches tasks.
      if (!own.delete(scope)) continue
      yield this.#out.instant(
        track,
        cancels.time[row] ?? 0,
        `cancel ${scopeLabel(this.#trace, scope)}`,
        'cancel',
        {
          reason: strings.at(cancels.reason[row] ?? 0),
        },
        { begins: Array.from(this.#reachesOfScope.of(scope), (reach) => tasks.length + reach + 1) },
      )
    }
  }

  *#counter(parent: number, name: string, counts: Counts): Generator<Uint8Array> {
    if (counts.length === 0) return
    const track = this.#out.newTrack()
    yield this.#out.counterTrack(track, parent, name)
    for (const [time, count] of counts) yield this.#out.count(track, time, count)
  }
}
