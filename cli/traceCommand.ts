import path from 'node:path'
import { chromeTrace, perfettoTrace, summarise, type Trace } from '@forkline/trace'
import { Command, Option } from 'commander'
import { hasColors } from './colors.ts'
import type { CliHost } from './host.ts'
import { writeFully } from './output.ts'
import { reportCommand } from './reportCommand.ts'
import { checkRecording } from './trace/check.ts'
import { openRun } from './trace/openRun.ts'
import { otlpRequests } from './trace/otlp.ts'
import { summaryJson } from './trace/summaryJson.ts'
import { summaryText } from './trace/summaryText.ts'
import { writeOut } from './trace/writeOut.ts'
import { writtenText } from './trace/written.ts'

const EXPORTS = {
  chrome: chromeTrace,
  perfetto: perfettoTrace,
  otlp: otlpRequests,
} satisfies Record<string, (trace: Trace) => Iterable<string | Uint8Array>>

type ExportName = keyof typeof EXPORTS

/** `forkline trace`: what became of a recording. The exit code of `check` goes to `setExitCode`. */
export function traceCommand(host: CliHost, setExitCode: (code: number) => void): Command {
  return new Command('trace')
    .description('Look at recordings made by `forkline run`, or turn them into something else.')
    .addCommand(summaryCommand(host))
    .addCommand(checkCommand(host, setExitCode))
    .addCommand(exportCommand(host))
    .addCommand(reportCommand(host))
}

function summaryCommand(host: CliHost): Command {
  return new Command('summary')
    .description(
      'Say what ran, how it came out, and what is worth knowing of it. '
        + 'Recordings of the same run beside the file are read too.',
    )
    .argument('<file>', 'the recording')
    .addOption(new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'))
    .option('--no-color', 'print without colors')
    .action(async (file: string, options: { readonly format: 'text' | 'json'; readonly color: boolean }) => {
      const summary = summarise(openRun(path.resolve(host.cwd, file)).trace)
      if (options.format === 'json') {
        for (const piece of summaryJson(summary)) await writeFully(host.stdout, piece)
        return
      }
      const color = options.color && hasColors(host.stdout, host.env)
      await writeFully(host.stdout, summaryText(summary, { cwd: host.cwd, color }))
    })
}

function checkCommand(host: CliHost, setExitCode: (code: number) => void): Command {
  return new Command('check')
    .description('Say what is wrong with a recording, and how far it is good.')
    .argument('<file>', 'the recording')
    .addHelpText('after', '\nExit code: 0 nothing is wrong; 1 something is missing or damaged; 2 it cannot be read.')
    .action(async (file: string) => {
      const { about, problems } = checkRecording(path.resolve(host.cwd, file))
      if (problems.length > 0) setExitCode(1)
      const verdict = problems.length === 0 ? ['Nothing is wrong with it.'] : problems
      await writeFully(host.stdout, [file, ...[...about, ...verdict].map((line) => `  ${line}`), ''].join('\n'))
    })
}

function exportCommand(host: CliHost): Command {
  return new Command('export')
    .description('Write a recording for another tool. Recordings of the same run beside the file are read too.')
    .argument('<file>', 'the recording')
    .addOption(
      new Option('--to <format>', 'for which tool: chrome://tracing, ui.perfetto.dev, or OpenTelemetry')
        .choices(Object.keys(EXPORTS))
        .makeOptionMandatory(),
    )
    .requiredOption('-o, --output <file>', 'the file to write; it must not exist')
    .action(async (file: string, { to, output }: { readonly to: ExportName; readonly output: string }) => {
      const target = path.resolve(host.cwd, output)
      const { trace } = openRun(path.resolve(host.cwd, file))
      writeOut(target, EXPORTS[to](trace))
      await writeFully(host.stderr, writtenText(target, trace))
    })
}
