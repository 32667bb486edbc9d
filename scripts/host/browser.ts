import { chromium, type Browser } from 'playwright-core'
import { findBrowser } from './findBrowser.ts'

/**
 * A headless Chromium that keeps quiet: no sandbox (it runs as root in containers and opens only our own page),
 * no traffic of its own.
 *
 * @throws {CannotHostError} When the machine has no Chromium.
 */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
