import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import {
  FOLDED,
  HEADER_HEIGHT,
  LANE_HEIGHT,
  Rows,
  STRIP_HEIGHT,
  THIN_LANE_HEIGHT,
} from '../../../viewer/layout/rows.ts'
import { axisStep, Viewport } from '../../../viewer/layout/viewport.ts'
import type { TrackInfo } from '../../../viewer/worker/protocol.ts'

function track(parent: number, lanes: number, tasks = lanes): TrackInfo {
  return {
    label: '',
    kind: 'group',
    location: null,
    parent,
    depth: 0,
    lanes,
    scopes: 1,
    tasks,
    limit: 0,
    opened: 0,
    closed: 1,
    slotted: false,
  }
}

describe('rows', () => {
  it('put each track behind the one that it was opened in', () => {
    const rows = new Rows([track(-1, 1), track(-1, 1), track(0, 2)])
    expect(rows.tracks).toEqual([0, 2, 1])
    expect(rows.height).toBe(3 * HEADER_HEIGHT + 4 * LANE_HEIGHT)
  })

  it('leave out tracks without tasks, unless one within has some', () => {
    expect(new Rows([track(-1, 0), track(-1, 0), track(1, 1)]).tracks).toEqual([1, 2])
  })

  it('show a strip for the lanes, and for the tracks within, of one that is collapsed', () => {
    const rows = new Rows([track(-1, 3), track(0, 2), track(-1, 1)], { collapsed: new Set([0]) })
    expect(rows.tracks).toEqual([0, 2])
    expect(rows.height).toBe(2 * HEADER_HEIGHT + STRIP_HEIGHT + LANE_HEIGHT)
    const strip = { track: 0, lane: FOLDED, top: HEADER_HEIGHT, height: STRIP_HEIGHT }
    expect(rows.at(HEADER_HEIGHT + 1)).toEqual(strip)
    expect(rows.find(0, 2)).toEqual(strip)
    expect(rows.find(1, 1)).toEqual(strip)
    expect(rows.laneBeside(2, 0, -1)).toBeUndefined()
  })

  it('keep pinned tracks on top, in their own order, however far the others are scrolled', () => {
    const tracks = [track(-1, 2), track(-1, 1), track(1, 4), track(-1, 9)]
    const rows = new Rows(tracks, { pinned: [2, 0, 2, 17] })
    expect(rows.tracks).toEqual([2, 0, 1, 3])
    expect(rows.pinnedHeight).toBe(2 * HEADER_HEIGHT + 6 * LANE_HEIGHT)
    expect(rows.find(0, 1, 100)).toEqual({ track: 0, lane: 1, top: 100 + rows.pinnedHeight - 18, height: LANE_HEIGHT })
    expect(rows.at(100 + 1, 100)).toMatchObject({ track: 2, lane: -1 })
    expect(rows.at(100 + rows.pinnedHeight + 1, 100)).toMatchObject({ track: 3 })
    const under = rows.find(1, 0, 100)
    expect(under === undefined ? undefined : rows.isCovered(under, 100)).toBe(true)
    expect(rows.laneBeside(0, 1, 1)).toMatchObject({ track: 1, lane: 0 })
  })

  it('fold pinned tracks that would leave no room for the others', () => {
    const rows = new Rows([track(-1, 30), track(-1, 1)], { pinned: [0], room: 200 })
    expect(rows.isFolded(0)).toBe(true)
    expect(rows.pinnedHeight).toBe(HEADER_HEIGHT + STRIP_HEIGHT)
    expect(rows.find(0, 17, 50)).toMatchObject({ lane: FOLDED, top: 50 + HEADER_HEIGHT })
  })

  it('are thin where they are many', () => {
    expect(new Rows([track(-1, 200)]).find(0, 1)?.height).toBe(THIN_LANE_HEIGHT)
  })

  it('find by height what lies there', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 30 }), fc.nat(3000), (lanes, y) => {
        const rows = new Rows(lanes.map((count) => track(-1, count, 1)))
        const row = rows.at(y)
        if (y >= rows.height) return
        expect(row).toBeDefined()
        expect(y).toBeGreaterThanOrEqual(row?.top ?? Infinity)
        expect(y).toBeLessThan((row?.top ?? 0) + (row?.height ?? 0))
        expect(rows.find(row?.track ?? -1, row?.lane ?? -1)).toEqual(row)
      }),
    )
  })

  it('keep the head of a track in sight as long as its lanes are, and let the next one push it away', () => {
    const rows = new Rows([track(-1, 4), track(-1, 4)])
    expect(rows.stuckAt(0)).toBeUndefined()
    expect(rows.stuckAt(40)).toMatchObject({ track: 0, top: 40 })
    const bottom = HEADER_HEIGHT + 4 * LANE_HEIGHT
    expect(rows.stuckAt(bottom - 5)).toMatchObject({ track: 0, top: bottom - HEADER_HEIGHT })
  })

  it('lead from lane to lane across tracks', () => {
    const rows = new Rows([track(-1, 2), track(-1, 0, 1), track(-1, 1)])
    expect(rows.laneBeside(0, 1, 1)).toMatchObject({ track: 2, lane: 0 })
    expect(rows.laneBeside(2, 0, -1)).toMatchObject({ track: 0, lane: 1 })
    expect(rows.laneBeside(0, 0, -1)).toBeUndefined()
  })

  it('bear two hundred thousand tracks and ten thousand levels', () => {
    const deep = Array.from({ length: 10_000 }, (_, number) => track(number - 1, 1))
    expect(new Rows(deep).tracks).toHaveLength(10_000)
    const flat = Array.from({ length: 200_000 }, () => track(-1, 1))
    expect(new Rows(flat).between(1_000_000, 1_000_800).length).toBeLessThan(60)
  })
})

describe('a viewport', () => {
  const bounds = { start: 0, end: 1000 }

  it('zooms around what is under the pointer', () => {
    const viewport = new Viewport(0, 1000, 500).zoomed(0.5, 100, bounds)
    expect(viewport.span).toBe(500)
    expect(viewport.time(100)).toBeCloseTo(200)
  })

  it('never leaves the recording, nor shows more than all of it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.nat(500),
        (share, factor, x) => {
          const viewport = new Viewport(400, 600, 500).panned(share, bounds).zoomed(factor, x, bounds)
          expect(viewport.start).toBeGreaterThanOrEqual(-1e-9)
          expect(viewport.end).toBeLessThanOrEqual(1000 + 1e-9)
        },
      ),
    )
  })

  it('has axis steps of 1, 2 and 5 that are far enough apart', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e7, noNaN: true }), (span) => {
        const viewport = new Viewport(0, span, 800)
        const step = axisStep(viewport, 90)
        expect(step / viewport.step).toBeGreaterThanOrEqual(90 - 1e-6)
        expect([1, 2, 5]).toContain(Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9)))
      }),
    )
  })
})
