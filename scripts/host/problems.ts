import type { Locator, Page } from 'playwright-core'

const LIMIT_MS = 60_000

/** Opens the Problems panel of a VS Code page, once the page is ready for it. */
export async function openProblems(page: Page): Promise<void> {
  // The status bar's counter is the one way in that no keyboard layout and no focus can spoil.
  await page.locator('[id="status.problems"] a').click({ timeout: LIMIT_MS })
  await page.locator('.markers-panel').waitFor({ timeout: LIMIT_MS })
}

/** The rows of the Problems panel that show a finding of a rule. */
export function problem(page: Page, rule: string): Locator {
  return page
    .locator('.markers-panel .monaco-list-row')
    .filter({ has: page.locator('.marker-source', { hasText: /^forkline$/u }) })
    .filter({ has: page.locator('.marker-code', { hasText: new RegExp(`^${rule}$`, 'u') }) })
}
