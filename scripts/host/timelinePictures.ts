import { cp, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import sharp from 'sharp'
import { root, sampleWorkspace } from './paths.ts'
import { run } from './run.ts'
import type { CodeServer } from './serve.ts'

const LIMIT_MS = 90_000
/** How long the timeline's page may take to be there, when it is coming. */
const OPENING_MS = 3000
const CLI = path.join(root, 'dist/cli.js')
const PROGRAM = path.join(root, 'scripts/host/pictures/edition.ts')

/** Recordings in the workspace below: the news pipeline with its mistakes; a pool and a group without them. */
const NEWS = 'news-pipeline.fltrace'
const EDITION = 'edition.fltrace'

/**
 * Makes a workspace of the news pipeline, and records it there, and a program that shows what it has not.
 *
 * @returns The workspace.
 */
export async function recordExamples(folder: string): Promise<string> {
  const workspace = path.join(folder, 'news-pipeline')
  await cp(sampleWorkspace, workspace, { recursive: true })
  const record = async (name: string, script: string): Promise<void> => {
    const out = path.join(workspace, name)
    await run(process.execPath, [CLI, 'run', '--out', out, '--', process.execPath, '--conditions=source', script])
  }
  await record(NEWS, path.join(workspace, 'src/main.ts'))
  await record(EDITION, PROGRAM)
  return workspace
}

/**
 * Takes the pictures of the documentation.
 *
 * @param folder Where they go.
 * @param theme How the theme is called in their names. All of them are taken in the dark one, one in the others.
 */
export async function timelinePictures(
  browser: Browser,
  server: CodeServer,
  workspace: string,
  folder: string,
  theme: string,
): Promise<void> {
  const view = async (
    name: string,
    what: string,
    prepare: (timeline: TimelinePage) => Promise<void>,
  ): Promise<void> => {
    // A browser that knows nothing of the picture before: VS Code would open what was open then.
    await using context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await page.goto(server.url({ folder: workspace, extension: root }), { timeout: LIMIT_MS })
    const timeline = new TimelinePage(page)
    await timeline.open(name)
    await prepare(timeline)
    await timeline.drawn()
    const file = path.join(folder, `timeline-${what}.png`)
    await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toFile(file)
    console.log(`${path.relative(root, file)}, ${String((await stat(file)).size)} bytes`)
  }
  await view(NEWS, theme, async (timeline) => {
    await timeline.foldScopes('fetch', 'http server')
    await timeline.panel('Problems')
  })
  if (theme !== 'dark') return
  await view(NEWS, 'source', async (timeline) => {
    await timeline.foldScopes('fetch', 'http server')
    await timeline.panel('Problems')
    await timeline.choose('briefing.ts:5')
    await timeline.sourceIs('Promise.race')
  })
  await view(EDITION, 'pool', async (timeline) => {
    await timeline.panel('Scopes')
    await timeline.choose('pool "feeds"')
    await timeline.panel('Scope')
  })
  await view(EDITION, 'cancelled', async (timeline) => {
    await timeline.panel('Cancelled')
    await timeline.choose('group "pages"')
  })
}

/** The timeline in a page of VS Code. */
export class TimelinePage {
  readonly #page: Page
  readonly #frame: FrameLocator

  constructor(page: Page) {
    this.#page = page
    this.#frame = page.locator('iframe.webview').last().contentFrame().locator('#active-frame').contentFrame()
  }

  /** Opens a file of the explorer, which is open. */
  async open(name: string): Promise<void> {
    const deadline = performance.now() + LIMIT_MS
    const webview = this.#page.locator('iframe.webview').first()
    for (;;) {
      await this.#page.locator(`.explorer-folders-view [aria-label^="${name}"]`).first().dblclick({ timeout: LIMIT_MS })
      // VS Code shows files before it has read what its extensions can show, and does not look again.
      if (
        await webview.waitFor({ state: 'attached', timeout: OPENING_MS }).then(
          () => true,
          () => false,
        )
      )
        break
      if (performance.now() > deadline) throw new Error(`VS Code shows ${name} in no timeline`)
      await this.#page
        .locator('.tabs-container .tab', { hasText: name })
        .first()
        .click({ button: 'middle', timeout: LIMIT_MS })
    }
    await this.#frame.locator('[data-drawn="true"]').first().waitFor({ timeout: LIMIT_MS })
    await this.drawn()
    // The side bar has done its part.
    await this.#page.keyboard.press('Control+b')
  }

  /** Waits until all that is in sight has been drawn. */
  async drawn(): Promise<void> {
    await this.#frame.locator('[data-settled="true"]').first().waitFor({ timeout: LIMIT_MS })
  }

  /** Shows one of the panels, by the name of its tab. */
  async panel(name: string): Promise<void> {
    await this.#frame.getByRole('tab', { name: new RegExp(`^${name}\\b`, 'u') }).click({ timeout: LIMIT_MS })
  }

  /** Clicks on something in the panel, by its text. */
  async choose(text: string): Promise<void> {
    await this.#frame.locator('.fl-panel').getByText(text).first().click({ timeout: LIMIT_MS })
  }

  /** Waits until an editor shows a source, by a text of it. */
  async sourceIs(text: string): Promise<void> {
    await this.#page.locator('.view-lines', { hasText: text }).first().waitFor({ timeout: LIMIT_MS })
  }

  /** Folds scopes into a strip each. */
  async foldScopes(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.panel('Scopes')
      await this.choose(name)
      await this.#frame.locator('.fl-canvas').focus()
      await this.#page.keyboard.press('c')
    }
  }
}
