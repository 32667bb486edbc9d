import { chmodSync, closeSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Server, Socket } from 'node:net'
import { join } from 'node:path'
import { type LiveProgram, makePrivate } from './liveFolder.ts'

/** What a thread needs in order to show a recording while it grows. */
export interface LiveOptions {
  readonly folder: string
  readonly file: string
  readonly command: readonly string[]
  readonly cwd: string
  readonly started: number
}

/** Loaded for a server only: the thread that writes takes 2 MB less without them. */
interface Builtins {
  readonly crypto: typeof import('node:crypto')
  readonly net: typeof import('node:net')
}

/** So much is read from the file at a time, in bytes. Nothing more is read until the other end has taken it. */
const PIECE = 1 << 16

/** How long one who connects may take to say the token, in ms. */
const PATIENCE_MS = 5000

/**
 * Shows a recording to those who connect, from its first byte on and as it grows. It is read back from the file: one
 * who is slow to take it is behind in reading, and neither the program nor the recording ever waits.
 */
export class LiveServer {
  readonly #options: LiveOptions
  readonly #crypto: Builtins['crypto']
  readonly #token: string
  readonly #socketPath: string
  readonly #jsonPath: string
  readonly #server: Server
  readonly #viewers = new Set<Viewer>()

  private constructor(options: LiveOptions, { crypto, net }: Builtins) {
    this.#options = options
    this.#crypto = crypto
    this.#token = crypto.randomBytes(16).toString('hex')
    makePrivate(options.folder)
    const name = String(process.pid)
    this.#jsonPath = join(options.folder, `${name}.json`)
    this.#socketPath =
      process.platform === 'win32'
        ? `\\\\.\\pipe\\forkline-${name}-${crypto.randomBytes(8).toString('hex')}`
        : join(options.folder, `${name}.sock`)
    this.#server = net.createServer((socket) => {
      this.#welcome(socket)
    })
    this.#forget()
  }

  /** @throws when the folder for it cannot be made, or is not private. */
  static async open(options: LiveOptions): Promise<LiveServer> {
    const [crypto, net] = await Promise.all([import('node:crypto'), import('node:net')])
    return new LiveServer(options, { crypto, net })
  }

  /** @param failed told when nobody can connect. */
  listen(failed: (error: Error) => void): void {
    this.#server.on('error', failed)
    this.#server.listen(this.#socketPath, () => {
      try {
        if (process.platform !== 'win32') chmodSync(this.#socketPath, 0o600)
        this.#announce()
      } catch (error) {
        failed(error as Error)
      }
    })
  }

  /** The recording has grown. */
  grown(): void {
    for (const viewer of this.#viewers) viewer.send()
  }

  /** Those who are behind read the rest from the file: to wait for them would keep the process alive. */
  close(): void {
    this.#forget()
    this.#server.close()
    for (const viewer of this.#viewers) viewer.close()
  }

  #announce(): void {
    const { file, command, cwd, started } = this.#options
    const program: LiveProgram = {
      version: 1,
      pid: process.pid,
      command,
      cwd,
      file,
      socket: this.#socketPath,
      token: this.#token,
      started,
    }
    // Whole or not there at all for those who look.
    writeFileSync(`${this.#jsonPath}.new`, JSON.stringify(program), { mode: 0o600 })
    renameSync(`${this.#jsonPath}.new`, this.#jsonPath)
  }

  #forget(): void {
    rmSync(this.#jsonPath, { force: true })
    if (process.platform !== 'win32') rmSync(this.#socketPath, { force: true })
  }

  #welcome(socket: Socket): void {
    const expected = Buffer.from(`${this.#token}\n`)
    let said = Buffer.alloc(0)
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy()
    })
    socket.on('error', () => {
      socket.destroy()
    })
    const listen = (chunk: Buffer): void => {
      said = Buffer.concat([said, chunk])
      if (said.length < expected.length) return
      socket.off('data', listen).setTimeout(0)
      if (said.length > expected.length || !this.#crypto.timingSafeEqual(said, expected)) socket.destroy()
      else this.#show(socket)
    }
    socket.on('data', listen)
  }

  #show(socket: Socket): void {
    const viewer = new Viewer(socket, openSync(this.#options.file, 'r'))
    this.#viewers.add(viewer)
    socket.resume().once('close', () => {
      this.#viewers.delete(viewer)
      viewer.close()
    })
    viewer.send()
  }
}

/** One who has connected, and how far they have got. */
class Viewer {
  readonly #socket: Socket
  #file: number | undefined
  #isFull = false

  constructor(socket: Socket, file: number) {
    this.#socket = socket
    this.#file = file
    socket.on('drain', () => {
      this.#isFull = false
      this.send()
    })
  }

  /** Sends what there is, as far as the other end takes it. */
  send(): void {
    while (!this.#isFull && this.#file !== undefined) {
      const piece = Buffer.allocUnsafe(PIECE)
      const length = readSync(this.#file, piece, 0, PIECE, null)
      if (length === 0) return
      this.#isFull = !this.#socket.write(piece.subarray(0, length))
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
    this.#socket.destroy()
  }
}
