import path from 'node:path'
import type { Page } from 'playwright-core'
import { root, sampleWorkspace } from './paths.ts'
import { openProblems, problem } from './problems.ts'
import type { SampleFile } from './sample.ts'
import type { CodeServer } from './serve.ts'

/** It shows, above the line or in the gutter, once the editor knows what to offer. */
const LIGHT_BULB = '.monaco-editor.focused .lightBulbWidget, .monaco-editor.focused [class*="codicon-gutter-lightbulb"]'
const LIMIT_MS = 90_000

/**
 * Takes pictures of the findings of the sample workspace: all of them, one with its fixes, one with its hover.
 *
 * @param file A file of the sample workspace with findings.
 * @param pathOf Where the picture of something goes.
 */
export async function findingPictures(
  page: Page,
  server: CodeServer,
  file: SampleFile,
  pathOf: (what: string) => string,
): Promise<void> {
  const rule = file.rules[0] ?? ''
  const save = async (what: string): Promise<void> => {
    await page.screenshot({ path: pathOf(what) })
    console.log(path.relative(root, pathOf(what)))
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
  await page
    .locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'forkline' })
    .first()
    .waitFor({ timeout: LIMIT_MS })
}
