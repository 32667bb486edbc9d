/**
 * The format of a recording, version 1, as `docs/trace-format.md` specifies it. The recorder writes it and the
 * reader in `trace/` reads it: this file is all that they share. All numbers are little-endian.
 */

/** The first eight bytes of a recording. */
export const MAGIC = [0x46, 0x4c, 0x54, 0x52, 0x41, 0x43, 0x45, 0x0a] as const

/** A reader refuses a greater major version; a greater minor one only adds records that it skips. */
export const VERSION = { major: 1, minor: 0 } as const

/** Where the fields of the file's header are, in bytes. JSON metadata of `metadataLength` bytes follows it. */
export const HEADER = {
  major: 8,
  minor: 10,
  /** Length of header and metadata, padded to a multiple of eight: where the first chunk begins. */
  length: 12,
  /** When the clock of the recording was 0, in ms since the Unix epoch, as a double. */
  origin: 16,
  /** Sixteen bytes that all processes of one run share. */
  run: 24,
  pid: 40,
  parentPid: 44,
  flags: 48,
  metadataLength: 52,
  size: 56,
} as const

export const HEADER_FLAGS = { promises: 1, race: 2 } as const

/** What the metadata says, as far as known. */
export interface Metadata {
  readonly command?: readonly string[]
  readonly cwd?: string
  readonly node?: string
  readonly platform?: string
  readonly recorder?: string
}

/** Where the fields of a chunk's header are, in bytes. Its payload follows, padded with zeros to a multiple of eight. */
export const CHUNK = {
  magic: 0,
  type: 4,
  thread: 6,
  /** Length of the payload in bytes, without the padding. */
  length: 8,
  /** `checksum` of the padded payload. */
  checksum: 12,
  size: 16,
} as const

/** "FLCK", so that a reader can find the next good chunk behind a damaged one. */
export const CHUNK_MAGIC = 0x4b434c46

export const CHUNK_TYPES = {
  /** Records of 24 bytes. */
  records: 1,
  /** Strings that records name by number: u32 number, u32 bytes, UTF-8, padded to a multiple of four. */
  strings: 2,
  /** A thread of the process: JSON with `name`. */
  thread: 3,
  /** What was dropped so far: f64 time, u32 records, u32 strings. */
  drops: 4,
  /** The recording was ended in order: f64 time, i32 exit code. */
  end: 5,
} as const

/** Where the fields of a record are, in bytes. */
export const RECORD = {
  kind: 0,
  flags: 1,
  /** A small number: a slot, an outcome, a sort of scope or wait. */
  aux: 2,
  /** What the record is about: a task, a scope or a wait. Each sort counts from 1, in each thread for itself. */
  id: 4,
  /** In ms since the clock's origin, as a double. */
  time: 8,
  a: 16,
  b: 20,
  size: 24,
} as const

/** 0 stands for "none" wherever a task, a scope or a string is meant. */
export const RECORDS = {
  /** A scope opens. aux: its `SCOPES` kind; a: the task in which; b: location (string). */
  scopeOpen: 1,
  /** More about a scope. a: name (string); b: limit, 0 when there is none. */
  scopeInfo: 2,
  /** A scope ends. aux: its `OUTCOMES`; a: error (string). */
  scopeEnd: 3,
  /** A task is created, and waits to be started. a: scope; b: the task that created it. */
  taskCreated: 4,
  /** A task starts. aux: its slot; a: scope; b: the task that created it. Without a `taskCreated` it is both. */
  taskStart: 5,
  /** A task ends. aux: its `OUTCOMES`; a: error (string). */
  taskEnd: 6,
  /** More about a task. a: name (string); b: location (string). */
  taskInfo: 7,
  /** A wait begins. Its number counts for itself. aux: its `WAITS`; a: the task that waits; b: the scope waited for. */
  waitBegin: 8,
  /** A wait ends. aux: its `OUTCOMES`. */
  waitEnd: 9,
  /** How full a lock, limiter or channel is. a: held or stored; b: waiting. */
  level: 10,
  /** A scope is cancelled. aux: its `CAUSES`; a: the task that did it; b: reason (string). */
  cancel: 11,
  /** A cancellation reaches a task: its signal aborted. a: the scope where it came from. */
  cancelReach: 12,
  /** The event loop was busy. a: for how long, in µs; b: location (string). `time` is when it began. */
  stall: 13,
  /** A rejection that nobody handled. a: error (string); b: location (string). */
  unhandled: 14,
  /** A value shared between tasks is read or written. flags: 1 when written; a: the value; b: location (string). */
  access: 15,
  /** What kept the process alive when it was asked to end. aux: how many; a: what (string). */
  alive: 16,
  /** A scope is paused (aux 1) or goes on (aux 0). */
  pause: 17,
  /** More about a wait. b: location (string). */
  waitInfo: 18,
  /** Nobody ever waited for the promise that is this task, as far as the thread's end tells. */
  unawaited: 20,
  /**
   * A task ends well, and the next one of its worker starts. aux: slot; a: scope; b: the one that ends. flags: 1 when
   * the clock was not looked at: it happened between `time` and that of the thread's next record without the flag.
   */
  taskNext: 19,
  /** A waiting task is taken from one worker by another. aux, a: the slots of both; b: 1 when it had been sent there. */
  taskStolen: 21,
  /** A task of this thread is the task a of the thread that started this one. */
  taskAlias: 22,
  /** A scope is part of another one, as a stage is of its pipeline. a: that scope. */
  scopeWithin: 23,
} as const

export type RecordKind = (typeof RECORDS)[keyof typeof RECORDS]

export const SCOPES = {
  program: 1,
  group: 2,
  pool: 3,
  stage: 4,
  semaphore: 5,
  mutex: 6,
  rateLimiter: 7,
  channel: 8,
  waitGroup: 9,
  threads: 10,
  all: 11,
  allSettled: 12,
  any: 13,
  race: 14,
  pipeline: 15,
  retry: 16,
  timeout: 17,
  singleFlight: 18,
  http: 19,
  fetch: 20,
  worker: 21,
  timer: 22,
  limiter: 23,
  queue: 24,
  promises: 25,
  context: 26,
} as const

export type ScopeKind = keyof typeof SCOPES

export const OUTCOMES = { ok: 0, failed: 1, cancelled: 2 } as const

export type Outcome = keyof typeof OUTCOMES

export const WAITS = {
  slot: 1,
  permit: 2,
  lock: 3,
  rate: 4,
  send: 5,
  receive: 6,
  sleep: 7,
  group: 8,
  backpressure: 9,
  retry: 10,
  promise: 11,
  flight: 12,
} as const

export type WaitKind = keyof typeof WAITS

export const CAUSES = { called: 1, failed: 2, timedOut: 3, parent: 4, left: 5, disposed: 6, closed: 7 } as const

export type Cause = keyof typeof CAUSES

/** FNV-1a over 32-bit words: enough to tell a torn or garbled chunk from a good one. */
export function checksum(words: Uint32Array): number {
  let hash = 0x811c9dc5
  // An indexed loop: it goes over every byte of a recording, and an iterator takes five times as long.
  for (let index = 0; index < words.length; index++) hash = Math.imul(hash ^ (words[index] ?? 0), 0x01000193)
  return hash >>> 0
}

/** The next multiple of `unit`, a power of two. */
export function padded(length: number, unit: number): number {
  return (length + unit - 1) & -unit
}
