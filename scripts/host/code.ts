#!/usr/bin/env node
/**
 * Takes the arguments that `@vscode/test-electron` gives the desktop VS Code, and runs the tests in the
 * browser-hosted one: so that one suite runs, through one API, on either.
 */
import { EventEmitter, once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'
import { installCode } from './install.ts'
import { serveCode } from './serve.ts'

/** How long a thing to click on may take to be there. */
const CLICK_LIMIT_MS = 30_000
const LIMIT_MS = Number(process.env['FORKLINE_HOST_LIMIT_MS'] ?? 600_000)
/**
 * What the suite asks for by a line of its console: a picture of the editor as it stands, by the file's name; a key; a
 * text, written where the focus is; a click on what a CSS selector finds.
 */
const REQUEST = /^\[(?<what>screenshot|press|write|click)\] (?<argument>.+)$/u

const { values, positionals } = parseArgs({ strict: false, allowPositionals: true })
const [folder] = positionals
const { extensionDevelopmentPath, extensionTestsPath } = values
const userData = values['user-data-dir']
if (
  folder === undefined
  || typeof extensionDevelopmentPath !== 'string'
  || typeof extensionTestsPath !== 'string'
  || typeof userData !== 'string'
) {
  throw new TypeError(
    'Expected: code.ts FOLDER --extensionDevelopmentPath=… --extensionTestsPath=… --user-data-dir=…, '
      + `got ${process.argv.slice(2).join(' ')}`,
  )
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.exit(1)
  })
}

// Tells the suite that pictures can be had.
process.env['FORKLINE_HOST_SHIM'] = '1'
const installed = await installCode(console.error)
await using server = await serveCode(installed, path.join(userData, 'server'))
await using browser = await launchBrowser()
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
const url = server.url({ folder, extension: extensionDevelopmentPath, tests: extensionTestsPath })
process.exitCode = await runInPage(page, url)

/** Opens the page, relays the extension host's console, and settles with the tests' exit code. */
async function runInPage(page: Page, url: string): Promise<number> {
  const host = new EventEmitter<{ exit: [code: number]; error: [Error] }>()
  let asked = Promise.resolve()
  await page.exposeFunction('codeAutomationLog', async (type: string, args: unknown[]) => {
    const line = args.map(String).join(' ')
    const { what, argument } = REQUEST.exec(line)?.groups ?? {}
    if (what === undefined || argument === undefined) {
      ;(type === 'error' ? process.stderr : process.stdout).write(`${line}\n`)
      return
    }
    // One after the other, as a person does it.
    asked = asked
      .then(() => serve(page, what, argument))
      .catch((error: unknown) => {
        process.stderr.write(`[host] ${line}: ${String(error)}\n`)
      })
    await asked
  })
  await page.exposeFunction('codeAutomationExit', (code: number) => host.emit('exit', code))
  page.once('crash', () => host.emit('error', new Error('The page crashed')))
  try {
    const exit = once(host, 'exit', { signal: AbortSignal.timeout(LIMIT_MS) }) as Promise<[code: number]>
    const [[code]] = await Promise.all([exit, page.goto(url)])
    return code
  } catch (error) {
    await takePicture(page, 'stuck')
    throw error
  }
}

async function serve(page: Page, what: string, argument: string): Promise<void> {
  if (what === 'screenshot') await takePicture(page, argument)
  else if (what === 'press') await page.keyboard.press(argument)
  else if (what === 'write') await page.keyboard.type(argument)
  else await page.locator(argument).first().click({ timeout: CLICK_LIMIT_MS })
}

async function takePicture(page: Page, name: string): Promise<void> {
  const pictures = process.env['FORKLINE_HOST_PICTURES']
  if (pictures === undefined) return
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: path.join(pictures, `${name}.png`) })
}
