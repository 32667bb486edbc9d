/**
 * `npm run screenshots`: pictures of the editor in four themes. Those of findings, on the sample workspace, are for a
 * person to look at; those of timelines are the ones of the documentation. `npm run screenshots timeline` takes only
 * these.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { launchBrowser } from './browser.ts'
import { findingPictures } from './findingPictures.ts'
import { installCode } from './install.ts'
import { root, screenshotsFolder } from './paths.ts'
import { sampleFindings } from './sample.ts'
import { serveCode } from './serve.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { recordExamples, timelinePictures } from './timelinePictures.ts'

const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
}
const documentationFolder = path.join(root, 'docs/images')

const wanted = process.argv[2] ?? ''
const installed = await installCode(console.log)
await mkdir(screenshotsFolder, { recursive: true })
await mkdir(documentationFolder, { recursive: true })
await using browser = await launchBrowser()
await using recordings = await temporaryFolder()
const workspace = await recordExamples(recordings.path)

for (const [name, theme] of Object.entries(THEMES)) {
  await using data = await temporaryFolder()
  await using server = await serveCode(installed, data.path, {
    'workbench.colorTheme': theme,
    'window.autoDetectColorScheme': false,
  })
  if (!wanted.includes('timeline')) {
    const [file] = await sampleFindings()
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await findingPictures(page, server, file, (what) => path.join(screenshotsFolder, `${name}-${what}.png`))
  }
  await timelinePictures(browser, server, workspace, documentationFolder, name)
}
