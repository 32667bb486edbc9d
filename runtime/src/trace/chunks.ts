import { CHUNK, CHUNK_MAGIC, checksum, HEADER, MAGIC, type Metadata, padded, VERSION } from './format.ts'

export interface HeaderFields {
  /** When the clock of the recording is 0, in ms since the Unix epoch. */
  readonly origin: number
  /** Sixteen bytes that all processes of one run share. */
  readonly run: Uint8Array
  readonly pid: number
  readonly parentPid: number
  /** Of `HEADER_FLAGS`, added up. */
  readonly flags: number
  readonly metadata: Metadata
}

/** What a recording begins with. */
export function encodeHeader(fields: HeaderFields): Uint8Array {
  const metadata = new TextEncoder().encode(JSON.stringify(fields.metadata))
  const length = padded(HEADER.size + metadata.length, 8)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint16(HEADER.major, VERSION.major, true)
  view.setUint16(HEADER.minor, VERSION.minor, true)
  view.setUint32(HEADER.length, length, true)
  view.setFloat64(HEADER.origin, fields.origin, true)
  bytes.set(fields.run.subarray(0, 16), HEADER.run)
  view.setUint32(HEADER.pid, fields.pid, true)
  view.setUint32(HEADER.parentPid, fields.parentPid, true)
  view.setUint32(HEADER.flags, fields.flags, true)
  view.setUint32(HEADER.metadataLength, metadata.length, true)
  bytes.set(metadata, HEADER.size)
  return bytes
}

/** One chunk, header and padding included. */
export function encodeChunk(type: number, thread: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CHUNK.size + padded(payload.length, 8))
  bytes.set(payload, CHUNK.size)
  return sealChunk(bytes, type, thread, payload.length)
}

/**
 * Makes a chunk of a payload in its place.
 *
 * @param bytes hold the payload from `CHUNK.size` on, with room for its padding. They begin at a multiple of four.
 * @param length of the payload, in bytes.
 * @returns the chunk, header and padding included, in the same memory.
 */
export function sealChunk(
  bytes: Uint8Array<ArrayBuffer>,
  type: number,
  thread: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const size = padded(length, 8)
  bytes.fill(0, CHUNK.size + length, CHUNK.size + size)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setUint32(CHUNK.magic, CHUNK_MAGIC, true)
  view.setUint16(CHUNK.type, type, true)
  view.setUint16(CHUNK.thread, thread, true)
  view.setUint32(CHUNK.length, length, true)
  view.setUint32(CHUNK.checksum, checksum(new Uint32Array(bytes.buffer, bytes.byteOffset + CHUNK.size, size / 4)), true)
  return bytes.subarray(0, CHUNK.size + size)
}

/** @param id which no other thread of the process has. @param parent that of the thread that started it, if any. */
export function encodeThread(name: string, id?: number, parent?: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ name, id, parent }))
}

/** @param time in ms since the clock's origin. */
export function encodeDrops(time: number, records: number, strings: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16))
  view.setFloat64(0, time, true)
  view.setUint32(8, records, true)
  view.setUint32(12, strings, true)
  return new Uint8Array(view.buffer)
}

/** @param time in ms since the clock's origin. */
export function encodeEnd(time: number, exitCode: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16))
  view.setFloat64(0, time, true)
  view.setInt32(8, exitCode, true)
  return new Uint8Array(view.buffer)
}

export function encodeString(id: number, text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + padded(text.length, 4))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, id, true)
  view.setUint32(4, text.length, true)
  bytes.set(text, 8)
  return bytes
}
