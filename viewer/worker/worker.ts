/** The worker's end: everything that takes long is done here, so that the page never waits. */
import { expose, transfer } from 'comlink'
import { cancellationsOf } from '../inspect/cancellations.ts'
import { briefOf, detailsOf } from '../inspect/details.ts'
import { leaksOf } from '../inspect/leaks.ts'
import { minimapOf } from '../inspect/minimap.ts'
import { pathOf } from '../inspect/path.ts'
import { poolOf } from '../inspect/pool.ts'
import { rangeOf } from '../inspect/range.ts'
import { causeOfTask, effectOfTask } from '../inspect/related.ts'
import { stallAt, stallReportsOf } from '../inspect/stalls.ts'
import { TaskTable } from '../inspect/table.ts'
import { trackStatesOf } from '../inspect/trackStates.ts'
import { waitCausesOf } from '../inspect/waits.ts'
import { TILE_ROWS, TILE_WIDTH } from '../render/tile.ts'
import type { DrawnTiles, SpanRequest, TableColumn, TileRequest } from './protocol.ts'
import { Session } from './session.ts'

const session = new Session()
const table = new TaskTable(session)

const api = {
  /** To be called once the first frame is on the screen: it takes a while, and nobody waits for it. */
  trim: () => {
    session.trim()
  },
  /** @throws RecordingError when it is no recording. */
  push(recording: number, bytes: Uint8Array): void {
    session.push(recording, bytes)
  },
  /** @throws RecordingError when it has no whole header. */
  end(recording: number): void {
    session.end(recording)
  },
  overview: () => session.overview(),
  filter: (text: string) => session.filter(text),
  newPlaces: () => session.sources.newPlaces(),
  locate: session.locate.bind(session),
  setPalette: session.setPalette.bind(session),
  /** As a picture, which the page can draw from without copying it. */
  async tiles(requests: readonly TileRequest[]): Promise<DrawnTiles> {
    const { pixels, contents } = session.tiles(requests)
    const image = new ImageData(new Uint8ClampedArray(pixels.buffer), TILE_WIDTH, requests.length * TILE_ROWS)
    const picture = await createImageBitmap(image)
    return transfer({ picture, contents }, [picture])
  },
  spans: (requests: readonly SpanRequest[]) => session.spans(requests),
  taskAt: session.taskAt.bind(session),
  find: session.find.bind(session),
  neighbour: session.neighbour.bind(session),
  nearest: session.nearest.bind(session),
  minimap: (columns: number) => minimapOf(session, columns),
  findings: () => session.findings,
  trackOf: (scope: number) => session.tracks.ofScope(scope),
  details: (task: number) => detailsOf(session, task),
  brief: (task: number) => briefOf(session, task),
  stalls: () => stallReportsOf(session),
  stallAt: (time: number, reach: number) => stallAt(session, time, reach),
  trackStates: () => trackStatesOf(session),
  pool: (track: number) => poolOf(session, track),
  cancellations: () => cancellationsOf(session),
  leaks: () => leaksOf(session),
  path: (track: number) => pathOf(session, track),
  waits: () => waitCausesOf(session),
  range: (start: number, end: number) => rangeOf(session, start, end),
  cause: (task: number) => causeOfTask(session, task),
  effect: (task: number) => effectOfTask(session, task),
  sort: (column: TableColumn, descending: boolean) => table.sort(column, descending),
  rows: (from: number, to: number) => table.rows(from, to),
  rowOf: (task: number) => table.rowOf(task),
}

export type WorkerApi = typeof api

expose(api)
