import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { type Build, buildTools } from './build.ts'

/** Where the repositories are; a folder of mirrors will do. */
const FROM = process.env['FORKLINE_SUITES_FROM'] ?? 'https://github.com'

/**
 * The newest releases whose tests are known to pass without recording, how they are run, and how many there are at least.
 * One after the other, since many of them look at the clock.
 */
const SUITES = [
  { name: 'p-limit', tests: 22, command: ['node_modules/ava/entrypoints/cli.mjs', '--tap', '--serial'] },
  { name: 'p-map', tests: 50, command: ['node_modules/ava/entrypoints/cli.mjs', '--tap', '--serial'] },
  { name: 'p-queue', tests: 206, command: ['--import=tsx/esm', '--test', '--test-reporter=tap', 'test/*.ts'] },
] as const

let build: Build
const folder = mkdtempSync(join(tmpdir(), 'forkline-suites-'))
beforeAll(async () => {
  build = await buildTools()
}, 60_000)
afterAll(() => {
  build.remove()
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

interface Outcome {
  readonly exitCode: number | null
  /** The names of the tests, each with whether it passed. */
  readonly tests: readonly string[]
}

describe('under recording, the tests pass that pass without it: those of', () => {
  for (const { name, tests, command } of SUITES) {
    it(name, { timeout: 1_500_000 }, (context) => {
      const checkout = fetchSuite(name, context)
      const test = [process.execPath, ...command]
      const plain = runTests(checkout, () => test)
      if (plain.exitCode !== 0)
        context.skip(`The tests of ${name} fail here without recording, so they tell nothing of it`)
      expect(plain.tests.length).toBeGreaterThanOrEqual(tests)
      const out = (chance: number): string => join(checkout, `recorded ${String(chance)}.fltrace`)
      const recorded = runTests(checkout, (chance) => [
        process.execPath,
        build.cli,
        'run',
        '--out',
        out(chance),
        '--',
        ...test,
      ])
      expect(recorded).toEqual(plain)
      expect(existsSync(out(0))).toBe(true)
    })
  }
})

/** Fetches a repository and what its tests need. Where that is out of reach, the test counts as skipped. */
function fetchSuite(name: string, context: TestContext): string {
  const checkout = join(folder, name)
  const cloned = spawnSync('git', ['clone', '--quiet', '--depth', '1', `${FROM}/sindresorhus/${name}`, checkout], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  })
  if (cloned.status !== 0) context.skip(`${name} cannot be fetched from ${FROM}: ${cloned.stderr.trim()}`)
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: checkout,
    encoding: 'utf8',
    timeout: 300_000,
    shell: process.platform === 'win32',
  })
  if (installed.status !== 0) context.skip(`What ${name} needs cannot be installed: ${installed.stderr.trim()}`)
  return checkout
}

/** Some of the tests hold the clock to a few milliseconds: on a busy machine they get another chance, recorded or not. */
const CHANCES = 3

function runTests(cwd: string, command: (chance: number) => readonly string[]): Outcome {
  for (let chance = 0; ; chance++) {
    const outcome = runOnce(cwd, command(chance))
    if (outcome.exitCode === 0 || chance === CHANCES - 1) return outcome
  }
}

function runOnce(cwd: string, command: readonly string[]): Outcome {
  const [file = '', ...args] = command
  const env = { ...process.env, NODE_OPTIONS: undefined, NODE_ENV: undefined, VITEST: undefined, FORCE_COLOR: '0' }
  const { status, stdout } = spawnSync(file, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 400_000 })
  const tests = Array.from(stdout.matchAll(/^(?:not )?ok \d+ - .*$/gmu), ([line]) => line.replace(/ \d+ - /u, ' '))
  return { exitCode: status, tests: tests.sort() }
}
