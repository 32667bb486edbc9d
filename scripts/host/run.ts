import { spawn } from 'node:child_process'

/**
 * Runs a command to its end, quietly.
 *
 * @param options `accept` holds the exit codes that are no failure; by default 0 alone.
 * @returns What it wrote to its standard output.
 * @throws {Error} With the last of its output, when it cannot be started or ends with a code that is not accepted.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly accept?: readonly number[] } = {},
): Promise<string> {
  const { accept = [0], ...spawnOptions } = options
  const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let all = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    all += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (all += text))
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => {
      resolve(exitCode ?? signal)
    })
  })
  if (typeof code === 'number' && accept.includes(code)) return stdout
  throw new Error(`\`${[command, ...args].join(' ')}\` ended with ${String(code)}:\n${all.slice(-2000).trimEnd()}`)
}
