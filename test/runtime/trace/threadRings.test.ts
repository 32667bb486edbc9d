import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readRecording, Trace } from '@forkline/trace'
import { encodeHeader } from '../../../runtime/src/trace/chunks.ts'
import { RECORDS, SCOPES } from '../../../runtime/src/trace/format.ts'
import { Output } from '../../../runtime/src/trace/output.ts'
import { identityOf } from '../../../runtime/src/trace/recordingFile.ts'
import { CONTROL, type Moment, Ring, ringMemory } from '../../../runtime/src/trace/ring.ts'
import { ThreadRings } from '../../../runtime/src/trace/threadRings.ts'

/** A time, as rings take it. */
const at = (ms: number): Moment => Float64Array.of(ms)

/** An output into a file, and what can be read in it so far. */
function output(rings: ThreadRings) {
  const folder = mkdtempSync(join(tmpdir(), 'forkline-rings-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const path = join(folder, 'a.fltrace')
  const memory = ringMemory(1 << 10, 1 << 10)
  const fd = openSync(path, 'wx')
  const header = encodeHeader({ origin: 0, run: new Uint8Array(16), pid: 1, parentPid: 0, flags: 0, metadata: {} })
  const file = { fd, identity: identityOf(fd), path: undefined }
  const main = { id: 0, parent: undefined, name: 'main', memory }
  const out = new Output(file, 0, main, rings, (error) => {
    throw error as Error
  })
  const read = (): Trace => {
    out.drain()
    out.end(0)
    const trace = new Trace()
    readRecording(trace, Buffer.concat([header, readFileSync(path)]))
    return trace
  }
  return { out, main: new Ring(memory), read }
}

describe('the rings of threads', () => {
  it('are taken by threads, seen by the writer once, and free again only when it has written all', () => {
    const shared = ThreadRings.memory()
    const writer = new ThreadRings(shared)
    const first = new ThreadRings(shared).take(5, 0)
    expect([...writer.arrived()]).toEqual([first])
    expect([...writer.arrived()]).toEqual([])
    expect(first).toMatchObject({ id: 5, parent: 0, name: 'worker 5' })
    if (first === undefined) return
    new Ring(first.memory).put(RECORDS.level, 1, at(1), 0, 0)
    new ThreadRings(shared).end(5, 3)
    const { control } = new Ring(first.memory)
    expect(Atomics.load(control, CONTROL.ended)).toBe(4)
    writer.free(first)
    const second = new ThreadRings(shared).take(6, 5)
    expect(second?.memory).toEqual(first.memory)
    expect([...control]).toEqual([...control].fill(0))
  })

  it('do not overlap, and are refused when all are taken', () => {
    const rings = new ThreadRings(ThreadRings.memory())
    const taken = new Set<number>()
    for (let id = 1; id <= 128; id++) taken.add(rings.take(id, 0)?.memory.offset ?? -1)
    expect(taken.size).toBe(128)
    expect(rings.take(129, 0)).toBeUndefined()
  })

  it('wake the writer of the main one when they fill up', () => {
    const own = new ThreadRings(ThreadRings.memory()).take(1, 0)
    if (own === undefined) throw new Error('there is room')
    const bell = new Int32Array(ringMemory(8, 8).shared, 0, CONTROL.words)
    const ring = new Ring(own.memory, bell)
    for (let id = 0; id < own.memory.records; id++) ring.put(RECORDS.level, id, at(0), 0, 0)
    expect(Atomics.load(bell, CONTROL.wake)).toBe(8)
  })

  it('go into the file behind what their threads were told by the one that started them', () => {
    const shared = ThreadRings.memory()
    const rings = new ThreadRings(shared)
    const { out, main, read } = output(rings)
    const own = new ThreadRings(shared).take(1, 0)
    if (own === undefined) throw new Error('there is room')
    const worker = new Ring(own.memory)
    main.put(RECORDS.scopeOpen | (SCOPES.threads << 16), 1, at(1), 0, 0)
    main.put(RECORDS.taskCreated, 1, at(2), 1, 0)
    worker.put(RECORDS.taskAlias, 1, at(3), 1, 0)
    worker.put(RECORDS.scopeOpen | (SCOPES.all << 16), 1, at(4), 1, 0)
    out.drain()
    const trace = read()
    expect(trace.recordings[0]).toMatchObject({ nonsense: 0, damage: [] })
    expect(trace.threads.map(({ name }) => name)).toEqual(['main', 'worker 1'])
    expect(Array.from(trace.scopes.parent.subarray(0, trace.scopes.length))).toEqual([0, 1])
  })
})
