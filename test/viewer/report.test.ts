import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { launchBrowser } from '../../scripts/host/browser.ts'
import { reportHtml } from '../../viewer/report.ts'
import { sampleRecording } from './support/sample.ts'
import { viewerBundle } from './support/viewerPage.ts'

const RECORDING = gzipSync(sampleRecording()).toString('base64')

describe('a report', () => {
  it('opens from a file, shows its recording, and asks for nothing else', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'forkline-report-'))
    await using browser = await launchBrowser()
    try {
      const file = path.join(folder, 'report.html')
      const title = '<script>alert(1)</script> & "run".fltrace'
      await writeFile(file, reportHtml({ ...(await viewerBundle()), title, recordings: [RECORDING], nonce: 'abc123' }))
      const page = await browser.newPage()
      const requests: string[] = []
      const errors: string[] = []
      page.on('request', (request) => {
        requests.push(request.url())
      })
      page.on('pageerror', ({ message }) => {
        errors.push(message)
      })
      await page.goto(pathToFileURL(file).href)
      await expect.poll(() => page.locator('.fl-statusbar').innerText(), { timeout: 10_000 }).toContain('72 tasks')
      expect(await page.title()).toBe(title)
      expect(await page.getByRole('button', { name: 'Save a report' }).count()).toBe(0)
      expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual([pathToFileURL(file).href])
      expect(errors).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('opens at the task of a link, and where it was after a reload', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'forkline-report-'))
    await using browser = await launchBrowser()
    try {
      const file = path.join(folder, 'report.html')
      const parts = { ...(await viewerBundle()), title: 'run', recordings: [RECORDING], nonce: 'abc' }
      await writeFile(file, reportHtml(parts))
      const page = await browser.newPage()
      const selected = (): Promise<string> => page.locator('.fl-panel h2').first().innerText()
      await page.goto(`${pathToFileURL(file).href}#task=18`)
      await expect.poll(selected, { timeout: 10_000 }).toBe('GET /feeds/17')
      await page.evaluate(() => {
        location.hash = '#task=56'
      })
      await expect.poll(selected).toBe('rate article 7')
      await page.locator('.fl-canvas').focus()
      await page.keyboard.press('ArrowDown')
      await expect.poll(selected).toBe('rate article 8')
      await page.getByRole('button', { name: 'Copy link' }).click()
      await expect.poll(() => page.url()).toMatch(/#task=57$/)
      await page.locator('.fl-canvas').focus()
      await page.keyboard.press('ArrowDown')
      await expect.poll(selected).toBe('rate article 9')
      await page.reload()
      await expect.poll(selected, { timeout: 10_000 }).toBe('rate article 9')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('lets nothing but recordings and its own script in', () => {
    const parts = { title: '', script: '"</script><script>"', style: '</style>', recordings: [RECORDING], nonce: 'abc' }
    expect(() => reportHtml({ ...parts, nonce: '"><script>' })).toThrow(RangeError)
    expect(() => reportHtml({ ...parts, recordings: ['</script>'] })).toThrow(RangeError)
    const html = reportHtml(parts)
    expect(html.match(/<\/script>/gu)).toHaveLength(2)
    expect(html.match(/<\/style>/gu)).toHaveLength(1)
  })
})
