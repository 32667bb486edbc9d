/** The worker's end: everything that takes long is done here, so that the page never waits. */
import { expose, transfer } from 'comlink'
import { Session } from './session.ts'
import type { TileRequest } from './protocol.ts'

/** How much of a file is fetched at a time, in bytes: enough for progress to show, and few requests. */
const PIECE = 8 << 20

export type Progress = (done: number, total: number) => void

const session = new Session()

const api = {
  /** Fetches a recording in pieces, and reads it. */
  async open(url: string, size: number, progress: Progress): Promise<void> {
    for (let at = 0; at < size;) {
      const until = Math.min(at + PIECE, size)
      const response = await fetch(url, { headers: { Range: `bytes=${String(at)}-${String(until - 1)}` } })
      if (!response.ok) throw new Error(`The recording could not be fetched: ${String(response.status)} ${response.statusText}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      // A server that knows no ranges gives all at once.
      session.push(bytes)
      at = response.status === 206 ? at + bytes.length : size
      if (bytes.length === 0) break
      progress(at, size)
    }
    session.end()
  },
  push: (bytes: Uint8Array) => { session.push(bytes) },
  end: () => { session.end() },
  overview: () => session.overview(),
  setPalette: session.setPalette.bind(session),
  tiles: (requests: readonly TileRequest[]) => {
    const pixels = session.tiles(requests)
    return transfer(pixels, [pixels.buffer])
  },
  spans: session.spans.bind(session),
  taskAt: session.taskAt.bind(session),
  details: session.details.bind(session),
  findings: session.findings.bind(session),
}

export type WorkerApi = typeof api

expose(api)
