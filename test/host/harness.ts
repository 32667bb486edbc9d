import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import * as vscode from 'vscode'
import type { HostReport } from '../../scripts/host/hostReport.ts'
import { eventually } from './eventually.ts'

const TEST_LIMIT_MS = 120_000

interface Test {
  readonly name: string
  readonly body: () => Promise<unknown>
  /** What follows once the window has been loaded again. */
  readonly afterReload?: (handed: unknown) => Promise<void>
}

const tests: Test[] = []
let afterEach = async (): Promise<void> => {}

/**
 * Declares a test; tests run one after the other, in the order of their declaration. Those whose names
 * do not contain `$FORKLINE_HOST_ONLY` are left out.
 */
export function test(name: string, body: () => Promise<void>): void {
  if (name.includes(process.env['FORKLINE_HOST_ONLY'] ?? '')) tests.push({ name, body })
}

/**
 * Declares a test in the middle of which the window is loaded again, and this suite with it.
 *
 * @param before Gives what is handed over, as JSON.
 */
export function testOverReload<Handed>(
  name: string,
  before: () => Promise<Handed>,
  after: (handed: Handed) => Promise<void>,
): void {
  if (!name.includes(process.env['FORKLINE_HOST_ONLY'] ?? '')) return
  tests.push({ name, body: before, afterReload: (handed) => after(handed as Handed) })
}

/** Says what brings the editor back to where it was, after each test. */
export function cleanUpWith(cleanUp: () => Promise<void>): void {
  afterEach = cleanUp
}

/**
 * Runs all declared tests and writes what came of them where `$FORKLINE_HOST_RESULTS` says.
 *
 * @throws {Error} When one failed; VS Code then ends with a code other than 0.
 */
export async function runTests(): Promise<void> {
  const file = process.env['FORKLINE_HOST_RESULTS']
  const earlier =
    file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as HostReport) : undefined
  const resumed = earlier?.reloading
  let { passed, failed } = earlier?.reloading === undefined ? { passed: 0, failed: 0 } : earlier
  const report = (reloading?: HostReport['reloading']): void => {
    const state: HostReport = { total: tests.length, passed, failed, ...(reloading === undefined ? {} : { reloading }) }
    if (file !== undefined) writeFileSync(file, JSON.stringify(state))
  }
  report()
  for (const [number, { name, body, afterReload }] of tests.entries()) {
    if (resumed !== undefined && number < resumed.test) continue
    const isResumed = resumed?.test === number
    const started = performance.now()
    const { error, handed } = await outcome(isResumed ? () => afterReload?.(resumed.handed) : body)
    if (error === undefined && afterReload !== undefined && !isResumed) {
      report({ test: number, handed })
      await vscode.commands.executeCommand('workbench.action.reloadWindow')
      // The window takes this suite with it.
      return new Promise(() => undefined)
    }
    const took = `${String(Math.round(performance.now() - started))} ms`
    if (error === undefined) {
      passed++
      say(`ok     ${name} (${took})`)
    } else {
      failed++
      say(`FAILED ${name} (${took})`)
      for (const line of describe(error).split('\n')) say(`         ${line}`)
      await takePicture(name)
    }
    await afterEach()
    report()
  }
  if (failed > 0) throw new Error(`${String(failed)} of ${String(tests.length)} failed`)
}

/** Prints a line that the outside takes for the suite's own. */
export function say(line: string): void {
  console.log(`[host] ${line}`)
}

async function outcome(body: () => unknown): Promise<{ readonly error?: unknown; readonly handed?: unknown }> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Did not end within ${String(TEST_LIMIT_MS / 1000)} seconds`))
    }, TEST_LIMIT_MS)
  })
  try {
    return { handed: await Promise.race([body(), limit]) }
  } catch (error) {
    return { error }
  } finally {
    clearTimeout(timer)
  }
}

/** Asks whoever hosts this VS Code for a picture of it; a desktop build takes none. */
async function takePicture(testName: string): Promise<void> {
  const folder = process.env['FORKLINE_HOST_PICTURES']
  if (folder === undefined || process.env['FORKLINE_HOST_SHIM'] === undefined) return
  const name = `failed-${testName.replaceAll(/\W+/gu, '-')}`
  const file = path.join(folder, `${name}.png`)
  await rm(file, { force: true })
  console.log(`[screenshot] ${name}`)
  await eventually(`a picture in ${file}`, () => existsSync(file))
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
