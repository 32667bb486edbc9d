import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { RECORD, RECORDS } from '../../../runtime/src/trace/format.ts'
import { CONTROL, type Moment, Ring, ringMemory } from '../../../runtime/src/trace/ring.ts'
import { Texts } from '../../../runtime/src/trace/texts.ts'

/** A time, as rings take it. */
const at = (ms: number): Moment => Float64Array.of(ms)

function idsOf(records: Uint8Array): number[] {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength)
  return Array.from({ length: records.length / RECORD.size }, (_, index) =>
    view.getUint32(index * RECORD.size + RECORD.id, true),
  )
}

/** All records that there are, taken in pieces of seven. */
function takeRecords(ring: Ring): Uint8Array {
  const piece = new Uint8Array(7 * RECORD.size + 5)
  const taken: number[] = []
  const { recordsPut } = ring
  for (let length = ring.takeRecords(recordsPut, piece); length > 0; length = ring.takeRecords(recordsPut, piece)) {
    taken.push(...piece.subarray(0, length))
  }
  return Uint8Array.from(taken)
}

function textsOf(bytes: Uint8Array): Map<number, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const texts = new Map<number, string>()
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at + 4, true)
    texts.set(view.getUint32(at, true), new TextDecoder().decode(bytes.subarray(at + 8, at + 8 + length)))
    at += 8 + ((length + 3) & -4)
  }
  return texts
}

describe('the ring', () => {
  it.each([
    ['one place', ringMemory(32, 64)],
    ['a small place and a large one', ringMemory(8, 64, 32)],
  ])(
    'of %s hands over what is put, in order, however puts and takes alternate, and counts the rest',
    (_, { shared, ...sizes }) => {
      fc.assert(
        fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 60 }), (batches) => {
          const ring = new Ring({ shared: new SharedArrayBuffer(shared.byteLength), ...sizes })
          let put = 0
          const expected: number[] = []
          const taken: number[] = []
          for (const batch of batches) {
            for (let index = 0; index < batch; index++) {
              put++
              ring.put(RECORDS.level, put, at(put / 2), 0, 0)
              if (index < 32) expected.push(put)
            }
            taken.push(...idsOf(takeRecords(ring)))
          }
          expect(taken).toEqual(expected)
          expect(Atomics.load(ring.control, CONTROL.recordsDropped)).toBe(put - expected.length)
        }),
      )
    },
  )

  it('keeps to the small place as long as that is emptied in time', () => {
    const memory = ringMemory(8, 64, 32)
    const ring = new Ring(memory)
    for (let id = 1; id <= 80; id++) {
      ring.put(RECORDS.level, id, at(id), 0, 0)
      if (id % 8 === 0) expect(idsOf(takeRecords(ring))).toEqual(Array.from({ length: 8 }, (_, at) => id - 7 + at))
    }
    const large = new Uint8Array(memory.shared, memory.shared.byteLength - 32 * RECORD.size)
    expect(large.every((byte) => byte === 0)).toBe(true)
  })

  it.each([
    ['one place', 32, 0],
    ['a small place and a large one', 8, 32],
  ])('of %s goes on where the counters of positions wrap around', (_, records, more) => {
    const memory = ringMemory(records, 64, more)
    const control = new Int32Array(memory.shared, 0, CONTROL.words)
    for (const at of [CONTROL.recordsPut, CONTROL.recordsTaken]) Atomics.store(control, at, 0x7fffffff - 31)
    const ring = new Ring(memory)
    for (let id = 1; id <= 80; id++) {
      ring.put(RECORDS.level, id, at(0), 0, 0)
      if (id % 20 === 0) expect(idsOf(takeRecords(ring))).toEqual(Array.from({ length: 20 }, (_, at) => id - 19 + at))
    }
    expect(Atomics.load(control, CONTROL.recordsDropped)).toBe(0)
  })
})

describe('the strings', () => {
  it('are put once, and come with the records that name them', () => {
    const ring = new Ring(ringMemory(32, 1024))
    const texts = new Texts(ring)
    const first = texts.number('straße 🚂')
    expect(texts.number('straße 🚂')).toBe(first)
    expect(texts.number('')).toBe(0)
    expect(texts.number(undefined)).toBe(0)
    expect(textsOf(ring.takeText())).toEqual(new Map([[first, 'straße 🚂']]))
  })

  it('are given up while there is no room, and put later when there is', () => {
    const ring = new Ring(ringMemory(32, 64))
    const texts = new Texts(ring)
    expect(texts.number('a'.repeat(40))).toBe(1)
    expect(texts.number('b'.repeat(40))).toBe(0)
    expect(Atomics.load(ring.control, CONTROL.textDropped)).toBe(1)
    ring.takeText()
    const later = texts.number('b'.repeat(40))
    expect(textsOf(ring.takeText())).toEqual(new Map([[later, 'b'.repeat(40)]]))
  })

  it('are cut when they are long, and bounded in all', () => {
    const ring = new Ring(ringMemory(32, 1 << 20))
    const texts = new Texts(ring)
    const long = texts.number('x'.repeat(100_000))
    expect(textsOf(ring.takeText()).get(long)).toBe(`${'x'.repeat(4096)}…`)
    const numbers = new Set<number>()
    for (let index = 0; index < 2000; index++) {
      numbers.add(texts.number(`${String(index)}${'y'.repeat(4000)}`))
      ring.takeText()
    }
    expect(numbers.size).toBeLessThan(600)
    expect(Atomics.load(ring.control, CONTROL.textDropped)).toBe(0)
  })
})
