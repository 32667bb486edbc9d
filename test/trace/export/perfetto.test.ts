import { readFileSync } from 'node:fs'
import { perfettoTrace, type Trace } from '@forkline/trace'
import { assert, property } from '../../fastCheck.ts'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { anyRecording } from '../support/anyRecording.ts'
import { joined, recording, traceOf } from '../support/recording.ts'

interface Event {
  readonly type: 'TYPE_SLICE_BEGIN' | 'TYPE_SLICE_END' | 'TYPE_INSTANT' | 'TYPE_COUNTER'
  readonly nameIid?: number
  readonly trackUuid: number
  readonly categories?: readonly string[]
  readonly counterValue?: number
  readonly flowIds?: readonly string[]
  readonly terminatingFlowIds?: readonly string[]
  readonly debugAnnotations?: readonly {
    readonly name: string
    readonly stringValue?: string
    readonly doubleValue?: number
  }[]
}

interface Packet {
  readonly timestamp?: number
  readonly trackEvent?: Event
  readonly internedData?: { readonly eventNames: readonly { readonly iid: number; readonly name: string }[] }
  readonly trackDescriptor?: {
    readonly uuid: number
    readonly name?: string
    readonly parentUuid?: number
    readonly process?: { readonly pid: number; readonly cmdline: readonly string[] }
    readonly thread?: { readonly pid: number; readonly tid: number; readonly threadName: string }
    readonly counter?: object
  }
  readonly clockSnapshot?: { readonly clocks: readonly { readonly clockId: number; readonly timestamp: string }[] }
}

const SCHEMA = protobuf
  .parse(readFileSync(new URL('./perfetto.proto', import.meta.url), 'utf8'))
  .root.lookupType('Trace')

class Read {
  readonly packets: readonly Packet[]
  readonly names = new Map<string, string>()

  constructor(trace: Trace) {
    const bytes = joined(Array.from(perfettoTrace(trace), (piece) => piece.slice()))
    const decoded = SCHEMA.toObject(SCHEMA.decode(bytes), { longs: String, enums: String }) as { packet: Packet[] }
    this.packets = decoded.packet
    for (const { internedData } of this.packets) {
      for (const { iid, name } of internedData?.eventNames ?? []) this.names.set(String(iid), name)
    }
  }

  get events(): (Event & { readonly time: number; readonly name: string | undefined })[] {
    return this.packets.flatMap(({ trackEvent, timestamp }) =>
      trackEvent === undefined
        ? []
        : [
            {
              ...trackEvent,
              time: Number(timestamp) / 1e6,
              name: this.names.get(String(trackEvent.nameIid)),
            },
          ],
    )
  }

  get tracks(): Map<string, NonNullable<Packet['trackDescriptor']>> {
    return new Map(
      this.packets.flatMap(({ trackDescriptor }) =>
        trackDescriptor === undefined ? [] : [[String(trackDescriptor.uuid), trackDescriptor]],
      ),
    )
  }
}

function byTrack<E extends Event>(events: readonly E[]): Map<string, E[]> {
  const tracks = new Map<string, E[]>()
  for (const event of events) {
    const track = String(event.trackUuid)
    tracks.set(track, [...(tracks.get(track) ?? []), event])
  }
  return tracks
}

describe('the export to Perfetto', () => {
  it('has the processes, threads and tracks, each with its parent before it', () => {
    const made = recording()
    made.task(made.scope('pool', { name: 'uploads', limit: 2 }), { start: 1, end: 2 })
    made.thread('worker 1')
    const { packets, tracks } = new Read(made.exit(3).trace())
    expect(packets[0]?.clockSnapshot?.clocks).toMatchObject([
      { clockId: 6, timestamp: '0' },
      { clockId: 1, timestamp: '1700000000000000000' },
    ])
    const all = Array.from(tracks.values())
    expect(all[0]?.process).toMatchObject({ pid: 4711, cmdline: ['/usr/bin/node', '/app/main.js'] })
    expect(all.flatMap(({ thread }) => thread?.threadName ?? [])).toEqual(['main', 'worker 1'])
    expect(all.map(({ name }) => name)).toContain('pool "uploads" 0')
    for (const [index, { parentUuid }] of all.entries()) {
      if (parentUuid !== undefined) expect(all.slice(0, index).map(({ uuid }) => uuid)).toContain(parentUuid)
    }
  })

  it('has what is known of a task, and its waits within it', () => {
    const made = recording()
    const task = made.task(made.scope('pool', { limit: 1, from: 'f@/a.ts:1:2' }), {
      created: 1,
      start: 3,
      end: 9,
      outcome: 'failed',
      error: 'Error: no',
      name: 'item',
    })
    made.wait('permit', task, { at: 4, end: 8 })
    made.wait('sleep', task, { at: 5, end: 6 })
    const events = new Read(made.exit(10).trace()).events.filter(({ type }) => type.startsWith('TYPE_SLICE'))
    expect(events.map(({ type, name, time }) => [type.slice(11), name, time])).toEqual([
      ['BEGIN', 'item', 3],
      ['BEGIN', 'wait: permit', 4],
      ['BEGIN', 'wait: sleep', 5],
      ['END', undefined, 6],
      ['END', undefined, 8],
      ['END', undefined, 9],
    ])
    const details = Object.fromEntries(
      events[0]?.debugAnnotations?.map((one) => [one.name, one.stringValue ?? one.doubleValue]) ?? [],
    )
    expect(details).toEqual({ task: 0, outcome: 'failed', queuedMs: 2, location: 'f /a.ts:1:2', error: 'Error: no' })
  })

  it('counts how many tasks ran and were queued', () => {
    const made = recording()
    const scope = made.scope('pool', { limit: 1 })
    made.task(scope, { created: 0, start: 0, end: 5 })
    made.task(scope, { created: 1, start: 5, end: 8 })
    const { events, tracks } = new Read(made.exit(9).trace())
    const counters = byTrack(events.filter(({ type }) => type === 'TYPE_COUNTER'))
    const values = new Map(
      Array.from(counters, ([track, of]) => [
        tracks.get(track)?.name,
        of.map(({ time, counterValue }) => [time, Number(counterValue)]),
      ]),
    )
    expect(values.get('pool: running')).toEqual([
      [0, 1],
      [5, 1],
      [8, 0],
    ])
    expect(values.get('pool: queued')).toEqual([
      [1, 1],
      [5, 0],
    ])
  })

  it('leads from a task to those that it created, and from a cancellation to whom it reached', () => {
    const made = recording()
    const scope = made.scope('group', { end: 9 })
    const parent = made.task(scope, { start: 0, end: 9 })
    const child = made.task(scope, { start: 1, end: 8, parent })
    made.cancel(scope, 4, { reason: 'enough' })
    made.reach(child, scope, 5)
    const { events } = new Read(made.exit(10).trace())
    const flows = events.filter(({ flowIds, terminatingFlowIds }) => flowIds ?? terminatingFlowIds)
    expect(flows.map(({ name, flowIds = [], terminatingFlowIds = [] }) => [name, flowIds, terminatingFlowIds])).toEqual(
      [
        ['group', ['2'], []],
        ['group', [], ['2']],
        ['cancellation arrives', [], ['3']],
        ['cancel group', ['3'], []],
      ],
    )
  })

  it('has slices that nest, on every track, whatever happened, and a flow for every end of one', () => {
    assert(
      property(anyRecording(), (made) => {
        const trace = made.trace()
        const { events, tracks } = new Read(trace)
        const ran = trace.tasks.state.subarray(0, trace.tasks.length).filter((state) => state !== 0).length
        expect(events.filter(({ categories }) => categories?.[0] === 'task')).toHaveLength(ran)
        for (const [track, onTrack] of byTrack(events)) {
          expect(tracks.has(track)).toBe(true)
          const slices = onTrack.filter(({ type }) => type !== 'TYPE_COUNTER' && type !== 'TYPE_INSTANT')
          // As they stand in the file: a reader sorts by time, and leaves those of the same time in this order.
          let last = 0
          let depth = 0
          for (const { time, type } of slices) {
            expect(time).toBeGreaterThanOrEqual(last)
            last = time
            depth += type === 'TYPE_SLICE_BEGIN' ? 1 : -1
            expect(depth).toBeGreaterThanOrEqual(0)
          }
          expect(depth).toBe(0)
          const tasks = slices.filter(({ categories }) => categories?.[0] === 'task')
          if (tasks.length === 0) continue
          // No task within another one: that would say that it is a part of it.
          let taskDepth = 0
          const stack: boolean[] = []
          for (const { type, categories } of slices) {
            if (type === 'TYPE_SLICE_BEGIN') {
              stack.push(categories?.[0] === 'task')
              if (stack.at(-1)) taskDepth++
            } else if (stack.pop()) taskDepth--
            expect(taskDepth).toBeLessThanOrEqual(1)
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it('holds times and text of any size', () => {
    const made = recording()
    const scope = made.scope('group', { name: 'ä'.repeat(3000) })
    made.task(scope, { start: 5e10, end: 5e10 + 1 })
    const { events, tracks } = new Read(made.trace())
    expect(events.find(({ type }) => type === 'TYPE_SLICE_BEGIN')?.time).toBe(5e10)
    expect(Array.from(tracks.values(), ({ name }) => name)).toContain(`group "${'ä'.repeat(3000)}"`)
  })

  it('joins processes on one clock, whichever was read first', () => {
    const first = recording({ origin: 1000 })
    first.task(first.scope('group'), { start: 10, end: 20 })
    const second = recording({ origin: 900, pid: 5 })
    second.task(second.scope('group'), { start: 10, end: 20 })
    const begins = new Read(traceOf(first, second)).events.filter(({ type }) => type === 'TYPE_SLICE_BEGIN')
    expect(begins.map(({ time }) => time)).toEqual([110, 10])
  })
})
