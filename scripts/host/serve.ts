import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { editorUrl, type EditorView } from './editorUrl.ts'
import type { InstalledCode } from './install.ts'

const START_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 5_000

/** A running VS Code server, on this machine only. Disposing of it ends it and all that it started. */
export interface CodeServer extends AsyncDisposable {
  /** The address that opens the editor; it holds the secret without which the server answers nobody. */
  url(view: EditorView): string
  /** Settles when the server has ended, asked or not. */
  readonly closed: Promise<unknown>
}

/** What keeps the editor to the matter: no welcome page, no chat, no traffic, no motion. A theme may be added. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
}

/**
 * Starts VS Code's own server from inside the package; code-server's entry point stays out of it.
 * The extension host inherits this process's environment.
 *
 * @param dataFolder Where this server keeps its settings, logs and extensions; two servers never share one.
 * @param settings The user's settings, on top of quiet ones.
 * @throws {Error} With the server's output, when it does not listen within 30 seconds.
 */
export async function serveCode(
  code: InstalledCode,
  dataFolder: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<CodeServer> {
  const userFolder = path.join(dataFolder, 'data/User')
  await mkdir(userFolder, { recursive: true })
  await writeFile(path.join(userFolder, 'settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...settings }))
  // A page of another origin can reach a port of this machine; without the token it would own a terminal.
  const token = randomBytes(16).toString('hex')
  const server = spawn(
    code.node,
    [
      code.serverMain,
      '--host=127.0.0.1',
      '--port=0',
      `--connection-token=${token}`,
      '--accept-server-license-terms',
      // Makes the page accept which extension and which tests to load.
      '--enable-smoke-test-driver',
      `--server-data-dir=${dataFolder}`,
      `--extensions-dir=${path.join(dataFolder, 'extensions')}`,
      '--disable-workspace-trust',
      '--disable-telemetry',
      // A shell's profile would put another Node on the path than this one.
      '--force-disable-user-env',
    ],
    // Its own process group: the extension hosts and file watchers that it starts must end with it.
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  const killGroup = (signal: NodeJS.Signals): void => {
    try {
      if (server.pid !== undefined) process.kill(-server.pid, signal)
    } catch {
      // Already gone.
    }
  }
  const killAtExit = (): void => {
    killGroup('SIGKILL')
  }
  process.once('exit', killAtExit)

  const closed = once(server, 'close')
  const stop = async (): Promise<void> => {
    killGroup('SIGTERM')
    const force = setTimeout(killAtExit, STOP_LIMIT_MS)
    await closed
    clearTimeout(force)
    killGroup('SIGKILL')
    process.removeListener('exit', killAtExit)
  }

  let output = ''
  const listening = new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`VS Code's server ${why}:\n${output}`))
    }
    const limit = setTimeout(() => {
      fail(`did not listen within ${String(START_LIMIT_MS / 1000)} seconds`)
    }, START_LIMIT_MS)
    server.once('error', reject)
    server.once('close', (exitCode) => {
      clearTimeout(limit)
      fail(`ended early with ${String(exitCode)}`)
    })
    server.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    createInterface(server.stdout).on('line', (line) => {
      output += `${line}\n`
      const port = /listening on (\d+)/u.exec(line)?.[1]
      if (port === undefined) return
      clearTimeout(limit)
      resolve(`127.0.0.1:${port}`)
    })
  })
  try {
    const authority = await listening
    return { url: (view) => editorUrl(authority, token, view), closed, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}
