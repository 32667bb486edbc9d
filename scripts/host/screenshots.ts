/** `npm run screenshots`: pictures of the editor on the sample workspace, in three themes, for a person to look at. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'
import { installCode } from './install.ts'
import { root, sampleWorkspace, screenshotsFolder } from './paths.ts'
import { openProblems, problem } from './problems.ts'
import { sampleFindings } from './sample.ts'
import { serveCode } from './serve.ts'
import { temporaryFolder } from './temporaryFolder.ts'

const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
}
/** It shows, above the line or in the gutter, once the editor knows what to offer. */
const LIGHT_BULB = '.monaco-editor.focused .lightBulbWidget, .monaco-editor.focused [class*="codicon-gutter-lightbulb"]'
const LIMIT_MS = 90_000

const installed = await installCode(console.log)
const [file] = await sampleFindings()
const rule = file.rules[0] ?? ''
await mkdir(screenshotsFolder, { recursive: true })
await using browser = await launchBrowser()

for (const [name, theme] of Object.entries(THEMES)) {
  await using data = await temporaryFolder()
  await using server = await serveCode(installed, data.path, {
    'workbench.colorTheme': theme,
    'window.autoDetectColorScheme': false,
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const save = async (what: string): Promise<void> => {
    const picture = path.join(screenshotsFolder, `${name}-${what}.png`)
    await page.screenshot({ path: picture })
    console.log(path.relative(root, picture))
  }
  await page.goto(server.url({ folder: sampleWorkspace, extension: root, file: file.path }))
  await openProblems(page)
  await problem(page, rule).first().waitFor({ timeout: LIMIT_MS })
  await save('problems')

  await problem(page, rule).first().dblclick()
  await page.locator(LIGHT_BULB).first().waitFor({ timeout: LIMIT_MS })
  await page.keyboard.press('Control+.')
  await page.locator('.action-widget').first().waitFor({ timeout: LIMIT_MS })
  await save('quick-fix')
  await page.keyboard.press('Escape')

  await hoverFinding(page)
  await save('hover')
  await page.close()
}

/** Shows the hover of the finding under the cursor, by the keyboard: the mouse would have to aim at a squiggle. */
async function hoverFinding(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.press('Control+i')
  await page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'forkline' }).first()
    .waitFor({ timeout: LIMIT_MS })
}
