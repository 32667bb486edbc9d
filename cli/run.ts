import { Command, CommanderError } from 'commander'
import type { CliHost } from './host.ts'
import { lintCommand } from './lintCommand.ts'
import { writeFully } from './output.ts'
import { rulesCommand } from './rulesCommand.ts'
import { runCommand } from './runCommand.ts'
import { traceCommand } from './traceCommand.ts'
import { UsageError } from './usageError.ts'
import { VERSION } from './version.ts'

export type { CliHost } from './host.ts'

/**
 * Runs one command line.
 *
 * @param args What follows the program's name.
 * @returns The exit code: 0 clean, 1 findings that count as failure, 2 could not run. Never rejects.
 */
export async function run(args: readonly string[], host: CliHost): Promise<number> {
  const written: Promise<void>[] = []
  let exitCode = 0
  const setExitCode = (code: number): void => {
    exitCode = code
  }
  const program = new Command('forkline')
    .description('Finds and records concurrency mistakes in TypeScript and JavaScript.')
    .version(VERSION, '-v, --version')
    .exitOverride()
    // What follows a command that is run belongs to it.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => {
        written.push(writeFully(host.stdout, text))
      },
      writeErr: (text) => {
        written.push(writeFully(host.stderr, text))
      },
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  for (const command of [
    lintCommand(host, setExitCode),
    rulesCommand(host),
    runCommand(host, setExitCode),
    traceCommand(host, setExitCode),
  ]) {
    program.addCommand(withSettingsOf(command, program))
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2
    if (!(error instanceof CommanderError)) written.push(writeFully(host.stderr, `forkline: ${shown(error)}\n`))
  }
  await Promise.all(written)
  return exitCode
}

/** Commands within commands must not end the process either. */
function withSettingsOf(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const inner of command.commands) withSettingsOf(inner, command)
  return command
}

/** A mistake of ours is shown with where it happened, one of the user's is not. */
function shown(error: unknown): string {
  if (error instanceof UsageError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
