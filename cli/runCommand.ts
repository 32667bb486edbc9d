import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import { relative, resolve } from 'node:path'
import { encodeConfig, VARIABLE, withPreload } from '@forkline/runtime/register-config'
import { Command } from 'commander'
import type { CliHost } from './host.ts'
import { writeFully } from './output.ts'
import { type Notes, NotesFolder } from './run/notes.ts'
import { defaultOutFile, whyNotInto } from './run/outFile.ts'
import { preloadPath } from './run/preload.ts'
import { thisNode, toCommand } from './run/program.ts'
import { type ProgramEnd, spawnProgram } from './run/spawnProgram.ts'

interface RunOptions {
  readonly out?: string
  readonly live?: true
  readonly promises?: true
}

const NOTES = `
The command is any that ends in Node.js, or a script: \`forkline run app.ts\`, \`forkline run -- npm test\`.
Its input, output, exit code and signals are its own. What it starts is recorded too: each process has a file
of its own, beside the first one's, with its number in the name.`

/** `forkline run`. The exit code goes to `setExitCode`. */
export function runCommand(host: CliHost, setExitCode: (code: number) => void): Command {
  return new Command('run')
    .description('Run a program and record what it does concurrently.')
    .usage('[options] [--] <command> [arguments...]')
    .argument('<command...>', 'a command that ends in Node.js, or a script')
    .passThroughOptions()
    .option('--out <file>', 'where to record; by default forkline-<date>-<time>.fltrace in this folder')
    .option('--live', 'let the editor show the program while it runs')
    .option('--promises', 'record every promise, which costs more')
    .addHelpText('after', NOTES)
    .action(async (words: readonly string[], options: RunOptions) => {
      const { exitCode, signal } = await record(words, options, host)
      setExitCode(signal === undefined ? exitCode : 128 + constants.signals[signal])
      if (signal !== undefined) host.raise?.(signal)
    })
}

async function record(words: readonly string[], options: RunOptions, host: CliHost): Promise<ProgramEnd> {
  const { cwd, env, stderr } = host
  const say = (text: string): Promise<void> => writeFully(stderr, `forkline: ${text}\n`)
  const command = toCommand(words, cwd, thisNode())
  const inTheWay = options.out === undefined ? undefined : whyNotInto(options.out, cwd)
  if (inTheWay !== undefined) {
    await say(inTheWay)
    return await run(command, host, env)
  }
  const out = options.out === undefined ? defaultOutFile(cwd, new Date()) : resolve(cwd, options.out)
  const notes = new NotesFolder()
  const end = await run(command, host, {
    ...env,
    NODE_OPTIONS: withPreload(env['NODE_OPTIONS'], preloadPath()),
    [VARIABLE]: encodeConfig({
      run: randomBytes(16).toString('hex'),
      out,
      notes: notes.path,
      promises: options.promises ?? false,
      live: options.live ?? false,
    }),
  })
  const taken = notes.take()
  for (const problem of taken.problems) await say(problem)
  if (end.notStarted === undefined) await tell(taken, relative(cwd, out), host, say)
  return end
}

async function run(command: readonly string[], host: CliHost, env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  const end = await spawnProgram(command, host.cwd, env)
  if (end.notStarted !== undefined) await writeFully(host.stderr, `forkline: ${end.notStarted}\n`)
  return end
}

/** Says what came of it: always when it was nothing, and otherwise only to a person. */
async function tell(
  { recordings, problems }: Notes,
  out: string,
  host: CliHost,
  say: (text: string) => Promise<void>,
): Promise<void> {
  const [first] = recordings
  if (first === undefined) {
    if (problems.length > 0) return
    await say(
      `${out} was not made: the command started no program in Node.js, cleared NODE_OPTIONS and ${VARIABLE} `
        + 'for it, or does not let it write files (`--permission`). Only programs in Node.js 20 or later can be recorded; '
        + 'name the command that starts one.',
    )
  } else if (host.stderr.isTTY === true) {
    const others = recordings.length - 1
    const more = others === 0 ? '' : ` and ${String(others)} more beside it, one for each process`
    await say(`Recorded to ${relative(host.cwd, first)}${more}.`)
  }
}
