import { findingsOf, ScopeTasks, TASK_STATES, taskLocation, Trace } from '@forkline/trace'
import { stallsIn } from '../inspect/stalls.ts'
import { beginning } from '../inspect/texts.ts'
import type { SourcePlace } from '../messages.ts'
import { FilterError, matcherOf, parseFilter } from '../model/filter.ts'
import { isLeaked } from '../model/lane.ts'
import { TaskWaits } from '../model/taskWaits.ts'
import { Tracks } from '../model/tracks.ts'
import { wideSpans } from '../model/wideSpans.ts'
import { drawFoldedTile } from '../render/foldedTile.ts'
import { drawTile, type Palette, TILE_ROWS, TILE_WIDTH } from '../render/tile.ts'
import type { Finding, Overview, SpanRequest, Spans, TileRequest, TrackInfo, Whereabouts } from './protocol.ts'
import { Recordings } from './recordings.ts'
import { Sources } from './sources.ts'

/** Of a name that is written on a span, no more than this is sent: no screen is wider. */
const LONGEST_LABEL = 200
/** Of what is said of a problem no more than this, in characters. */
const LONGEST_MESSAGE = 1000
/** `state` of a span whose task was leaked, beside those of `TASK_STATES`. */
export const LEAKED_STATE = 5

/** A recording that is being read or has been, and what the canvas asks of it. Lives in a worker; needs no DOM. */
export class Session {
  readonly trace = new Trace()
  /** Counts the changes: answers that were worked out for an earlier one are out of date. */
  version = 0
  #tracks = new Tracks(this.trace)
  readonly #recordings = new Recordings(this.trace)
  readonly sources = new Sources(this.trace)
  #palette: Palette = { ok: 0, running: 0, failed: 0, cancelled: 0, leaked: 0 }
  #accepts: ((task: number) => boolean) | undefined
  /** The version of what the filter was last held against. */
  #filteredAt = 0
  /** Whether more is to come. */
  live = false
  readonly #scopeTasks = new Kept(() => new ScopeTasks(this.trace))
  readonly #taskWaits = new Kept(() => new TaskWaits(this.trace))
  readonly #findings = new Kept(() => this.#findAll())

  get tracks(): Tracks {
    return this.#tracks
  }

  get scopeTasks(): ScopeTasks {
    return this.#scopeTasks.at(this.version)
  }

  get taskWaits(): TaskWaits {
    return this.#taskWaits.at(this.version)
  }

  get findings(): readonly Finding[] {
    return this.#findings.at(this.version)
  }

  /**
   * @param recording which of the run's processes, counted from 0.
   * @throws RecordingError when it is no recording.
   */
  push(recording: number, bytes: Uint8Array): void {
    this.#recordings.push(recording, bytes)
    // Now rather than when all is there: the next piece is still on its way.
    if (this.#accepts === undefined) this.#tracks.update()
    this.live = true
    this.version++
  }

  /**
   * To be called behind the last byte of a recording.
   *
   * @throws RecordingError when it is no whole header.
   */
  end(recording: number): void {
    this.#recordings.end(recording)
    this.live = this.#recordings.live
    this.version++
  }

  /** Gives back memory that is only kept for growing. */
  trim(): void {
    this.#tracks.trim()
    for (const table of Object.values(this.trace)) if (isTable(table)) table.trim()
  }

  /** Takes in what has come since the last time, and tells what there is now. */
  overview(): Overview {
    // What a filter says of a task may be otherwise by now: one that ran may have failed.
    if (this.#accepts !== undefined && this.#filteredAt !== this.version) {
      this.#tracks = new Tracks(this.trace, this.#accepts)
      this.#filteredAt = this.version
    }
    this.#tracks.update()
    const { trace } = this
    const tracks = this.#trackInfos()
    const { damage } = this.#recordings
    return {
      tracks,
      end: trace.end,
      origin: trace.origin ?? 0,
      tasks: trace.tasks.length,
      shown: tracks.reduce((sum, track) => sum + track.tasks, 0),
      dropped: trace.dropped.records + trace.dropped.strings,
      complete: trace.complete,
      damage: damage.map(({ reason, offset }) => `${reason}, at byte ${String(offset)}.`).join(' '),
      command: (trace.recordings[0]?.header.metadata.command ?? []).join(' '),
      stalls: trace.stalls.length,
      cancels: trace.cancels.length,
      leaks: trace.unhandled.length + trace.alive.length,
    }
  }

  /**
   * Shows only what the filter lets through.
   *
   * @returns what is wrong with it; empty when nothing is. The filter before it stays then.
   */
  filter(text: string): string {
    try {
      const terms = parseFilter(text)
      const accepts = matcherOf(terms, this.trace, () => this.taskWaits)
      this.#accepts = terms.length > 0 ? accepts : undefined
      this.#tracks = new Tracks(this.trace, this.#accepts)
      this.#filteredAt = this.version
      return ''
    } catch (error) {
      if (error instanceof FilterError) return error.message
      throw error
    }
  }

  /** The tasks that the filter lets through, in the order of their creation. */
  accepted(): Uint32Array {
    const rows = Uint32Array.from({ length: this.trace.tasks.length }, (_, row) => row)
    return this.#accepts === undefined ? rows : rows.filter(this.#accepts)
  }

  /** See `Sources`. */
  locate(places: readonly SourcePlace[], found: readonly (SourcePlace | null)[]): boolean {
    if (!this.sources.locate(places, found)) return false
    this.#tracks.relocate()
    this.version++
    return true
  }

  setPalette(palette: Palette): void {
    this.#palette = palette
  }

  /** The pixels of tiles, one behind the other, and what is on each, of `TILE_CONTENT`. */
  tiles(requests: readonly TileRequest[]): {
    readonly pixels: Uint32Array<ArrayBuffer>
    readonly contents: Uint8Array
  } {
    const size = TILE_WIDTH * TILE_ROWS
    const pixels = new Uint32Array(requests.length * size)
    const contents = new Uint8Array(requests.length)
    for (const [place, { track, lane, level, index }] of requests.entries()) {
      const step = 2 ** level
      const start = index * TILE_WIDTH * step
      const own = pixels.subarray(place * size, (place + 1) * size)
      const found = this.#tracks.list[track]?.lanes[lane]
      if (lane < 0) {
        contents[place] = drawFoldedTile(this.#tracks.lanesWithin(track), start, step, this.#palette, own)
      } else if (found !== undefined) {
        contents[place] = drawTile(found, start, step, this.#palette, own)
      }
    }
    return { pixels, contents }
  }

  spans(requests: readonly SpanRequest[]): Spans[] {
    return requests.map((request) => (request.track < 0 ? stallsIn(this.trace, request) : this.#spans(request)))
  }

  /** The task at a time of a lane, or the nearest one within `reach` ms; -1 when there is none. */
  taskAt(track: number, lane: number, time: number, reach = 0): number {
    const found = this.#tracks.list[track]?.lanes[lane]
    if (found === undefined) return -1
    const place = found.firstEndingAfter(time - reach)
    return place < found.length && found.start(place) <= time + reach ? found.task(place) : -1
  }

  /** Where a task is; undefined when it is on no lane. */
  find(task: number): Whereabouts | undefined {
    const { tasks } = this.trace
    if (task < 0 || task >= tasks.length || tasks.state[task] === TASK_STATES.queued) return undefined
    const track = this.#tracks.ofScope((tasks.scope[task] ?? 0) - 1)
    const found = this.#tracks.find(track, task)
    const lane = found === undefined ? undefined : this.#tracks.list[track]?.lanes[found.lane]
    if (found === undefined || lane === undefined) return undefined
    return { task, track, lane: found.lane, start: lane.start(found.place), end: lane.end(found.place) }
  }

  /** The task that is so many places along the lane of another one; itself at the end of the lane. */
  neighbour(task: number, by: number): Whereabouts | undefined {
    const at = this.find(task)
    const lane = at === undefined ? undefined : this.#tracks.list[at.track]?.lanes[at.lane]
    if (at === undefined || lane === undefined) return at
    const place = this.#tracks.find(at.track, task)?.place ?? 0
    return this.find(lane.task(Math.min(Math.max(place + by, 0), lane.length - 1)))
  }

  /** The task of a lane that is nearest to a time. */
  nearest(track: number, lane: number, time: number): Whereabouts | undefined {
    const found = this.#tracks.list[track]?.lanes[lane]
    if (found === undefined || found.length === 0) return undefined
    const place = Math.min(found.firstEndingAfter(time), found.length - 1)
    const before = Math.max(0, place - 1)
    const nearer = found.start(place) - time > time - found.end(before) ? before : place
    return this.find(found.task(nearer))
  }

  #spans({ track, lane, start, end, shortest }: SpanRequest): Spans {
    const single = this.#tracks.list[track]?.lanes[lane]
    const lanes = lane < 0 ? this.#tracks.lanesWithin(track) : single === undefined ? [] : [single]
    const rows = lanes.flatMap((one) => wideSpans(one, start, end, shortest).map((place) => one.task(place)))
    const { trace } = this
    const { tasks } = trace
    const labels = new Map<string, number>()
    const label = Uint32Array.from(rows, (row) => {
      const text = this.#spanLabel(row)
      const known = labels.get(text) ?? labels.size
      labels.set(text, known)
      return known
    })
    return {
      task: Uint32Array.from(rows),
      start: Float64Array.from(rows, (row) => tasks.start[row] ?? 0),
      end: Float64Array.from(rows, (row) => tasks.end[row] ?? NaN),
      state: Uint8Array.from(rows, (row) => (isLeaked(trace, row) ? LEAKED_STATE : (tasks.state[row] ?? 0))),
      label,
      labels: [...labels.keys()],
      waits: this.#waitsOf(rows, shortest),
    }
  }

  /** What is written on a span: the task's name, or else the line that it came from. */
  #spanLabel(row: number): string {
    const { tasks, strings } = this.trace
    const name = strings.at(tasks.name.at(row))
    if (name !== '') return name.slice(0, LONGEST_LABEL)
    if (tasks.location.at(row) === 0) return ''
    const location = taskLocation(this.trace, row)
    if (location === null) return ''
    return `${location.file.split(/[/\\]/u).at(-1) ?? ''}:${String(location.line)}`.slice(0, LONGEST_LABEL)
  }

  #waitsOf(rows: readonly number[], shortest: number): Float64Array {
    const { waits } = this.trace
    if (waits.length === 0 || rows.length === 0) return new Float64Array(0)
    const times: number[] = []
    for (const row of rows) {
      for (const wait of this.taskWaits.of(row)) {
        const end = Number.isNaN(waits.end[wait]) ? this.trace.end : (waits.end[wait] ?? 0)
        if (end - (waits.start[wait] ?? 0) >= shortest / 2) times.push(waits.start[wait] ?? 0, end)
      }
    }
    return Float64Array.from(times)
  }

  #findAll(): Finding[] {
    const findings = findingsOf(this.trace, this.scopeTasks)
    return findings.map((finding) => ({ ...finding, message: beginning(finding.message, LONGEST_MESSAGE) }))
  }

  #trackInfos(): TrackInfo[] {
    const infos: TrackInfo[] = []
    const closed = this.#tracks.closed()
    for (const [number, track] of this.#tracks.list.entries()) {
      const { label, kind, location, parent, lanes, scopes, limit, tasks, opened, slotted } = track
      const depth = parent < 0 ? 0 : (infos[parent]?.depth ?? 0) + 1
      infos.push({
        label: label.slice(0, LONGEST_LABEL),
        kind,
        location,
        parent,
        depth,
        lanes: lanes.length,
        scopes,
        limit,
        tasks,
        opened,
        closed: closed[number] ?? 0,
        slotted,
      })
    }
    return infos
  }
}

/** An answer that is kept until something changes. */
class Kept<Value> {
  readonly #make: () => Value
  #value: { readonly version: number; readonly value: Value } | undefined

  constructor(make: () => Value) {
    this.#make = make
  }

  at(version: number): Value {
    if (this.#value?.version !== version) this.#value = { version, value: this.#make() }
    return this.#value.value
  }
}

function isTable(value: unknown): value is { trim(): void } {
  return typeof value === 'object' && value !== null && 'trim' in value && typeof value.trim === 'function'
}
