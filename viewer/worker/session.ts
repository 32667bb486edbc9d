import {
  endingOf, findingsOf, RecordingReader, scopeLabel, taskLabel, taskLocation, Trace, waitKind,
} from '@forkline/trace'
import { Tracks } from '../model/tracks.ts'
import { drawTile, type Palette, TILE_ROWS, TILE_WIDTH } from '../render/tile.ts'
import type { Finding, Overview, Spans, TaskDetails, TileRequest, TrackInfo } from './protocol.ts'

/** How many pieces of a lane are looked at for spans to draw one by one; a lane has fewer that are wide enough. */
const MOST_SPANS = 4096

/** A recording that is being read or has been, and all that the page asks of it. Lives in a worker; needs no DOM. */
export class Session {
  readonly trace = new Trace()
  readonly tracks = new Tracks(this.trace)
  readonly #reader = new RecordingReader(this.trace)
  #palette: Palette = { ok: 0, running: 0, failed: 0, cancelled: 0, leaked: 0 }

  /** @throws RecordingError when it is no recording. */
  push(bytes: Uint8Array): void {
    this.#reader.push(bytes)
  }

  /** @throws RecordingError when it is no whole header. */
  end(): void {
    this.#reader.end()
  }

  /** Takes in what has come since the last time, and tells what there is now. */
  overview(): Overview {
    this.tracks.update()
    const { trace } = this
    const damage = trace.recordings.flatMap((recording) => recording.damage)
    return {
      tracks: this.#trackInfos(),
      end: trace.end,
      tasks: trace.tasks.length,
      dropped: trace.dropped.records + trace.dropped.strings,
      complete: trace.complete,
      damage: damage.map(({ reason, offset }) => `${reason}, at byte ${String(offset)}.`).join(' '),
    }
  }

  setPalette(palette: Palette): void {
    this.#palette = palette
  }

  /** The pixels of tiles, one behind the other, `TILE_WIDTH` times `TILE_ROWS` each. */
  tiles(requests: readonly TileRequest[]): Uint32Array<ArrayBuffer> {
    const size = TILE_WIDTH * TILE_ROWS
    const pixels = new Uint32Array(requests.length * size)
    for (const [place, { track, lane, level, index }] of requests.entries()) {
      const found = this.tracks.list[track]?.lanes[lane]
      const step = 2 ** level
      if (found !== undefined) {
        drawTile(found, index * TILE_WIDTH * step, step, this.#palette, pixels.subarray(place * size, (place + 1) * size))
      }
    }
    return pixels
  }

  /** @param shortest spans that are shorter are left out, in ms. */
  spans(track: number, lane: number, start: number, end: number, shortest: number): Spans {
    const found = this.tracks.list[track]?.lanes[lane]
    const tasks: number[] = []
    if (found !== undefined) {
      let place = found.firstEndingAfter(start)
      for (let looked = 0; place < found.length && found.start(place) < end && looked < MOST_SPANS; looked++) {
        if (found.end(place) - found.start(place) >= shortest) tasks.push(found.task(place))
        place++
      }
    }
    const table = this.trace.tasks
    return {
      task: Uint32Array.from(tasks),
      start: Float64Array.from(tasks, (task) => table.start[task] ?? 0),
      end: Float64Array.from(tasks, (task) => table.end[task] ?? NaN),
      state: Uint8Array.from(tasks, (task) => table.state[task] ?? 0),
      labels: tasks.map((task) => this.trace.strings.at(table.name.at(task))),
    }
  }

  /** The task at a time of a lane; -1 when there is none. */
  taskAt(track: number, lane: number, time: number): number {
    const found = this.tracks.list[track]?.lanes[lane]
    if (found === undefined) return -1
    const place = found.firstEndingAfter(time)
    return place < found.length && found.start(place) <= time ? found.task(place) : -1
  }

  details(task: number): TaskDetails | undefined {
    const { trace } = this
    const { tasks, waits, strings } = trace
    if (task < 0 || task >= tasks.length) return undefined
    const scope = (tasks.scope[task] ?? 0) - 1
    const start = tasks.start[task] ?? 0
    const end = tasks.end[task] ?? NaN
    const parent = (tasks.parent[task] ?? 0) - 1
    const own: TaskDetails['waits'][number][] = []
    for (let row = 0; row < waits.length; row++) {
      if ((waits.task[row] ?? 0) - 1 !== task) continue
      const waitEnd = waits.end[row] ?? NaN
      const waitScope = (waits.scope[row] ?? 0) - 1
      own.push({
        kind: waitKind(trace, row), start: waits.start[row] ?? 0, end: Number.isNaN(waitEnd) ? null : waitEnd,
        what: waitScope < 0 ? '' : scopeLabel(trace, waitScope),
      })
    }
    return {
      task, label: taskLabel(trace, task), scope: scope < 0 ? '' : scopeLabel(trace, scope), state: endingOf(trace, task),
      location: taskLocation(trace, task), start, end: Number.isNaN(end) ? null : end,
      queued: tasks.queued[task] ?? 0, parent: parent < 0 ? null : parent, waits: own,
      error: strings.at(tasks.error.at(task)), cancelledBy: '',
    }
  }

  findings(): Finding[] {
    return findingsOf(this.trace)
  }

  #trackInfos(): TrackInfo[] {
    const infos: TrackInfo[] = []
    for (const { label, kind, location, parent, lanes, scopes, limit } of this.tracks.list) {
      const depth = parent < 0 ? 0 : (infos[parent]?.depth ?? 0) + 1
      infos.push({ label, kind, location, parent, depth, lanes: lanes.length, scopes, limit })
    }
    return infos
  }
}
