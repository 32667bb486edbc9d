import type { OutputStream } from './host.ts'

/** Shorter runs show nothing. In milliseconds. */
const PATIENCE = 1000
/** Between two updates, in milliseconds. */
const INTERVAL = 100

/** Tells a person who waits at a terminal how far the run is, on a line that it takes away again. */
export class Progress {
  readonly #stream: OutputStream
  readonly #start = Date.now()
  #last = 0
  #shown = false

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  update(done: number, total: number): void {
    if (this.#stream.isTTY !== true) return
    const now = Date.now()
    if (now - this.#start < PATIENCE || now - this.#last < INTERVAL) return
    this.#last = now
    this.#shown = true
    this.#stream.write(`\r\u001B[KLinting ${String(done)} of ${String(total)} files…`)
  }

  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001B[K')
    this.#shown = false
  }
}
