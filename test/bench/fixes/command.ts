import { spawn } from 'node:child_process'
import { failuresOf } from './failures.ts'

/** What a command of a project has to say. */
export interface Outcome {
  /** Undefined where it did not end in time. */
  readonly code: number | undefined
  readonly failures: readonly string[]
}

/** Runs a command line in a folder; one that takes longer than it may is killed, with all that it has started. */
export function runCommand(command: string, folder: string, minutes: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd: folder,
      shell: true,
      // A group of its own, so that what it starts can be ended with it.
      detached: true,
      env: { ...process.env, CI: '1', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let isLate = false
    const keep = (text: string): void => {
      output += text
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const timer = setTimeout(() => {
      isLate = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, minutes * 60_000)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code: isLate ? undefined : (code ?? 1), failures: failuresOf(output) })
    })
  })
}
