import { execFile } from 'node:child_process'

/**
 * Runs the command line that is shipped with the extension, in a process of its own: what takes long or much memory
 * there holds up no other extension.
 *
 * @param script `dist/cli.js`.
 * @throws {Error} With what it said, when it did not end with 0; the reason of `signal` when that aborts.
 */
export function runCli(script: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // The program that extensions run in is the editor itself, which is a Node only when it is told to be one.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
    execFile(process.execPath, [script, ...args], { env, signal }, (error, _stdout, stderr) => {
      if (signal.aborted) reject(signal.reason as Error)
      else if (error !== null) reject(new Error(stderr.trim().replace(/^forkline: /u, '') || error.message))
      else resolve()
    })
  })
}
