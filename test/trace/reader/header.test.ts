import { encodeHeader, HEADER, MAGIC } from '@forkline/runtime/trace-format'
import { readHeader, RecordingError } from '@forkline/trace'
import { describe, expect, it } from 'vitest'
import { recording, traceOf } from '../support/recording.ts'

const FIELDS = {
  origin: 1_700_000_000_000.25,
  run: Uint8Array.from({ length: 16 }, (_, index) => index),
  pid: 42,
  parentPid: 7,
  flags: 1,
  metadata: { command: ['node', 'ä b.js'], cwd: '/tmp', node: 'v24.1.0' },
}

function failing(bytes: Uint8Array): RecordingError {
  try {
    traceOf(bytes)
  } catch (error) {
    if (error instanceof RecordingError) return error
  }
  throw new Error('It was read, or failed in another way')
}

describe('the header', () => {
  it('is read as it was written', () => {
    const bytes = encodeHeader(FIELDS)
    expect(readHeader(bytes)).toEqual({
      version: '1.0',
      origin: FIELDS.origin,
      run: '000102030405060708090a0b0c0d0e0f',
      pid: 42,
      parentPid: 7,
      promises: true,
      metadata: FIELDS.metadata,
      length: bytes.length,
    })
  })

  it('needs more bytes as long as it is not whole', () => {
    const bytes = encodeHeader(FIELDS)
    for (let length = 0; length < bytes.length; length++) expect(readHeader(bytes.subarray(0, length))).toBeUndefined()
  })

  it('leaves out metadata that makes no sense', () => {
    const bytes = encodeHeader({ ...FIELDS, metadata: { cwd: 5, command: 'x', node: 'v1', secret: 'y' } as never })
    expect(readHeader(bytes)?.metadata).toEqual({ node: 'v1' })
    bytes[HEADER.size] = 0xff
    expect(readHeader(bytes)?.metadata).toEqual({})
  })

  it('takes an origin that is no time for 0', () => {
    for (const origin of [NaN, Infinity, 1e300, -1]) {
      expect(readHeader(encodeHeader({ ...FIELDS, origin }))?.origin).toBe(0)
    }
  })
})

describe('a file that is no recording', () => {
  it('is refused when it is empty', () => {
    expect(failing(new Uint8Array(0))).toMatchObject({ code: 'empty' })
  })

  it('is refused when it is something else, from the first wrong byte on', () => {
    expect(failing(new TextEncoder().encode('{"traceEvents":[]}'))).toMatchObject({ code: 'foreign' })
    expect(failing(new TextEncoder().encode('FX'))).toMatchObject({ code: 'foreign' })
  })

  it('is refused when it ends within the header', () => {
    expect(failing(encodeHeader(FIELDS).subarray(0, 30))).toMatchObject({
      code: 'truncated',
      message: expect.stringContaining('after 30 bytes') as string,
    })
  })

  it('is refused when it is of a later format, and says so', () => {
    const bytes = encodeHeader(FIELDS)
    new DataView(bytes.buffer).setUint16(HEADER.major, 2, true)
    expect(failing(bytes)).toMatchObject({
      code: 'future',
      message: expect.stringContaining('update Forkline') as string,
    })
  })

  it('is read when only the minor version is later', () => {
    const bytes = recording().exit(1).bytes()
    new DataView(bytes.buffer).setUint16(HEADER.minor, 9, true)
    expect(traceOf(bytes).recordings[0]).toMatchObject({ exitCode: 0, header: { version: '1.9' } })
  })

  it('is refused when its lengths make no sense, without waiting for more', () => {
    for (const [at, value] of [
      [HEADER.length, 0xffff_fff8],
      [HEADER.length, 60],
      [HEADER.metadataLength, 0xffff_ffff],
    ] as const) {
      const bytes = encodeHeader(FIELDS)
      new DataView(bytes.buffer).setUint32(at, value, true)
      expect(failing(bytes)).toMatchObject({ code: 'foreign', message: expect.stringContaining('lengths') as string })
    }
  })

  it('is told from one whose line ends were converted', () => {
    const bytes = Uint8Array.from([...MAGIC.slice(0, 7), 0x0d, 0x0a, ...encodeHeader(FIELDS).subarray(8)])
    expect(failing(bytes)).toMatchObject({ message: expect.stringContaining('line ends') as string })
  })
})
