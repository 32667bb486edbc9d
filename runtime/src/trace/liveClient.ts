/** How to find programs that are recorded live, and to read their recordings while they run. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { liveFolder, type LiveProgram } from './liveFolder.ts'

export { liveFolder, type LiveProgram } from './liveFolder.ts'

const PIECE = 1 << 16

/**
 * The programs of this user that are recorded live now, the latest first. What is left of ones that were killed is
 * cleared away.
 *
 * @param folder where they are listed. Default: where programs of this user list themselves.
 */
export function listLive(folder = liveFolder()): LiveProgram[] {
  const programs = namesIn(folder)
    .filter((name) => /^\d+\.json$/u.test(name))
    .flatMap((name) => {
      const path = join(folder, name)
      const program = read(path)
      if (program === undefined) return []
      if (isAlive(program.pid)) return [program]
      for (const left of [path, path.replace(/json$/u, 'sock')]) rmSync(left, { force: true })
      return []
    })
  return programs.sort((a, b) => b.started - a.started)
}

/**
 * Reads the recording of a program from its first byte on, while it grows, until the program ends. The program never
 * waits for the reader. Where nobody answers any more, the file is read as it is.
 *
 * @throws the reason of `signal` when that aborts; what the file system says when the file cannot be read.
 */
export async function* attach(
  program: LiveProgram,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted()
  let received = 0
  const socket = connect(program.socket)
  const abort = (): void => {
    socket.destroy()
  }
  signal?.addEventListener('abort', abort, { once: true })
  try {
    for await (const chunk of spoken(socket, program.token)) {
      received += chunk.length
      yield chunk
    }
    signal?.throwIfAborted()
    yield* rest(program.file, received)
  } finally {
    signal?.removeEventListener('abort', abort)
    socket.destroy()
  }
}

/** What the socket says until it closes, for whatever reason. */
async function* spoken(socket: Socket, token: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    socket.write(`${token}\n`)
    for await (const chunk of socket) yield chunk as Uint8Array
  } catch {
    // A program that ended or was killed: the rest is in the file.
  }
}

async function* rest(path: string, from: number): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path)
  try {
    for (let at = from; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Undefined for what is none of ours, or has gone meanwhile. */
function read(path: string): LiveProgram | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isLiveProgram(json) ? json : undefined
  } catch {
    return undefined
  }
}

function isLiveProgram(json: unknown): json is LiveProgram {
  if (typeof json !== 'object' || json === null) return false
  const { version, pid, command, cwd, file, socket, token, started } = json as Partial<
    Record<keyof LiveProgram, unknown>
  >
  return (
    version === 1
    && typeof pid === 'number'
    && typeof started === 'number'
    && Array.isArray(command)
    && command.every((word) => typeof word === 'string')
    && [cwd, file, socket, token].every((text) => typeof text === 'string')
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
