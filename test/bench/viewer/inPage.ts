/** What the benchmark runs inside the page. Each function is sent there as text, so it uses nothing around it. */

export interface Frames {
  readonly p50: number
  readonly p95: number
}

/** Opens a recording and waits until it is drawn in full. Gives how long that took, in ms. */
export async function openAndDraw({ url, size }: { readonly url: string; readonly size: number }): Promise<number> {
  const begun = performance.now()
  postMessage({ type: 'open', name: 'bench.fltrace', files: [{ url, size }] })
  const page = globalThis as unknown as { readonly told: { readonly type: string; readonly message?: string }[] }
  const frame = (): Promise<unknown> =>
    new Promise((resolve) => {
      requestAnimationFrame(resolve)
    })
  while (document.querySelector<HTMLElement>('.fl-canvas')?.dataset['drawn'] !== 'true') await frame()
  const taken = performance.now() - begun
  // The findings come behind the first frame.
  while (!page.told.some(({ type }) => type === 'shown' || type === 'problem')) await frame()
  return taken
}

/**
 * Pans and zooms by the wheel, once a frame, and gives the time from frame to frame, in ms. The browser runs without a
 * limit on its frame rate, so this is what a frame costs, drawing on the screen included.
 */
export async function moveAbout(frames: number): Promise<Frames> {
  const canvas = document.querySelector<HTMLElement>('.fl-canvas')
  if (canvas === null) throw new Error('There is no timeline')
  const { left, top, width, height } = canvas.getBoundingClientRect()
  const at = { clientX: left + width / 3, clientY: top + height / 2, bubbles: true, cancelable: true }
  const times: number[] = []
  let last = await new Promise<number>((resolve) => {
    requestAnimationFrame(resolve)
  })
  for (let frame = 0; frame < frames; frame++) {
    const turn = Math.floor(frame / 20) % 4
    if (turn < 2) canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaX: turn === 0 ? 40 : -40 }))
    else canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: turn === 2 ? -16 : 16, ctrlKey: true }))
    const now = await new Promise<number>((resolve) => {
      requestAnimationFrame(resolve)
    })
    times.push(now - last)
    last = now
  }
  times.sort((one, other) => one - other)
  return { p50: times[Math.floor(frames * 0.5)] ?? NaN, p95: times[Math.floor(frames * 0.95)] ?? NaN }
}

/** Which columns of each lane's strip of marks show a failure: one string of 0 and 1 for each lane. */
export function failureColumns({
  lanes,
  top,
  laneHeight,
}: {
  readonly lanes: number
  readonly top: number
  readonly laneHeight: number
}): string[] {
  const canvas = document.querySelector<HTMLCanvasElement>('.fl-canvas canvas')
  const context = canvas?.getContext('2d')
  if (canvas === null || context === null || context === undefined) throw new Error('There is no timeline')
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--vscode-charts-red').trim()
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16))
  return Array.from({ length: lanes }, (_, lane) => {
    const { data } = context.getImageData(0, top + lane * laneHeight, canvas.width, 1)
    let columns = ''
    for (let x = 0; x < canvas.width; x++) {
      columns += data[4 * x] === red && data[4 * x + 1] === green && data[4 * x + 2] === blue ? '1' : '0'
    }
    return columns
  })
}

export interface OldRenderer {
  readonly url: string
  readonly spans: number
  readonly lanes: number
  readonly end: number
  readonly zoom: number
  readonly frames: number
  /** Leave out spans that end on a pixel that is drawn already. */
  readonly skipSamePixel: boolean
}

/** What a viewer does that loops over its spans: a rectangle for each, drawn anew in every frame. */
export async function loopOverSpans({
  url,
  spans,
  lanes,
  end,
  zoom,
  frames,
  skipSamePixel,
}: OldRenderer): Promise<Frames & { readonly shown: number; readonly failures: number }> {
  const size = spans * 17
  const pieces: ArrayBuffer[] = []
  for (let at = 0; at < size; at += 32 << 20) {
    const response = await fetch(url, {
      headers: { Range: `bytes=${String(at)}-${String(Math.min(at + (32 << 20), size) - 1)}` },
    })
    pieces.push(await response.arrayBuffer())
  }
  const buffer = await new Blob(pieces).arrayBuffer()
  const starts = new Float64Array(buffer, 0, spans)
  const ends = new Float64Array(buffer, spans * 8, spans)
  const states = new Uint8Array(buffer, spans * 16, spans)
  const canvas = document.createElement('canvas')
  canvas.width = 1600
  canvas.height = 800
  canvas.className = 'fl-old'
  document.body.prepend(canvas)
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('There is no canvas')
  const colours = ['#3794ff', '#f14c4c', '#cca700']
  const perLane = spans / lanes
  const length = end * zoom
  const times: number[] = []
  let from = 0
  let last = await new Promise<number>((resolve) => {
    requestAnimationFrame(resolve)
  })
  for (let frame = 0; frame < frames; frame++) {
    from = (end - length) * 0.4 + length * 0.02 * frame
    const scale = 1600 / length
    context.fillStyle = '#1f1f1f'
    context.fillRect(0, 0, 1600, 800)
    for (let lane = 0; lane < lanes; lane++) {
      let covered = -1
      for (let place = lane * perLane; place < (lane + 1) * perLane; place++) {
        const left = ((starts[place] ?? 0) - from) * scale
        const right = ((ends[place] ?? 0) - from) * scale
        if (skipSamePixel) {
          if (right < 0) continue
          if (left > 1600) break
          if (Math.ceil(right) <= covered) continue
          covered = Math.ceil(right)
        }
        context.fillStyle = colours[states[place] ?? 0] ?? ''
        context.fillRect(left, lane * 4, Math.max(1, right - left), 3)
      }
    }
    const now = await new Promise<number>((resolve) => {
      requestAnimationFrame(resolve)
    })
    times.push(now - last)
    last = now
  }
  // Which columns with a failure in them show it.
  const scale = 1600 / length
  let shown = 0
  let failures = 0
  for (let lane = 0; lane < lanes; lane++) {
    const { data } = context.getImageData(0, lane * 4 + 1, 1600, 1)
    for (let place = lane * perLane; place < (lane + 1) * perLane; place++) {
      const x = Math.floor(((starts[place] ?? 0) - from) * scale)
      if (states[place] !== 1 || x < 1 || x >= 1599) continue
      failures++
      if (
        [x - 1, x, x + 1].some(
          (column) =>
            (data[4 * column] ?? 0) > 150 && (data[4 * column + 2] ?? 255) < 150 && (data[4 * column + 1] ?? 255) < 130,
        )
      )
        shown++
    }
  }
  canvas.remove()
  times.sort((one, other) => one - other)
  return { p50: times[Math.floor(frames * 0.5)] ?? NaN, p95: times[Math.floor(frames * 0.95)] ?? NaN, shown, failures }
}

/** How much memory the page and its worker hold, in bytes. */
export async function memory(): Promise<number> {
  const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
    readonly measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>
  }
  if (measure === undefined) return NaN
  return (await measure.call(performance)).bytes
}
