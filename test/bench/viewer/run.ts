/**
 * `npm run bench:viewer`: how fast recordings of up to five million spans are on the screen, what a frame costs while
 * one moves about, whether every failure shows, and how much memory a span takes; beside a renderer that loops over
 * its spans, and one that skips those on the same pixel. Sizes may be given: `npm run bench:viewer -- 10000 1000000`.
 */
import { availableParallelism, loadavg } from 'node:os'
import { chromium } from 'playwright-core'
import { findBrowser } from '../../../scripts/host/findBrowser.ts'
import { openViewer, type ViewerPage } from '../../viewer/support/viewerPage.ts'
import { failureColumns, loopOverSpans, memory, moveAbout, openAndDraw } from './inPage.ts'
import { type GeneratedRecording, generateRecording, LANES } from './recording.ts'

const FRAMES = 160
const OLD_FRAMES = 12
const ZOOMS = { full: 1, middle: 0.05, deep: 0.0005 } as const
/** Of the page around the canvas, in CSS pixels: toolbar, minimap, status bar, and the panels beside it. */
const AROUND = { width: 341, height: 106 }
/** What the axis and the head of the one pool take above its lanes. */
const LANES_TOP = 34 + 24
const THIN_LANE = 4

const sizes = process.argv.slice(2).map(Number)
const limits: { readonly what: string; readonly value: number; readonly most: number }[] = []

await using browser = await chromium.launch({
  executablePath: findBrowser(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-frame-rate-limit',
    '--disable-gpu-vsync',
    '--disable-background-timer-throttling',
  ],
})

console.log(loadNow())
for (const spans of sizes.length > 0 ? sizes : [10_000, 100_000, 1_000_000, 5_000_000]) {
  const recording = generateRecording(spans, LANES)
  console.log(
    `\n${spans.toLocaleString('en')} spans on ${String(LANES)} lanes in sight, `
      + `${(recording.bytes.length / 1e6).toFixed(1)} MB`,
  )
  await using viewer = await openViewer({
    browser,
    width: 1600 + AROUND.width,
    height: 800 + LANES_TOP + AROUND.height + 20,
  })
  const empty = await viewer.page.evaluate(memory)
  const url = viewer.offer('bench.fltrace', recording.bytes)
  const opened = await viewer.page.evaluate(openAndDraw, { url, size: recording.bytes.length })
  report(spans, 'from bytes to the first whole frame', opened, spans === 1_000_000 ? 1000 : Infinity, 'ms')
  const perSpan = ((await viewer.page.evaluate(memory)) - empty) / spans
  report(spans, 'memory beyond the file', perSpan, spans >= 1_000_000 ? 60 : Infinity, 'B a span')
  for (const [name, zoom] of Object.entries(ZOOMS)) {
    await zoomTo(viewer, zoom)
    const { p50, p95 } = await viewer.page.evaluate(moveAbout, FRAMES)
    const most = spans === 1_000_000 ? 16.7 : spans === 5_000_000 ? 33 : Infinity
    report(spans, `a frame at ${name} zoom, p95 (p50 ${p50.toFixed(1)})`, p95, most, 'ms')
    await zoomTo(viewer, zoom)
    const lost = await lostFailures(viewer, recording, zoom)
    report(spans, `failures that no column shows, of ${String(lost.of)}`, lost.lost, 0, '')
    if (spans > 1_000_000) continue
    for (const skipSamePixel of [false, true]) await compare(viewer, recording, name, zoom, skipSamePixel)
  }
}

console.log(`\n${loadNow()} at the end`)
const missed = limits.filter(({ value, most }) => value > most)
for (const { what, value, most } of missed) console.log(`MISSED: ${what}: ${value.toFixed(1)}, at most ${String(most)}`)
process.exitCode = missed.length > 0 ? 1 : 0

/** How busy the machine is with other things: all times grow with it. */
function loadNow(): string {
  return `Load average ${loadavg()[0]?.toFixed(1) ?? ''} on ${String(availableParallelism())} processors`
}

function report(spans: number, what: string, value: number, most: number, unit: string): void {
  limits.push({ what: `${spans.toLocaleString('en')}: ${what}`, value, most })
  console.log(
    `  ${what}: ${value.toFixed(value < 100 ? 1 : 0)} ${unit}${most === Infinity ? '' : ` (at most ${String(most)})`}`,
  )
}

/** Shows a part of the recording, from 40 % of what is left of it on. */
async function zoomTo(viewer: ViewerPage, share: number): Promise<void> {
  await viewer.page.keyboard.press('Escape')
  await viewer.page.evaluate((zoom) => {
    const canvas = document.querySelector<HTMLElement>('.fl-canvas')
    if (canvas === null) return
    canvas.dispatchEvent(new KeyboardEvent('keydown', { key: '0', code: 'Digit0', bubbles: true }))
    const { left, top, width } = canvas.getBoundingClientRect()
    const at = { clientX: left + width * 0.4, clientY: top + 100, bubbles: true, cancelable: true }
    canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: Math.log(zoom) / 0.0025, ctrlKey: true }))
  }, share)
  await viewer.settled()
}

async function lostFailures(
  viewer: ViewerPage,
  { failed, end }: GeneratedRecording,
  share: number,
): Promise<{ readonly lost: number; readonly of: number }> {
  const columns = await viewer.page.evaluate(failureColumns, { lanes: LANES, top: LANES_TOP, laneHeight: THIN_LANE })
  const width = columns[0]?.length ?? 0
  const from = end * (1 - share) * 0.4
  const scale = width / (end * share)
  let lost = 0
  let of = 0
  for (const { lane, start, end: until } of failed) {
    const left = Math.floor((start - from) * scale)
    const right = Math.ceil((until - from) * scale)
    if (left < 1 || right > width - 1) continue
    of++
    // A pixel of a tile is up to two of the screen.
    if (!(columns[lane] ?? '').slice(left - 1, right + 2).includes('1')) lost++
  }
  return { lost, of }
}

async function compare(
  viewer: ViewerPage,
  recording: GeneratedRecording,
  name: string,
  zoom: number,
  skipSamePixel: boolean,
): Promise<void> {
  const { spans, starts, ends, states, end } = recording
  const columns = new Uint8Array(spans * 17)
  columns.set(new Uint8Array(starts.buffer), 0)
  columns.set(new Uint8Array(ends.buffer), spans * 8)
  columns.set(states, spans * 16)
  const url = viewer.offer('columns', columns)
  const { p50, p95, shown, failures } = await viewer.page.evaluate(loopOverSpans, {
    url,
    spans,
    lanes: LANES,
    end,
    zoom,
    frames: OLD_FRAMES,
    skipSamePixel,
  })
  const what = skipSamePixel ? 'skipping the same pixel' : 'a rectangle for each span'
  console.log(
    `    ${what}, ${name}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, `
      + `${String(shown)} of ${String(failures)} failures shown`,
  )
}
