import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { readRecording, Trace } from '@forkline/trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import type { AxeResults, RunOptions } from 'axe-core'
import { launchBrowser } from '../../scripts/host/browser.ts'
import { RecordingBuilder } from './support/recording.ts'
import { sampleRecording } from './support/sample.ts'
import { type ThemeName, THEMES } from './support/themes.ts'
import { openViewer, type ViewerPage } from './support/viewerPage.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PANELS = [
  'details',
  'problems',
  'pool',
  'scopes',
  'cancellation',
  'leaks',
  'path',
  'waits',
  'loop',
  'range',
  'table',
] as const

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
})

function announced(viewer: ViewerPage): Promise<string> {
  return viewer.page.locator('.fl-page > [aria-live]').innerText()
}

/** What the page has asked its host to save last, as text. */
function savedText(viewer: ViewerPage): Promise<string> {
  return viewer.page.evaluate(() => {
    const { told } = globalThis as unknown as { readonly told: { readonly type: string; readonly bytes: Uint8Array }[] }
    const saved = told.findLast(({ type }) => type === 'save')
    return saved === undefined ? '' : new TextDecoder().decode(saved.bytes)
  })
}

async function seriousProblems(viewer: ViewerPage): Promise<string[]> {
  // By the debugger: the page's policy lets no script in.
  const session = await viewer.page.context().newCDPSession(viewer.page)
  await session.send('Runtime.evaluate', { expression: AXE })
  const results = await viewer.page.evaluate(() =>
    (
      globalThis as unknown as {
        readonly axe: { run(options: RunOptions): Promise<AxeResults> }
      }
    ).axe.run({ resultTypes: ['violations'] }),
  )
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

describe('the timeline of a recording', () => {
  it('shows it, and tells its host', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    expect(await viewer.told()).toContainEqual(expect.objectContaining({ type: 'shown', tasks: 72 }))
    expect(await viewer.page.locator('.fl-statusbar').innerText()).toContain('72 tasks')
    expect(await viewer.page.locator('#fl-tab-problems').innerText()).toMatch(/Problems\s+\d/)
    expect(viewer.errors).toEqual([])
  })

  it('lets the keyboard select, describe and open tasks, and walk back', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    await page.locator('.fl-canvas').focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => announced(viewer)).toMatch(/^edition of today, ok, took 762 ms/)
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => announced(viewer)).toMatch(/^GET \/feeds/)
    const before = await announced(viewer)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => announced(viewer)).not.toBe(before)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => announced(viewer)).toBe(before)
    await page.keyboard.press('Enter')
    await expect
      .poll(() => viewer.told())
      .toContainEqual({
        type: 'openSource',
        beside: true,
        place: { file: '/work/news/src/feeds.ts', line: 33, column: 9 },
      })
    await page.keyboard.press('[')
    await expect.poll(() => announced(viewer)).toMatch(/^edition of today/)
    await page.keyboard.press('KeyW')
    await page.keyboard.press('KeyW')
    await expect.poll(() => page.locator('.fl-statusbar').innerText()).not.toContain('798 ms in sight')
    await page.keyboard.press('Control+KeyZ')
    await page.keyboard.press('Control+KeyZ')
    await expect.poll(() => page.locator('.fl-statusbar').innerText()).toContain('798 ms in sight')
  })

  it('shows a task that is clicked, zooms to one that is double-clicked, and opens the source with Alt', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    await page.mouse.click(600, 433)
    await expect.poll(() => page.locator('.fl-panel h2').innerText()).toBe('rate article 6')
    expect(await page.locator('.fl-panel').innerText()).toContain('model overloaded')
    await page.keyboard.down('Alt')
    await page.mouse.click(600, 433)
    await page.keyboard.up('Alt')
    await expect.poll(() => viewer.told()).toContainEqual(expect.objectContaining({ type: 'openSource' }))
    await page.mouse.dblclick(600, 433)
    await expect.poll(() => page.locator('.fl-statusbar').innerText()).not.toContain('798 ms in sight')
  })

  it('filters, says how many are left, and what is wrong with a filter', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    await page.keyboard.press('/')
    await page.keyboard.type('state:failed')
    await expect.poll(() => page.locator('.fl-statusbar').innerText()).toContain('5 of 72 tasks')
    await page.keyboard.type(' dur>quick')
    await expect.poll(() => page.locator('[role=alert]').innerText()).toContain('"quick" is no time')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('.fl-statusbar').innerText()).toMatch(/^72 tasks/)
  })

  it('tells the same story as a table', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    await page.keyboard.press('KeyT')
    const grid = page.getByRole('grid')
    await grid.waitFor()
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('73')
    await page.getByRole('columnheader', { name: 'Took' }).getByRole('button').click()
    await page.getByRole('columnheader', { name: 'Took' }).getByRole('button').click()
    await expect.poll(() => page.getByRole('row').nth(1).innerText()).toContain('edition of today')
    await grid.focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => announced(viewer)).toMatch(/^GET \/feeds\/17, ok, took 307 ms/)
    await page.keyboard.press('End')
    await expect.poll(() => grid.locator('[aria-selected=true]').getAttribute('aria-rowindex')).toBe('73')
  })

  it('shows the tasks of a line, one task of a link, and does what the host asks', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    await viewer.send({ type: 'revealLine', place: { file: '/work/news/src/images.ts', line: 8, column: 1 } })
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toContain('9 of 72 tasks')
    await viewer.send({ type: 'command', command: 'clear' })
    await viewer.send({ type: 'revealTask', task: 18 })
    await expect.poll(() => viewer.page.locator('.fl-panel h2').innerText()).toBe('GET /feeds/17')
    await viewer.send({ type: 'revealLine', place: { file: '/work/news/src/none.ts', line: 1, column: 1 } })
    await expect
      .poll(() => viewer.page.locator('.fl-notice').innerText())
      .toContain('No task of this recording came from line 1 of none.ts')
  })

  it('folds scopes into a strip, and keeps them on top, by key and in the table of scopes', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    await viewer.send({ type: 'revealTask', task: 56 })
    await expect.poll(() => announced(viewer)).toMatch(/^rate article 7/)
    await page.locator('.fl-canvas').focus()
    await page.keyboard.press('KeyC')
    await expect.poll(() => announced(viewer)).toBe('group "rate articles" folded')
    await page.keyboard.press('KeyK')
    await expect.poll(() => announced(viewer)).toBe('group "rate articles" pinned')
    await viewer.send({ type: 'command', command: 'exportSvg' })
    await expect.poll(() => savedText(viewer)).toMatch(/group &quot;rate articles&quot;<.*fill-opacity="0.35"/s)
    await page.keyboard.press('Shift+KeyG')
    const scopes = page.getByRole('treegrid')
    await scopes.waitFor()
    const first = scopes.getByRole('row').nth(1)
    await expect.poll(() => first.innerText()).toMatch(/rate articles.*\s14\s/s)
    expect(await first.getAttribute('aria-expanded')).toBe('false')
    expect(await first.getByRole('button', { name: 'Keep on top' }).getAttribute('aria-pressed')).toBe('true')
    await scopes.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => first.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.fl-panel h2').innerText()).toBe('group "edition"')
    const kept = (await viewer.told()).findLast((message) => message.type === 'state')
    expect(kept).toMatchObject({ state: { pinned: [3], collapsed: [] } })
  })

  it('says where and when the event loop was blocked, also when its lane is clicked', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    const canvas = await page.locator('.fl-canvas').boundingBox()
    const trace = new Trace()
    readRecording(trace, sampleRecording())
    if (canvas === null) throw new Error('There is no timeline')
    const x = canvas.x + (canvas.width * ((trace.stalls.start[0] ?? 0) + 40)) / trace.end
    await page.mouse.click(x, canvas.y + 28)
    await expect.poll(() => page.locator('.fl-stalls .fl-chosen').innerText()).toMatch(/85.0 ms\s+at .*images.ts:31/s)
    expect(await page.locator('.fl-stalls .fl-chosen').innerText()).toContain('10 tasks could not go on')
  })

  it('shows by a brush over a histogram who waited for so long at a line', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    await page.locator('#fl-tab-waits').click()
    const rates = page.locator('.fl-panel li').filter({ hasText: 'api.news.example' })
    const bars = rates.locator('.fl-bars button')
    await bars.first().waitFor()
    const [from, to] = [await bars.nth(-2).boundingBox(), await bars.last().boundingBox()]
    if (from === null || to === null) throw new Error('There are no bars')
    await page.mouse.move(from.x + 3, from.y + 20)
    await page.mouse.down()
    await page.mouse.move(to.x + 3, to.y + 20)
    await page.mouse.up()
    await expect
      .poll(() => page.locator('.fl-filter input').inputValue())
      .toBe(
        'wait:rate wait-at:"/work/news/src/feeds.ts:9" wait-for:"rate limiter api.news.example" '
          + 'wait-dur>=4ms wait-dur<16ms',
      )
    expect(await rates.locator('[aria-pressed=true]').count()).toBe(2)
    const counts = await bars.evaluateAll((all) => all.map((bar) => parseInt(bar.getAttribute('aria-label') ?? '', 10)))
    const chosen = (counts.at(-1) ?? 0) + (counts.at(-2) ?? 0)
    await expect.poll(() => page.locator('.fl-statusbar').innerText()).toContain(`${String(chosen)} of 72 tasks`)
    await bars.last().focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.fl-statusbar').innerText()).toContain(`${String(counts.at(-1))} of 72 tasks`)
  })

  it('selects what is in sight, and the time of a task, as a range', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    const { page } = viewer
    await page.locator('.fl-canvas').focus()
    await page.keyboard.press('KeyR')
    await expect.poll(() => announced(viewer)).toBe('Selected 798 ms from 0 ms')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => announced(viewer)).toMatch(/^edition of today/)
    await page.keyboard.press('KeyM')
    await expect.poll(() => announced(viewer)).toBe('Selected 762 ms from 1.00 ms')
  })

  it('asks where compiled lines come from, and leads to the sources from then on', async () => {
    await using viewer = await openViewer({ browser })
    const recording = new RecordingBuilder()
    const pool = recording.scope('pool', 'feeds', 0, { limit: 2, location: 'load@/app/dist/feeds.js:1:4711' })
    recording.end(recording.start(pool, 1, { name: 'one', location: '@/app/dist/feeds.js:1:5000' }), 5)
    recording.end(recording.start(pool, 2, { name: 'two', slot: 1 }), 6, 'failed', 'Error: no')
    await viewer.open(recording.bytes(7))
    const asked = (await viewer.told()).find((message) => message.type === 'locate')
    const places = [
      { file: '/app/dist/feeds.js', line: 1, column: 4711 },
      { file: '/app/dist/feeds.js', line: 1, column: 5000 },
    ]
    expect(asked).toEqual({ type: 'locate', places })
    await viewer.send({ type: 'revealTask', task: 0 })
    await expect.poll(() => viewer.page.locator('.fl-panel').innerText()).toContain('feeds.js:1')
    await viewer.send({ type: 'located', places, sources: [{ file: '/app/src/feeds.ts', line: 21, column: 3 }, null] })
    await viewer.send({ type: 'revealTask', task: 1 })
    await expect.poll(() => viewer.page.locator('.fl-panel').innerText()).toContain('feeds.ts:21')
    await viewer.send({ type: 'revealLine', place: { file: '/app/src/feeds.ts', line: 21, column: 1 } })
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toContain('1 of 2 tasks')
    await viewer.send({ type: 'command', command: 'openSource' })
    await expect
      .poll(() => viewer.told())
      .toContainEqual({
        type: 'openSource',
        beside: true,
        place: { file: '/app/src/feeds.ts', line: 21, column: 3 },
      })
  })

  it('saves what is seen as PNG and as SVG', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(sampleRecording())
    await viewer.send({ type: 'command', command: 'exportPng' })
    await viewer.send({ type: 'command', command: 'exportSvg' })
    const saved = (): Promise<string[]> =>
      viewer.page.evaluate(() =>
        (
          globalThis as unknown as {
            readonly told: { readonly type: string; readonly name: string; readonly bytes: Uint8Array }[]
          }
        ).told
          .filter(({ type }) => type === 'save')
          .map(({ name, bytes }) => `${name} ${new TextDecoder('latin1').decode(bytes.subarray(0, 4))}`)
          .sort(),
      )
    await expect.poll(saved).toEqual(['app.fltrace.png \u2030PNG', 'app.fltrace.svg <svg'])
  })

  it('opens again where it was', async () => {
    const bytes = sampleRecording()
    await using viewer = await openViewer({ browser })
    await viewer.send({
      type: 'open',
      name: 'app',
      files: [{ url: viewer.offer('app', bytes), size: bytes.length }],
      state: { start: 100, end: 300, scrollTop: 10, task: 18, collapsed: [], filter: 'kind:pool', panel: 'details' },
    })
    await expect.poll(() => viewer.page.locator('.fl-panel h2').innerText()).toBe('GET /feeds/17')
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toContain('200 ms in sight, from 100 ms')
    expect(await viewer.page.locator('.fl-filter input').inputValue()).toBe('kind:pool')
  })

  it('shows all of a recording that is shorter than the place where the reader was', async () => {
    const bytes = sampleRecording()
    await using viewer = await openViewer({ browser })
    const state = { start: 5000, end: 6000, scrollTop: 0, task: null, collapsed: [], filter: '', panel: 'waits' }
    const files = [{ url: viewer.offer('app', bytes), size: bytes.length }]
    await viewer.send({ type: 'open', name: 'app', files, state })
    await expect.poll(() => viewer.page.locator('.fl-statusbar').innerText()).toContain('798 ms in sight, from 0 ms')
    expect(await viewer.page.locator('#fl-tab-waits').getAttribute('aria-selected')).toBe('true')
  })
})

describe('bad input', () => {
  it('that is no recording is refused with the reason', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(new TextEncoder().encode('{"not": "a recording, but long enough to hold a header of one"}'))
    expect(await viewer.page.locator('.fl-cover').innerText()).toContain('This recording cannot be shown')
  })

  it('that is gone is refused with what to do', async () => {
    await using viewer = await openViewer({ browser })
    const url = viewer.offer('gone', new Uint8Array(1)).replace('gone', 'none')
    await viewer.send({ type: 'open', name: 'gone', files: [{ url, size: 100 }] })
    await expect.poll(() => viewer.page.locator('.fl-cover').innerText()).toContain('It may have been moved or deleted')
  })

  it('that breaks off is shown as far as it goes, and says so', async () => {
    await using viewer = await openViewer({ browser })
    const bytes = sampleRecording()
    await viewer.open(bytes.subarray(0, bytes.length - 30))
    expect(await viewer.page.locator('.fl-notice').innerText()).toContain('The recording breaks off')
  })

  it('with hostile names, zero-length tasks and clocks that jump shows text, and runs nothing', async () => {
    const recording = new RecordingBuilder(['<img src=x onerror=alert(1)>'])
    const evil = '<img src=x onerror="document.title=1">\u202eevil\u0000'
    const pool = recording.scope('pool', evil, 0, { limit: 2, location: `${evil}@/a/<b>.ts:1:1` })
    recording.end(recording.start(pool, 5, { name: evil }), 5, 'failed', evil)
    recording.end(recording.start(pool, 2, { name: 'x'.repeat(1_000_000), slot: 1 }), 1)
    recording.start(pool, 1e9, { name: 'far away', slot: 1 })
    await using viewer = await openViewer({ browser })
    await viewer.open(recording.bytes(1e9 + 5))
    await viewer.page.keyboard.press('KeyT')
    await expect.poll(() => viewer.page.getByRole('row').count()).toBe(4)
    await viewer.page.getByRole('grid').focus()
    await viewer.page.keyboard.press('ArrowDown')
    await viewer.page.locator('#fl-tab-details').click()
    expect(await viewer.page.locator('img').count()).toBe(0)
    expect(await viewer.page.title()).toBe('Timeline')
    expect(viewer.errors).toEqual([])
  })

  it('without a single task says why there may be none', async () => {
    await using viewer = await openViewer({ browser })
    await viewer.open(new RecordingBuilder().bytes(5))
    expect(await viewer.page.locator('.fl-cover').innerText()).toContain('No tasks were recorded')
    expect(await viewer.page.locator('.fl-panels').isVisible()).toBe(false)
  })
})

describe('accessibility', () => {
  it.each(Object.keys(THEMES) as ThemeName[])('has no serious problem in any panel, in %s', async (theme) => {
    await using viewer = await openViewer({ browser, theme })
    await viewer.open(sampleRecording())
    await viewer.send({ type: 'revealTask', task: 56 })
    const found: string[] = []
    for (const panel of PANELS) {
      await viewer.page.locator(`#fl-tab-${panel}`).click()
      await viewer.page.locator(`[aria-labelledby=fl-tab-${panel}]`).waitFor()
      found.push(...(await seriousProblems(viewer)).map((problem) => `${panel}: ${problem}`))
    }
    await viewer.send({ type: 'command', command: 'help' })
    await viewer.page.locator('dialog').waitFor()
    found.push(...(await seriousProblems(viewer)))
    expect(found).toEqual([])
  })

  it('fits a window of half the width, as at 200 % zoom', async () => {
    await using viewer = await openViewer({ browser, width: 640, height: 400 })
    await viewer.open(sampleRecording())
    const { clientWidth, scrollWidth } = await viewer.page.evaluate(() => {
      const { clientWidth: seen, scrollWidth: whole } = document.documentElement
      return { clientWidth: seen, scrollWidth: whole }
    })
    expect(scrollWidth).toBe(clientWidth)
    expect((await viewer.page.locator('.fl-canvas').boundingBox())?.height).toBeGreaterThan(80)
    expect(await seriousProblems(viewer)).toEqual([])
  })
})
