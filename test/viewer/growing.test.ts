import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../../scripts/host/browser.ts'
import { RecordingBuilder } from './support/recording.ts'
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

describe('a file that grows while it is open', () => {
  it('is read on from where it broke off, without losing the place', async () => {
    const bytes = sampleRecording()
    const asked: string[] = []
    await using viewer = await openViewer({ browser })
    viewer.page.on('request', (request) => {
      const range = request.headers()['range']
      if (range !== undefined) asked.push(range)
    })
    const cut = Math.floor(bytes.length / 2)
    await viewer.open(bytes.slice(0, cut))
    const before = Number((await viewer.page.locator('.fl-statusbar').innerText()).split(' ')[0])
    expect(await viewer.page.locator('.fl-notice').innerText()).toContain('could not be read')
    await viewer.page.keyboard.press('KeyW')
    viewer.offer('app.fltrace', bytes)
    asked.length = 0
    await viewer.send({ type: 'grown', file: 0, size: bytes.length - 30 })
    await viewer.send({ type: 'grown', file: 0, size: bytes.length })
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toMatch(/^72 tasks/)
    expect(before).toBeLessThan(72)
    await expect.poll(() => viewer.page.locator('.fl-notice').count()).toBe(0)
    expect(asked.some((range) => range === `bytes=0-${String(bytes.length - 1)}`)).toBe(false)
    expect(asked.at(-1)).toMatch(new RegExp(`^bytes=[1-9]\\d*-${String(bytes.length - 1)}$`, 'u'))
  })

  it('is read anew when another one has taken its place', async () => {
    await using viewer = await openViewer({ browser })
    const bytes = sampleRecording()
    await viewer.open(bytes.slice(0, bytes.length - 30))
    const other = new RecordingBuilder(['node', 'another.js'])
    const pool = other.scope('pool', 'other', 0, { limit: 1 })
    for (let number = 0; number < 300; number++) other.end(other.start(pool, number), number + 0.5)
    const grown = other.bytes(301)
    viewer.offer('app.fltrace', grown)
    await viewer.send({ type: 'grown', file: 0, size: grown.length })
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toMatch(/^300 tasks/)
  })
})
