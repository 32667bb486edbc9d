/**
 * `npm test`: everything that must hold, one after the other. The last line counts: a test of vitest or of
 * the VS Code host is one, and so is each check of the sources.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import pc from 'picocolors'
import { CannotHostError } from './host/cannotHost.ts'
import { findBrowser } from './host/findBrowser.ts'
import { installCode } from './host/install.ts'
import { root, scratchFolder } from './host/paths.ts'
import { runHostSuite } from './host/suite.ts'

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const PASSED: Counts = { passed: 1, failed: 0, skipped: 0 }
const FAILED: Counts = { passed: 0, failed: 1, skipped: 0 }
const SKIPPED: Counts = { passed: 0, failed: 0, skipped: 1 }

const CHECKS: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ['types', 'node_modules/typescript/bin/tsc', '--build'],
  ['build', 'scripts/build.ts'],
  ['eslint', 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  ['format', 'node_modules/prettier/bin/prettier.cjs', '.', '--check', '--log-level', 'warn'],
  ['generated files', 'scripts/generate.ts', '--check'],
]

/** Versions of Node that the runtime supports besides the one that this runs in, and the workspaces that bring them. */
const OLDER: readonly (readonly [version: string, workspace: string])[] = [
  ['20', 'test'],
  ['22', 'scripts'],
]

// The one slow thing that waits for the network starts first; what comes of it is asked below.
const vscode = prepareHost()

const all: Counts[] = []
/** What failed, told once more below everything: the end of a log is what one reads, and all that some services keep. */
const failures: string[] = []
for (const [name, ...command] of CHECKS) all.push(await step(name, () => checked(command)))
const problem = await vscode
all.push(await step('vitest', () => unitTests(process.execPath)))
all.push(await step('runtime, recorded', runtimeRecorded))
for (const [version, workspace] of OLDER) {
  all.push(await step(`runtime on Node ${version}`, () => runtimeOnNode(version, workspace)))
}
all.push(await step('VS Code', () => hostTests(problem)))

const total = all.reduce((sum, counts) => ({
  passed: sum.passed + counts.passed,
  failed: sum.failed + counts.failed,
  skipped: sum.skipped + counts.skipped,
}))
if (total.failed > 0) process.exitCode = 1
if (failures.length > 0) console.log(`\n${pc.bold(pc.red('What failed'))}\n${failures.join('\n')}`)
console.log(`\n${describe(total)}`)

async function step(name: string, body: () => Promise<Counts>): Promise<Counts> {
  console.log(pc.bold(`\n${name}`))
  const started = performance.now()
  const counts = await body()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const mark = counts.failed > 0 ? pc.red('FAILED') : counts.passed > 0 ? pc.green('ok') : pc.yellow('skipped')
  console.log(`${mark} ${name}: ${describe(counts)} (${seconds} s)`)
  if (counts.failed > 0) failures.push(`${name}: ${describe(counts)}`)
  return counts
}

async function checked(command: readonly string[]): Promise<Counts> {
  return (await runHere(command)) === 0 ? PASSED : FAILED
}

/** Recording must change nothing: the tests of the runtime pass with it as without. Those of recording start it themselves. */
async function runtimeRecorded(): Promise<Counts> {
  process.env['FORKLINE_TEST_RECORD'] = '1'
  try {
    return await unitTests(process.execPath, 'test/runtime', '--exclude', 'test/runtime/trace/**')
  } finally {
    delete process.env['FORKLINE_TEST_RECORD']
  }
}

/**
 * Vitest asks for a later Node than the oldest that the runtime supports, but runs on it: so every test of the
 * runtime runs there as it is.
 */
async function runtimeOnNode(version: string, workspace: string): Promise<Counts> {
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const node = path.join(root, workspace, 'node_modules/node/bin', file)
  if (!existsSync(node)) {
    console.error(
      `There is no Node ${version} at ${node}: \`npm install\` puts it there, where npm has one for the platform`,
    )
    return process.env['CI'] ? FAILED : SKIPPED
  }
  return await unitTests(node, 'test/runtime')
}

/** Runs the tests whose paths hold one of the `filters`, or all. */
async function unitTests(node: string, ...filters: readonly string[]): Promise<Counts> {
  const results = path.join(scratchFolder, 'vitest.json')
  await mkdir(scratchFolder, { recursive: true })
  await rm(results, { force: true })
  const code = await runHere(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...filters,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${results}`,
    ],
    node,
  )
  if (!existsSync(results)) return FAILED
  const json = JSON.parse(await readFile(results, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    testResults: {
      name: string
      status: string
      message: string
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
    }[]
  }
  let broken = 0
  for (const { name, status, message, assertionResults } of json.testResults) {
    const file = path.relative(root, name)
    const failed = assertionResults.filter((result) => result.status === 'failed')
    for (const { fullName, failureMessages } of failed) {
      failures.push(indented(`${file}: ${fullName}\n${failureMessages.join('\n')}`))
    }
    // A file that cannot be loaded has no tests that could fail.
    if (status !== 'failed' || failed.length > 0) continue
    broken++
    failures.push(indented(`${file}\n${message}`))
  }
  const failed = json.numFailedTests + broken
  return {
    passed: json.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: json.numPendingTests,
  }
}

async function hostTests(problem: unknown): Promise<Counts> {
  if (problem !== undefined) return cannotHost(problem)
  let inFailure = false
  const { report, broken } = await runHostSuite((line) => {
    console.log(line)
    // The suite indents what it says of a failure.
    inFailure = line.startsWith('FAILED') || (inFailure && line.startsWith(' '))
    if (inFailure) failures.push(indented(line))
  })
  if (broken !== undefined) {
    console.error(broken)
    failures.push(indented(broken))
  }
  const { total: declared, passed } = report
  return { passed, failed: declared === 0 ? 1 : declared - passed, skipped: 0 }
}

/** What is only missing on a person's machine is told and skipped; a build server must not pass without it. */
function cannotHost(problem: unknown): Counts {
  console.error(problem instanceof CannotHostError ? problem.message : problem)
  return problem instanceof CannotHostError && !process.env['CI'] ? SKIPPED : FAILED
}

/** Gives the reason why VS Code cannot run here, rather than throw it while other checks are under way. */
async function prepareHost(): Promise<unknown> {
  try {
    findBrowser()
    await installCode(console.log)
    return undefined
  } catch (error) {
    return error
  }
}

function describe({ passed, failed, skipped }: Counts): string {
  const counted = `${String(passed)} passed, ${String(failed)} failed`
  return skipped > 0 ? `${counted}, ${String(skipped)} skipped` : counted
}

function indented(text: string): string {
  return text.replaceAll(/^/gmu, '  ')
}

/** Runs a script of this checkout on this terminal, with this Node or another. */
async function runHere([script, ...args]: readonly string[], node = process.execPath): Promise<number> {
  const child = spawn(node, [path.join(root, script ?? ''), ...args], { cwd: root, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve(code ?? 1)
    })
  })
}
