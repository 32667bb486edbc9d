import { open } from 'node:fs/promises'
import { pool } from '@forkline/runtime/pool'
import type { ToPage } from '@forkline/viewer/messages'
import { filesOfRun, isOngoing } from './runFiles.ts'

/** How much of a file goes into a batch at most, in bytes. */
const BATCH = 1 << 20
/** How many batches may be on their way: a page that is busy or hidden is not flooded. */
const AHEAD = 8
/** How often the files are looked at, in ms. */
const LOOK_EVERY = 100

/** A run may have very many processes. */
const files = pool({ concurrency: 8, name: 'recordings that are looked at' })

/** Where the bytes of a batch lie, so that one that was lost can be read again. */
interface Batch {
  readonly file: number
  readonly from: number
  readonly to: number
}

/** Hands a run to a page while its programs are still writing it. The files hold all of it: nothing is kept here. */
export class LiveRun {
  readonly #recording: string
  readonly #post: (message: ToPage) => void
  readonly #batches: Batch[] = []
  /** Files in the order in which they were found, which is the number that the page knows them by. */
  readonly #files: string[] = []
  readonly #read: number[] = []
  #received = 0
  #wake: () => void = () => undefined
  #stopped = false

  constructor(recording: string, post: (message: ToPage) => void) {
    this.#recording = recording
    this.#post = post
  }

  /**
   * Follows the run. Settles when the program has ended, or with `stop`.
   *
   * @throws What the file system says when the recording cannot be read.
   */
  async start(): Promise<void> {
    while (!this.#stopped && (await this.#look())) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    if (!this.#stopped) this.#post({ type: 'liveEnded', reason: 'The program has ended.' })
  }

  /** The page has read all batches below this number. */
  received(number: number): void {
    this.#received = Math.max(this.#received, number)
  }

  /** The page asks for everything from a batch on again. */
  async resync(from: number): Promise<void> {
    for (const [number, batch] of this.#batches.entries()) if (number >= from) await this.#send(number, batch)
  }

  /**
   * Ceases to follow it, although the program runs on.
   *
   * @param reason Told to the page, which shows what it has as it is. Without one, the page is not told.
   */
  stop(reason?: string): void {
    this.#stopped = true
    this.#wake()
    if (reason !== undefined) this.#post({ type: 'liveEnded', reason })
  }

  /** Sends what has come. Gives false when there is nothing more to come. */
  async #look(): Promise<boolean> {
    const found = await filesOfRun(this.#recording)
    for (const { path } of found) {
      if (this.#files.includes(path)) continue
      this.#files.push(path)
      this.#read.push(0)
    }
    // Asked before the bytes are read: what is written in between would otherwise be missed.
    const ongoing = (await files.map(found, ({ path }) => isOngoing(path))).includes(true)
    for (const { path, size } of found) {
      while (this.#batches.length - this.#received < AHEAD) {
        const batch = this.#next(this.#files.indexOf(path), size)
        if (batch === undefined) break
        await this.#send(this.#batches.push(batch) - 1, batch)
      }
    }
    return ongoing || found.some(({ path, size }) => (this.#read[this.#files.indexOf(path)] ?? 0) < size)
  }

  /** What of a file comes next; undefined when all that it holds was sent. */
  #next(file: number, size: number): Batch | undefined {
    const from = this.#read[file] ?? 0
    if (from >= size) return undefined
    const to = Math.min(size, from + BATCH)
    this.#read[file] = to
    return { file, from, to }
  }

  async #send(number: number, { file, from, to }: Batch): Promise<void> {
    const handle = await open(this.#files[file] ?? this.#recording)
    try {
      const bytes = new Uint8Array(to - from)
      await handle.read(bytes, 0, bytes.length, from)
      this.#post({ type: 'batch', number, process: file, bytes })
    } finally {
      await handle.close()
    }
  }
}
