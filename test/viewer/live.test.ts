import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../../scripts/host/browser.ts'
import { sampleRecording } from './support/sample.ts'
import { openViewer } from './support/viewerPage.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
})

describe('a live recording', () => {
  it('is filtered and arranged as the reader had it', async () => {
    await using viewer = await openViewer({ browser })
    const state = {
      start: 0,
      end: 5,
      scrollTop: 0,
      task: null,
      collapsed: [1],
      pinned: [1],
      filter: 'kind:pool',
      panel: 'scopes',
    }
    await viewer.send({ type: 'live', name: 'npm test', state })
    await viewer.page.evaluate(
      (data) => {
        postMessage({ type: 'batch', number: 0, process: 0, bytes: new Uint8Array(data) })
      },
      [...sampleRecording()],
    )
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toContain('48 of 72 tasks')
    const first = viewer.page.getByRole('treegrid').getByRole('row').nth(1)
    await expect.poll(() => first.innerText()).toContain('fetch feeds')
    expect(await first.getAttribute('aria-expanded')).toBe('false')
  })

  it('comes in numbered batches: what was lost is asked for again, what comes twice is left out', async () => {
    const bytes = sampleRecording()
    const third = Math.floor(bytes.length / 3)
    const pieces = [bytes.slice(0, third), bytes.slice(third, 2 * third), bytes.slice(2 * third)]
    await using viewer = await openViewer({ browser })
    const batch = (number: number): Promise<void> =>
      viewer.page.evaluate(
        ({ data, at }) => {
          postMessage({ type: 'batch', number: at, process: 0, bytes: new Uint8Array(data) })
        },
        { data: [...(pieces[number] ?? [])], at: number },
      )
    await viewer.send({ type: 'live', name: 'npm test' })
    await batch(0)
    await batch(2)
    await expect.poll(() => viewer.told()).toContainEqual({ type: 'resync', from: 1 })
    await batch(1)
    await batch(1)
    await batch(2)
    await expect.poll(() => viewer.told()).toContainEqual({ type: 'received', number: 3 })
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toContain('72 tasks')
    await viewer.page.getByRole('button', { name: 'Stop and save' }).click()
    await expect.poll(() => viewer.told()).toContainEqual({ type: 'stopRecording' })
    await viewer.send({ type: 'liveEnded', reason: 'The program has ended.' })
    await expect.poll(() => viewer.page.locator('.fl-notice').innerText()).toContain('The program has ended.')
    await expect.poll(() => viewer.page.getByRole('button', { name: 'Stop and save' }).count()).toBe(0)
  })
})
