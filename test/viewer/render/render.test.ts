import { readRecording, Trace } from '@forkline/trace'
import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { commandOf, HELP, KEYS } from '../../../viewer/app/commands.ts'
import { VIEW_COMMANDS } from '../../../viewer/messages.ts'
import { Tracks } from '../../../viewer/model/tracks.ts'
import { boundsOf, bucketOf, HISTOGRAM_BUCKETS } from '../../../viewer/model/histogram.ts'
import { duration, timeLabel } from '../../../viewer/render/format.ts'
import { plain } from '../../../viewer/render/label.ts'
import { escaped } from '../../../viewer/render/svg.ts'
import { drawFoldedTile } from '../../../viewer/render/foldedTile.ts'
import { drawTile, TILE_CONTENT, TILE_ROWS, TILE_WIDTH } from '../../../viewer/render/tile.ts'
import { RecordingBuilder } from '../support/recording.ts'

const PALETTE = { ok: 0xff000001, running: 0xff000002, failed: 0xff000003, cancelled: 0xff000004, leaked: 0xff000005 }

describe('a tile', () => {
  it('shows every failure in the row of marks, however many tasks share its pixel', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: -3, max: 6 }),
        (fails, level) => {
          const recording = new RecordingBuilder()
          const pool = recording.scope('pool', '', 0, { limit: 1 })
          for (const [number, failed] of fails.entries()) {
            recording.end(recording.start(pool, number), number + 0.5, failed ? 'failed' : 'ok')
          }
          const trace = new Trace()
          readRecording(trace, recording.bytes(fails.length))
          const tracks = new Tracks(trace)
          tracks.update()
          const lane = tracks.list[0]?.lanes[0]
          if (lane === undefined) throw new Error('There is no lane')
          const pixels = new Uint32Array(TILE_WIDTH * TILE_ROWS)
          const content = drawTile(lane, 0, 2 ** level, PALETTE, pixels)
          for (const [number, failed] of fails.entries()) {
            const pixel = Math.floor(number / 2 ** level)
            if (!failed || pixel >= TILE_WIDTH) continue
            expect(pixels[TILE_WIDTH + pixel]).toBe(PALETTE.failed)
            expect(content & TILE_CONTENT.marks).toBe(TILE_CONTENT.marks)
          }
        },
      ),
    )
  })

  it('shows failures that took no time, also at the edge between two pixels', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(600), { maxLength: 60 }), fc.integer({ min: -1, max: 3 }), (times, level) => {
        const recording = new RecordingBuilder()
        const pool = recording.scope('pool', '', 0, { limit: 1 })
        const inOrder = times.sort((one, other) => one - other)
        for (const time of inOrder) recording.end(recording.start(pool, time), time, 'failed')
        const trace = new Trace()
        readRecording(trace, recording.bytes(601))
        const tracks = new Tracks(trace)
        tracks.update()
        const lanes = tracks.list[0]?.lanes ?? []
        const pixels = new Uint32Array(TILE_WIDTH * TILE_ROWS)
        const folded = new Uint32Array(TILE_WIDTH * TILE_ROWS)
        if (lanes[0] !== undefined) drawTile(lanes[0], 0, 2 ** level, PALETTE, pixels)
        drawFoldedTile(lanes, 0, 2 ** level, PALETTE, folded)
        for (const time of inOrder) {
          const pixel = Math.floor(time / 2 ** level)
          if (pixel >= TILE_WIDTH) continue
          expect(pixels[TILE_WIDTH + pixel]).toBe(PALETTE.failed)
          expect(folded[TILE_WIDTH + pixel]).toBe(PALETTE.failed)
        }
      }),
    )
  })

  it('is empty where nothing ran', () => {
    const recording = new RecordingBuilder()
    const pool = recording.scope('pool', '', 0, { limit: 1 })
    recording.end(recording.start(pool, 10_000), 10_001)
    const trace = new Trace()
    readRecording(trace, recording.bytes(10_002))
    const tracks = new Tracks(trace)
    tracks.update()
    const pixels = new Uint32Array(TILE_WIDTH * TILE_ROWS)
    const lane = tracks.list[0]?.lanes[0]
    expect(lane === undefined ? -1 : drawTile(lane, 0, 1, PALETTE, pixels)).toBe(0)
    expect(pixels.every((pixel) => pixel === 0)).toBe(true)
  })
})

describe('a strip of folded lanes', () => {
  const SPANS = fc.array(
    fc.array(
      fc.record({
        gap: fc.double({ min: 0, max: 9, noNaN: true }),
        length: fc.double({ min: 0, max: 60, noNaN: true }),
        outcome: fc.constantFrom('ok', 'failed', 'cancelled'),
      }),
      { maxLength: 25 },
    ),
    { minLength: 1, maxLength: 6 },
  )

  it('shows the worst of what is in each pixel, and how much of the lanes is busy', () => {
    fc.assert(
      fc.property(SPANS, fc.integer({ min: -2, max: 4 }), fc.nat(2), (lists, level, tile) => {
        const recording = new RecordingBuilder()
        const pool = recording.scope('pool', '', 0, { limit: lists.length })
        const all = lists
          .flatMap((list, slot) => {
            let time = 0
            return list.map(({ gap, length, outcome }) => {
              const start = time + gap
              time = start + length
              return { slot, start, end: time, outcome }
            })
          })
          .sort((one, other) => one.start - other.start)
        for (const { slot, start, end, outcome } of all) {
          recording.end(recording.start(pool, start, { slot }), end, outcome)
        }
        const trace = new Trace()
        readRecording(trace, recording.bytes(10_000))
        const tracks = new Tracks(trace)
        tracks.update()
        const step = 2 ** level
        const from = tile * TILE_WIDTH * step
        const pixels = new Uint32Array(TILE_WIDTH * TILE_ROWS)
        const lanes = tracks.lanesWithin(0)
        drawFoldedTile(lanes, from, step, PALETTE, pixels)
        for (let x = 0; x < TILE_WIDTH; x++) {
          const left = from + x * step
          const right = left + step
          const here = all.filter(({ start, end }) => start < right && (end > left || start >= left))
          const worst = here.some(({ outcome }) => outcome === 'failed')
            ? PALETTE.failed
            : here.some(({ outcome }) => outcome === 'cancelled')
              ? PALETTE.cancelled
              : 0
          expect(pixels[TILE_WIDTH + x]).toBe(worst)
          const busy = here.reduce((sum, { start, end }) => sum + Math.min(end, right) - Math.max(start, left), 0)
          const opacity = here.length === 0 ? 0 : 255 * (0.25 + (0.75 * busy) / step / lanes.length)
          expect(Math.abs(((pixels[x] ?? 0) >>> 24) - opacity)).toBeLessThanOrEqual(2)
        }
      }),
    )
  })
})

describe('times in words', () => {
  it.each([
    [0, '0 ms'],
    [0.0004, '0.40 µs'],
    [0.789, '789 µs'],
    [1, '1.00 ms'],
    [45.61, '45.6 ms'],
    [999, '999 ms'],
    [1234, '1.23 s'],
    [61_000, '1 min 1 s'],
  ])('%f ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  it('on the axis have as many digits as tell neighbours apart', () => {
    expect(timeLabel(1500, 500)).toBe('1.5 s')
    expect(timeLabel(20, 5)).toBe('20 ms')
    expect(timeLabel(0.002, 0.001)).toBe('2 µs')
  })
})

describe('hostile text', () => {
  it('loses what would change how it is read', () => {
    expect(plain('a\u202eb\u0000c\nd\u2066')).toBe('a�b�c�d�')
  })

  it('is text in a drawing, too', () => {
    expect(escaped('<script>&"\uD800')).toBe('&lt;script&gt;&amp;&quot;�')
  })
})

describe('a histogram', () => {
  it('puts each duration between the bounds of its bucket', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (ms) => {
        const bucket = bucketOf(ms)
        expect(bucket).toBeLessThan(HISTOGRAM_BUCKETS)
        expect(ms).toBeGreaterThanOrEqual(boundsOf(bucket).from)
        expect(ms).toBeLessThan(boundsOf(bucket).to)
      }),
    )
  })
})

describe('keys', () => {
  const press = (key: Partial<KeyboardEvent>): string | undefined =>
    commandOf({ code: '', key: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...key })

  it('that steer go by their place, whatever they write', () => {
    expect(press({ code: 'KeyW', key: 'z' })).toBe('zoomIn')
    expect(press({ code: 'KeyA', key: 'q' })).toBe('panLeft')
  })

  it('that write a sign go by the sign, wherever it is', () => {
    expect(press({ code: 'Digit7', key: '/', shiftKey: true })).toBe('filter')
    expect(press({ code: 'Minus', key: '?', shiftKey: true })).toBe('help')
  })

  it('there are for every command but those that have a button', () => {
    const withoutKey = VIEW_COMMANDS.filter((command) => !KEYS.some((key) => key.command === command))
    expect(withoutKey).toEqual(['copyLink', 'exportPng', 'exportSvg', 'exportReport'])
  })

  it('are all explained in the help', () => {
    const signs = HELP.flatMap(([keys]) => keys.split(/\s+/u))
    for (const { code, key, ctrl, shift } of KEYS) {
      const name = key === 'Escape' ? 'Esc' : (key ?? code?.replace('Key', '') ?? '')
      const whole = `${ctrl === true ? 'Ctrl+' : ''}${shift === true ? 'Shift+' : ''}${name}`
      // Written otherwise on the help page, or a second way to do the same.
      if (['-', '=', 'Ctrl+Y'].includes(whole)) continue
      expect(signs).toContain(whole)
    }
  })

  it('with Ctrl walk the history, and leave all else to the host', () => {
    expect(press({ code: 'KeyZ', key: 'z', ctrlKey: true })).toBe('back')
    expect(press({ code: 'KeyZ', key: 'Z', ctrlKey: true, shiftKey: true })).toBe('forward')
    expect(press({ code: 'KeyS', key: 's', ctrlKey: true })).toBeUndefined()
    expect(press({ code: 'KeyW', key: 'w', altKey: true })).toBeUndefined()
  })
})
