import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { type Build, buildTools } from './build.ts'

/** Where the repositories are; a folder of mirrors will do. */
const FROM = process.env['FORKLINE_SUITES_FROM'] ?? 'https://github.com'

/** The newest releases whose tests are known to pass without recording, how they are run, and how many there are at least. */
const SUITES = [
  { name: 'p-limit', tests: 22, command: ['node_modules/ava/entrypoints/cli.mjs', '--tap'] },
  { name: 'p-map', tests: 50, command: ['node_modules/ava/entrypoints/cli.mjs', '--tap'] },
  { name: 'p-queue', tests: 206, command: ['--import=tsx/esm', '--test', '--test-reporter=tap', 'test/*.ts'] },
] as const

let build: Build
const folder = mkdtempSync(join(tmpdir(), 'forkline-suites-'))
beforeAll(async () => { build = await buildTools() }, 60_000)
afterAll(() => {
  build.remove()
  rmSync(folder, { recursive: true, force: true })
})

interface Outcome {
  readonly exitCode: number | null
  /** The names of the tests, each with whether it passed. */
  readonly tests: readonly string[]
}

describe('under recording, the tests pass that pass without it: those of', () => {
  for (const { name, tests, command } of SUITES) {
    it(name, { timeout: 900_000 }, (context) => {
      const checkout = fetchSuite(name, context)
      const plain = runTests(checkout, [process.execPath, ...command])
      expect(plain.exitCode).toBe(0)
      expect(plain.tests.length).toBeGreaterThanOrEqual(tests)
      const out = join(checkout, 'recorded')
      const recorded = runTests(checkout, [process.execPath, build.cli, 'run', '--out', `${out}.fltrace`, '--', process.execPath, ...command])
      expect(recorded).toEqual(plain)
      expect(readdirSync(checkout).some((file) => file.endsWith('.fltrace'))).toBe(true)
    })
  }
})

/** Fetches a repository and what its tests need. Where that is out of reach, the test counts as skipped. */
function fetchSuite(name: string, context: TestContext): string {
  const checkout = join(folder, name)
  const cloned = spawnSync('git', ['clone', '--quiet', '--depth', '1', `${FROM}/sindresorhus/${name}`, checkout], {
    encoding: 'utf8', timeout: 120_000, env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  })
  if (cloned.status !== 0) context.skip(`${name} cannot be fetched from ${FROM}: ${cloned.stderr.trim()}`)
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: checkout, encoding: 'utf8', timeout: 300_000, shell: process.platform === 'win32',
  })
  if (installed.status !== 0) context.skip(`What ${name} needs cannot be installed: ${installed.stderr.trim()}`)
  return checkout
}

function runTests(cwd: string, command: readonly string[]): Outcome {
  const [file = '', ...args] = command
  const env = { ...process.env, NODE_OPTIONS: undefined, NODE_ENV: undefined, VITEST: undefined, FORCE_COLOR: '0' }
  const { status, stdout } = spawnSync(file, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 400_000 })
  const tests = Array.from(stdout.matchAll(/^(?:not )?ok \d+ - .*$/gmu), ([line]) => line.replace(/ \d+ - /u, ' '))
  return { exitCode: status, tests: tests.sort() }
}
