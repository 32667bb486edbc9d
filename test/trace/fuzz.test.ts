import { CHUNK, encodeChunk, encodeHeader } from '@forkline/runtime/trace-format'
import {
  chromeTrace,
  criticalPath,
  perfettoTrace,
  RecordingError,
  RecordingReader,
  ScopeTasks,
  summarise,
  Trace,
} from '@forkline/trace'
import { type Arbitrary, array, assert, boolean, constantFrom, integer, property, record } from '../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { anyRecording } from './support/anyRecording.ts'
import { joined, recording } from './support/recording.ts'
import { footprintOf } from './support/snapshot.ts'

/** `npm run nightly` sets it. */
const RUNS = Number(process.env['FORKLINE_RUNS'] ?? 400)

/** Of memory for each byte of a file, at most; and what an empty trace takes. */
const BYTES_PER_BYTE = 16
const EMPTY = 64 << 10

interface Mutation {
  /** What is done, to the bytes of one chunk or of the file, at a place in thousandths. */
  readonly what: 'set' | 'word' | 'cut' | 'repeat' | 'insert' | 'truncate'
  readonly chunk: number
  readonly at: number
  readonly length: number
  readonly value: number
  /** Whether the chunk gets a right checksum again: then what it holds is looked at. */
  readonly mended: boolean
}

const mutation: Arbitrary<Mutation> = record({
  what: constantFrom('set', 'word', 'cut', 'repeat', 'insert', 'truncate'),
  chunk: integer({ min: 0, max: 12 }),
  at: integer({ min: 0, max: 1000 }),
  length: integer({ min: 1, max: 64 }),
  value: constantFrom(0, 1, 2, 7, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 0x4b43_4c46, 1 << 24, 65_000),
  mended: boolean(),
})

function changed(bytes: Uint8Array, { what, at, length, value }: Mutation): Uint8Array {
  const place = Math.floor((bytes.length * at) / 1000)
  const copy = bytes.slice()
  if (what === 'set') copy.fill(value & 0xff, place, place + length)
  else if (what === 'word' && copy.length >= 4) {
    new DataView(copy.buffer).setUint32(Math.min(place & -4, (copy.length & -4) - 4), value, true)
  } else if (what === 'cut') return joined([bytes.subarray(0, place), bytes.subarray(place + length)])
  else if (what === 'repeat') return joined([bytes.subarray(0, place + length), bytes.subarray(place)])
  else if (what === 'insert') {
    return joined([bytes.subarray(0, place), new Uint8Array(length).fill(value & 0xff), bytes.subarray(place)])
  } else if (what === 'truncate') return bytes.slice(0, place)
  return copy
}

/** @param chunks the header of a file first, then its chunks. */
function mutated(chunks: readonly Uint8Array[], mutations: readonly Mutation[]): Uint8Array {
  const pieces = [...chunks]
  for (const one of mutations) {
    const index = one.chunk % pieces.length
    const piece = pieces[index] ?? new Uint8Array(0)
    if (!one.mended || index === 0 || piece.length < CHUNK.size) pieces[index] = changed(piece, one)
    else {
      const view = new DataView(piece.buffer, piece.byteOffset)
      const payload = changed(piece.subarray(CHUNK.size), one)
      pieces[index] = encodeChunk(view.getUint16(CHUNK.type, true), view.getUint16(CHUNK.thread, true), payload)
    }
  }
  return joined(pieces)
}

/** Reads, sums up and exports it; undefined when it is refused. */
function readAll(bytes: Uint8Array, piece: number): Trace | undefined {
  const trace = new Trace()
  try {
    const reader = new RecordingReader(trace)
    for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece))
    reader.end()
  } catch (error) {
    if (error instanceof RecordingError) return undefined
    throw error
  }
  JSON.stringify(summarise(trace))
  for (const part of perfettoTrace(trace)) if (part.length === 0) throw new Error('An empty packet')
  JSON.parse(Array.from(chromeTrace(trace)).join(''))
  const scopeTasks = new ScopeTasks(trace)
  for (let scope = 0; scope < trace.scopes.length; scope++) criticalPath(trace, scope, scopeTasks)
  return trace
}

describe('a mutated recording', () => {
  it('is read or refused, in memory bounded by its size', () => {
    const any = record({
      made: anyRecording(),
      mutations: array(mutation, { minLength: 1, maxLength: 6 }),
      piece: constantFrom(1e6, 1000, 61),
    })
    assert(
      property(any, ({ made, mutations, piece }) => {
        const bytes = mutated(made.chunks(9), mutations)
        const trace = readAll(bytes, piece)
        if (trace !== undefined) expect(footprintOf(trace)).toBeLessThan(EMPTY + BYTES_PER_BYTE * bytes.length)
      }),
      { numRuns: RUNS },
    )
  }, 3_600_000)

  it('takes no more memory for thousands of threads, or numbers that are far ahead', () => {
    const header =
      recording().chunks()[0]
      ?? encodeHeader({
        origin: 0,
        run: new Uint8Array(16),
        pid: 1,
        parentPid: 1,
        flags: 0,
        metadata: {},
      })
    const pieces = [header]
    for (let thread = 0; thread < 60_000; thread++) {
      const payload = new Uint8Array(24)
      const view = new DataView(payload.buffer)
      view.setUint8(0, 5)
      view.setUint32(4, thread % 2 === 0 ? 250 : 0xffff_fff0, true)
      pieces.push(encodeChunk(1, thread, payload))
    }
    const bytes = joined(pieces)
    const before = process.memoryUsage().arrayBuffers
    const trace = new Trace()
    const reader = new RecordingReader(trace)
    reader.push(bytes)
    reader.end()
    expect(trace.tasks.length).toBe(60_000)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000 * 1500)
  })
})
