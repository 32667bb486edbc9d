import { CHUNK, CHUNK_MAGIC, CHUNK_TYPES, encodeChunk } from '@forkline/runtime/trace-format'
import { RecordingReader, Trace } from '@forkline/trace'
import { assert, integer, property, array } from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { joined, recording, type RecordingBuilder, traceOf } from '../support/recording.ts'
import { contentsOf } from '../support/snapshot.ts'

function sample(tasks = 40): RecordingBuilder {
  const made = recording()
  const scope = made.scope('pool', { name: 'uploads', limit: 2, from: 'main@/app/main.ts:3:5', end: tasks + 1 })
  for (let time = 0; time < tasks; time++)
    made.task(scope, { created: 0, start: time, end: time + 1, name: `item ${String(time)}` })
  return made.exit(tasks + 2)
}

function readInPieces(bytes: Uint8Array, cuts: readonly number[]): Trace {
  const trace = new Trace()
  const reader = new RecordingReader(trace)
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (const [index, from] of places.slice(0, -1).entries()) reader.push(bytes.slice(from, places[index + 1]))
  reader.end()
  return trace
}

describe('streaming', () => {
  it('gives the same in pieces of any size as whole', () => {
    const bytes = sample().bytes(7)
    const whole = contentsOf(traceOf(bytes))
    assert(
      property(array(integer({ min: 0, max: bytes.length }), { maxLength: 30 }), (cuts) => {
        expect(contentsOf(readInPieces(bytes, cuts))).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same byte by byte', () => {
    const bytes = sample(5).bytes(2)
    expect(
      contentsOf(
        readInPieces(
          bytes,
          Array.from(bytes, (_, index) => index),
        ),
      ),
    ).toEqual(contentsOf(traceOf(bytes)))
  })

  it('gives the same in pieces where it is damaged', () => {
    const bytes = sample().bytes(7)
    bytes.fill(0x55, 900, 1000)
    const whole = contentsOf(traceOf(bytes))
    assert(
      property(array(integer({ min: 0, max: bytes.length }), { maxLength: 30 }), (cuts) => {
        expect(contentsOf(readInPieces(bytes, cuts))).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a prefix', () => {
  it('can always be read behind the header, and holds no more than the whole', () => {
    const made = sample()
    const [header] = made.chunks()
    const bytes = made.bytes(7)
    for (let length = header?.length ?? 0; length <= bytes.length; length += 3) {
      const trace = traceOf(bytes.subarray(0, length))
      expect(trace.tasks.length).toBeLessThanOrEqual(40)
      expect(trace.recordings[0]?.damage.every(({ kind }) => kind === 'cut off')).toBe(true)
      expect(trace.recordings[0]?.nonsense).toBe(0)
    }
  })

  it('that ends between two chunks is not damaged, only not ended', () => {
    const trace = traceOf(joined(sample().chunks(7).slice(0, 4)))
    expect(trace.recordings[0]).toMatchObject({ damage: [], exitCode: undefined })
    expect(trace.complete).toBe(false)
  })

  it('that ends within a chunk says where the good part ends', () => {
    const chunks = sample().chunks(7)
    const good = joined(chunks.slice(0, -1))
    const trace = traceOf(joined([good, (chunks.at(-1) ?? good).subarray(0, 20)]))
    expect(trace.recordings[0]?.damage).toEqual([
      { kind: 'cut off', offset: good.length, length: 20, reason: 'The recording ends within a chunk' },
    ])
  })
})

describe('damage', () => {
  it('costs the chunk that it is in, and no other', () => {
    const chunks = sample().chunks(10)
    const at = chunks.slice(0, 4).reduce((sum, { length }) => sum + length, 0)
    const bytes = joined(chunks)
    bytes.set([0xff, 0xfe], at + CHUNK.size + 5)
    const trace = traceOf(bytes)
    expect(trace.recordings[0]).toMatchObject({
      exitCode: 0,
      damage: [{ kind: 'garbled', offset: at, length: chunks[4]?.length, reason: 'The checksum of a chunk is wrong' }],
      read: { chunks: chunks.length - 2 },
    })
  })

  it('of a length is found out, whether it is too great or only wrong', () => {
    for (const [length, reason] of [
      [1 << 30, 'A chunk of 1073741824 bytes cannot be'],
      [5000, 'The length of a chunk is wrong'],
      [24, 'The checksum of a chunk is wrong'],
    ] as const) {
      const chunks = sample(10).chunks(10)
      const at = chunks.slice(0, 3).reduce((sum, { length }) => sum + length, 0)
      const bytes = joined(chunks)
      new DataView(bytes.buffer).setUint32(at + CHUNK.length, length, true)
      expect(traceOf(bytes).recordings[0]).toMatchObject({
        exitCode: 0,
        damage: [{ kind: 'garbled', offset: at, reason }],
      })
    }
  })

  it('by bytes lost or gained leaves what comes behind readable, wherever it then begins', () => {
    const chunks = sample().chunks(10)
    for (const change of [chunks[4]?.subarray(3), joined([Uint8Array.of(1, 2, 3), chunks[4] ?? Uint8Array.of()])]) {
      const trace = traceOf(joined(chunks.map((chunk, index) => (index === 4 ? (change ?? chunk) : chunk))))
      expect(trace.recordings[0]?.exitCode).toBe(0)
      expect(trace.recordings[0]?.damage).toHaveLength(1)
    }
  })

  it('does not take bytes of a payload for a chunk of its own', () => {
    const inner = encodeChunk(CHUNK_TYPES.end, 0, new Uint8Array(16))
    const unknown = encodeChunk(999, 0, inner)
    expect(traceOf(joined([...sample().chunks().slice(0, 2), unknown])).recordings[0]?.exitCode).toBeUndefined()
  })

  it('is not worked on without end in a file that is all beginnings of long chunks', () => {
    const [header = Uint8Array.of()] = sample().chunks()
    const bytes = new Uint8Array(24 << 20)
    const view = new DataView(bytes.buffer)
    for (let at = 0; at < bytes.length; at += 16) {
      view.setUint32(at, CHUNK_MAGIC, true)
      view.setUint32(at + CHUNK.length, (bytes.length - at - 16) & 0xfffff8, true)
    }
    const trace = traceOf(joined([header, bytes]))
    expect(trace.recordings[0]?.damage).toMatchObject([{ offset: header.length, length: bytes.length }])
  })
})
