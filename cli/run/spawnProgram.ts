import { spawn } from 'cross-spawn'
import { forwardSignals } from './signals.ts'

/** How a program ended: by itself, or by a signal. */
export interface ProgramEnd {
  readonly exitCode: number
  readonly signal: NodeJS.Signals | undefined
  /** Why it could not be started at all. */
  readonly notStarted: string | undefined
}

/** Runs a command on this process's own input and output, and waits for its end. Never rejects. */
export function spawnProgram(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  const [file = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: 'inherit' })
    const stop = forwardSignals(child)
    // Exit codes as shells have them.
    child.once('error', (error: NodeJS.ErrnoException) => {
      stop()
      const missing = error.code === 'ENOENT'
      const why = missing ? 'There is no such command. Check its name, and whether it is on the PATH.' : error.message
      resolve({ exitCode: missing ? 127 : 126, signal: undefined, notStarted: `${file} cannot be started: ${why}` })
    })
    child.once('exit', (exitCode, signal) => {
      stop()
      resolve({ exitCode: exitCode ?? 1, signal: signal ?? undefined, notStarted: undefined })
    })
  })
}
