import path from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'
import { screenshotsFolder } from './paths.ts'
import { openProblems, problem } from './problems.ts'
import type { SampleFile } from './sample.ts'

/** The first file of a cold start waits for the extension host, the server and the project. */
const LIMIT_MS = 90_000

/**
 * Opens the editor as a person would, and waits until it shows what the command line reports in `file`:
 * a row in the Problems panel for every rule, and a squiggle in the text.
 *
 * @throws {Error} Naming the rules that did not show up, and the screenshot that tells what did.
 */
export async function checkSampleInBrowser(url: string, file: SampleFile): Promise<void> {
  await using browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } })
  await page.goto(url)
  await openProblems(page)
  const shown = await Promise.all(file.rules.map((rule) => appears(page, rule)))
  const missing = file.rules.filter((_rule, index) => !shown[index])
  const squiggles = await page.locator('.view-overlays [class*="squiggly-"]').count()
  if (missing.length === 0 && squiggles > 0) return

  const picture = path.join(screenshotsFolder, 'check.png')
  await page.screenshot({ path: picture })
  const what = missing.length > 0 ? `no ${missing.join(', ')} in the Problems panel` : 'no squiggle in the text'
  throw new Error(`The editor shows ${what} for ${file.path}; see ${picture}`)
}

async function appears(page: Page, rule: string): Promise<boolean> {
  try {
    await problem(page, rule).first().waitFor({ timeout: LIMIT_MS })
    return true
  } catch {
    return false
  }
}
