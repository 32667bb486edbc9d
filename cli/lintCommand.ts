import fs from 'node:fs'
import path from 'node:path'
import { LEVELS, type Level } from '@forkline/lint'
import { Command, InvalidArgumentError, Option } from 'commander'
import { DEFAULT_LOCATION } from './baseline.ts'
import { hasColors } from './colors.ts'
import { FORMAT_NAMES, FORMATS, type FormatName } from './formats/format.ts'
import type { CliHost } from './host.ts'
import { lintFiles } from './lintFiles.ts'
import { writeFully } from './output.ts'
import { Progress } from './progress.ts'
import { errorsOnly, type FileReport, totals } from './results.ts'
import { parseRuleSettings } from './ruleSettings.ts'
import { checkSuppressionOptions, suppressInReports, type SuppressionOptions } from './suppressionOptions.ts'
import { findTargets } from './targets.ts'
import { UsageError } from './usageError.ts'

interface LintCommandOptions extends SuppressionOptions {
  readonly format: FormatName
  readonly fix?: true
  readonly fixDryRun?: true
  readonly maxWarnings: number
  readonly rule: readonly string[]
  readonly level: Level
  readonly tsconfig?: string
  readonly color: boolean
  readonly quiet?: true
  readonly reportUnusedDisableDirectives?: true
}

const NOTES = `
Findings that are certain are errors, likely and possible ones are warnings, unless --rule says otherwise.
In folders, node_modules, dist and other generated files are left out, and what git ignores; files that
are named are always linted. A file that does not parse is never fixed; it is an error of its own only
when nothing was found in it.

Exit code: 0 no errors; 1 errors, or more warnings than allowed; 2 the command could not run, or found
no errors but a rule failed, so that findings may be missing.`

/** `forkline lint`. The exit code goes to `setExitCode`. */
export function lintCommand(host: CliHost, setExitCode: (code: number) => void): Command {
  return new Command('lint')
    .description('Find concurrency mistakes in files or folders.')
    .argument('[paths...]', 'files, folders or patterns', ['.'])
    .addOption(new Option('--format <name>', 'how to print findings').choices(FORMAT_NAMES).default('stylish'))
    .addOption(new Option('--level <level>', 'the least sure findings to report').choices(LEVELS).default('likely'))
    .option('--rule <id:severity>', 'set a rule to off, warn or error; may be repeated', append, [])
    .option('--fix', 'fix what can be fixed without asking, and write the files')
    .addOption(new Option('--fix-dry-run', 'fix, but write nothing: the json format shows the texts').conflicts('fix'))
    .option('--max-warnings <number>', 'exit with 1 when there are more warnings; -1 for any number', toCount, -1)
    .option('--quiet', 'report errors only')
    .option('--tsconfig <file>', 'the config file to use for all files')
    .option('--report-unused-disable-directives', 'report eslint-disable comments that suppress nothing')
    .option('--suppress-all', 'add all errors to the suppressions file')
    .option('--suppress-rule <id>', 'add the errors of this rule to the suppressions file; may be repeated', append)
    .option('--prune-suppressions', 'remove what no longer occurs from the suppressions file')
    .option('--pass-on-unpruned-suppressions', 'ignore unused entries of the suppressions file')
    .option('--suppressions-location <file>', `the suppressions file, instead of ${DEFAULT_LOCATION}`)
    .option('--no-color', 'print without colors')
    .addHelpText('after', NOTES)
    .action(async (paths: readonly string[], options: LintCommandOptions) => {
      setExitCode(await runLint(paths, options, host))
    })
}

async function runLint(paths: readonly string[], options: LintCommandOptions, host: CliHost): Promise<number> {
  const { cwd, stdout, stderr } = host
  const rules = parseRuleSettings(options.rule, host.rules)
  checkSuppressionOptions(options, cwd, host.rules)
  const tsconfig = options.tsconfig === undefined ? undefined : configFile(options.tsconfig, cwd)
  const targets = await findTargets(paths, cwd)
  const isFixing = options.fix ?? options.fixDryRun ?? false
  const run = lintFiles(
    targets,
    {
      cwd,
      level: options.level,
      rules,
      allRules: host.rules,
      tsconfig,
      reportUnusedDirectives: options.reportUnusedDisableDirectives ?? false,
      fix: isFixing ? (options.quiet ? 'errors' : 'all') : undefined,
    },
    new Progress(stderr),
  )
  if (options.fix) writeOutputs(run.reports)
  const { reports, hasUnused } = suppressInReports(run.reports, options, cwd, host.rules)

  const shown = options.quiet ? errorsOnly(reports) : reports
  const color = options.color && hasColors(stdout, host.env)
  await writeFully(stderr, run.notes.map((note) => `forkline: ${note}\n`).join(''))
  await writeFully(stdout, FORMATS[options.format](shown, { ...host, color, crashes: run.crashes }))

  const complaints = [...run.crashes]
  const { errors, warnings } = totals(reports)
  const tooManyWarnings = options.maxWarnings >= 0 && warnings > options.maxWarnings
  if (tooManyWarnings && errors === 0) {
    complaints.push(`Found too many warnings (maximum: ${String(options.maxWarnings)}).`)
  }
  const failsForUnused = hasUnused && !options.passOnUnprunedSuppressions
  if (failsForUnused) {
    complaints.push(
      'There are suppressions left that do not occur anymore. To resolve this, re-run the command with '
        + '`--prune-suppressions`. To ignore unused suppressions, use `--pass-on-unpruned-suppressions`.',
    )
  }
  await writeFully(stderr, complaints.map((complaint) => `forkline: ${complaint}\n`).join(''))
  if (failsForUnused) return 2
  if (errors > 0 || tooManyWarnings) return 1
  return run.crashes.length > 0 ? 2 : 0
}

function writeOutputs(reports: readonly FileReport[]): void {
  for (const { filePath, output } of reports) {
    if (output === undefined) continue
    try {
      fs.writeFileSync(filePath, output)
    } catch (error) {
      throw new UsageError(`The fixed text of ${filePath} cannot be written: ${(error as Error).message}`)
    }
  }
}

/** As `tsc --project` has it: a file, or a folder with a `tsconfig.json`. */
function configFile(written: string, cwd: string): string {
  const absolute = path.resolve(cwd, written)
  const file = fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory()
    ? path.join(absolute, 'tsconfig.json')
    : absolute
  if (!fs.existsSync(file)) {
    throw new UsageError(`There is no config file '${written}'. Check the path given as --tsconfig.`)
  }
  return file
}

function append(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

function toCount(value: string): number {
  if (!/^(-1|\d+)$/u.test(value)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(value)
}
