import {
  type Cause,
  CAUSES,
  CHUNK_TYPES,
  encodeChunk,
  encodeDrops,
  encodeEnd,
  encodeHeader,
  encodeString,
  encodeThread,
  type HeaderFields,
  type Outcome,
  OUTCOMES,
  RECORD,
  RECORDS,
  type ScopeKind,
  SCOPES,
  type WaitKind,
  WAITS,
} from '@forkline/runtime/trace-format'
import { readRecording, Trace } from '@forkline/trace'

interface Raw {
  readonly kind: number
  readonly flags?: number
  readonly aux?: number
  readonly id: number
  /** In ms since the start of the recording. */
  readonly time: number
  readonly a?: number
  readonly b?: number
}

interface ScopeOptions {
  /** When it opens and ends, in ms. Without an end it stays open. */
  readonly at?: number
  readonly end?: number
  readonly outcome?: Outcome
  readonly error?: string
  readonly name?: string
  readonly limit?: number
  /** `function@file:line:column`. */
  readonly from?: string
  /** The task in which it opens. */
  readonly parent?: number
}

interface TaskOptions {
  /** When it is created; without it, it is when it starts. */
  readonly created?: number
  /** Undefined for one that is only queued. */
  readonly start?: number | undefined
  readonly end?: number
  readonly outcome?: Outcome
  readonly error?: string
  readonly slot?: number
  readonly parent?: number
  readonly name?: string
  readonly from?: string
}

interface WaitOptions {
  readonly at: number
  readonly end?: number
  readonly scope?: number
  readonly from?: string
}

/** What one thread records, in any order: it is written in the order of time. */
export class ThreadBuilder {
  readonly number: number
  readonly name: string
  readonly parent: number | undefined
  readonly records: Raw[] = []
  readonly strings = new Map<string, number>()
  #scopes = 0
  #tasks = 0
  #waits = 0
  dropped: { readonly time: number; readonly records: number; readonly strings: number } | undefined

  /** @param parent the number of the thread that started it. */
  constructor(number: number, name: string, parent?: number) {
    this.number = number
    this.name = name
    this.parent = parent
  }

  /** A number for a task of the thread that started this one. */
  alias(task: number, time: number): number {
    const id = ++this.#tasks
    this.put({ kind: RECORDS.taskAlias, id, time, a: task })
    return id
  }

  text(text: string | undefined): number {
    if (text === undefined || text === '') return 0
    const known = this.strings.get(text)
    if (known !== undefined) return known
    this.strings.set(text, this.strings.size + 1)
    return this.strings.size
  }

  put(record: Raw): void {
    this.records.push(record)
  }

  scope(
    kind: ScopeKind,
    { at = 0, end, outcome = 'ok', error, name, limit = 0, from, parent = 0 }: ScopeOptions = {},
  ): number {
    const id = ++this.#scopes
    this.put({ kind: RECORDS.scopeOpen, aux: SCOPES[kind], id, time: at, a: parent, b: this.text(from) })
    if (name !== undefined || limit > 0) {
      this.put({ kind: RECORDS.scopeInfo, id, time: at, a: this.text(name), b: limit })
    }
    if (end !== undefined) {
      this.put({ kind: RECORDS.scopeEnd, aux: OUTCOMES[outcome], id, time: end, a: this.text(error) })
    }
    return id
  }

  task(scope: number, options: TaskOptions): number {
    const { created, start, end, outcome = 'ok', error, slot = 0, parent = 0, name, from } = options
    const id = ++this.#tasks
    if (created !== undefined) this.put({ kind: RECORDS.taskCreated, id, time: created, a: scope, b: parent })
    if (name !== undefined || from !== undefined) {
      const time = created ?? start ?? 0
      // Told behind the creation, as the recorder does.
      if (created === undefined && start !== undefined) {
        this.put({ kind: RECORDS.taskStart, aux: slot, id, time: start, a: scope, b: parent })
      }
      this.put({ kind: RECORDS.taskInfo, id, time, a: this.text(name), b: this.text(from) })
      if (created !== undefined && start !== undefined)
        this.put({ kind: RECORDS.taskStart, aux: slot, id, time: start })
    } else if (start !== undefined) {
      this.put({ kind: RECORDS.taskStart, aux: slot, id, time: start, a: scope, b: parent })
    }
    if (end !== undefined) {
      this.put({ kind: RECORDS.taskEnd, aux: OUTCOMES[outcome], id, time: end, a: this.text(error) })
    }
    return id
  }

  /** A worker of a pool takes a task that waits for another. */
  steal(
    task: number,
    from: number,
    to: number,
    { at, sent = false }: { readonly at: number; readonly sent?: boolean },
  ): void {
    this.put({ kind: RECORDS.taskStolen, aux: from, id: task, time: at, a: to, b: sent ? 1 : 0 })
  }

  wait(kind: WaitKind, task: number, { at, end, scope = 0, from }: WaitOptions): number {
    const id = ++this.#waits
    this.put({ kind: RECORDS.waitBegin, aux: WAITS[kind], id, time: at, a: task, b: scope })
    if (from !== undefined) this.put({ kind: RECORDS.waitInfo, id, time: at, b: this.text(from) })
    if (end !== undefined) this.put({ kind: RECORDS.waitEnd, aux: OUTCOMES.ok, id, time: end })
    return id
  }

  cancel(
    scope: number,
    time: number,
    {
      cause = 'called',
      by = 0,
      reason,
    }: {
      readonly cause?: Cause
      readonly by?: number
      readonly reason?: string
    } = {},
  ): void {
    this.put({ kind: RECORDS.cancel, aux: CAUSES[cause], id: scope, time, a: by, b: this.text(reason) })
  }

  reach(task: number, scope: number, time: number): void {
    this.put({ kind: RECORDS.cancelReach, id: task, time, a: scope })
  }

  pause(scope: number, from: number, to?: number): void {
    this.put({ kind: RECORDS.pause, aux: 1, id: scope, time: from })
    if (to !== undefined) this.put({ kind: RECORDS.pause, aux: 0, id: scope, time: to })
  }

  level(scope: number, time: number, held: number, waiting: number): void {
    this.put({ kind: RECORDS.level, id: scope, time, a: held, b: waiting })
  }

  stall(time: number, duration: number, from?: string): void {
    this.put({ kind: RECORDS.stall, id: 0, time, a: duration * 1000, b: this.text(from) })
  }

  unhandled(
    error: string,
    time: number,
    { task = 0, from }: { readonly task?: number; readonly from?: string } = {},
  ): void {
    this.put({ kind: RECORDS.unhandled, id: task, time, a: this.text(error), b: this.text(from) })
  }

  drop(time: number, records: number, strings = 0): void {
    this.dropped = { time, records, strings }
  }
}

/** Makes recordings in a readable way. The first thread's methods are its own. */
export class RecordingBuilder extends ThreadBuilder {
  readonly #header: Partial<HeaderFields>
  readonly #threads: ThreadBuilder[] = [this]
  #end: { readonly time: number; readonly exitCode: number } | undefined

  constructor(header: Partial<HeaderFields> = {}) {
    super(0, 'main')
    this.#header = header
  }

  thread(name: string, parent: ThreadBuilder = this): ThreadBuilder {
    const thread = new ThreadBuilder(this.#threads.length, name, parent.number)
    this.#threads.push(thread)
    return thread
  }

  /** The process ends in order. Without it, the recording is one that was cut off. */
  exit(time: number, exitCode = 0): this {
    this.#end = { time, exitCode }
    return this
  }

  /** The recording, piece by piece: its header, and each chunk. */
  chunks(recordsPerChunk = Infinity): Uint8Array[] {
    const chunks = [
      encodeHeader({
        origin: 1_700_000_000_000,
        run: new Uint8Array(16).fill(0xab),
        pid: 4711,
        parentPid: 1,
        flags: 0,
        metadata: { command: ['/usr/bin/node', '/app/main.js'], node: 'v24.0.0', platform: 'linux' },
        ...this.#header,
      }),
    ]
    for (const thread of this.#threads) chunks.push(...threadChunks(thread, recordsPerChunk))
    if (this.#end !== undefined) {
      chunks.push(encodeChunk(CHUNK_TYPES.end, 0, encodeEnd(this.#end.time, this.#end.exitCode)))
    }
    return chunks
  }

  bytes(recordsPerChunk?: number): Uint8Array<ArrayBuffer> {
    return joined(this.chunks(recordsPerChunk))
  }

  trace(): Trace {
    return traceOf(this)
  }
}

export function recording(header?: Partial<HeaderFields>): RecordingBuilder {
  return new RecordingBuilder(header)
}

/** One trace of several recordings, as bytes or builders. */
export function traceOf(...recordings: readonly (RecordingBuilder | Uint8Array)[]): Trace {
  const trace = new Trace()
  for (const one of recordings) readRecording(trace, one instanceof RecordingBuilder ? one.bytes() : one)
  return trace
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

export function encodeRecords(records: readonly Raw[]): Uint8Array {
  const bytes = new Uint8Array(records.length * RECORD.size)
  const view = new DataView(bytes.buffer)
  for (const [index, { kind, flags = 0, aux = 0, id, time, a = 0, b = 0 }] of records.entries()) {
    const at = index * RECORD.size
    view.setUint8(at + RECORD.kind, kind)
    view.setUint8(at + RECORD.flags, flags)
    view.setUint16(at + RECORD.aux, aux, true)
    view.setUint32(at + RECORD.id, id, true)
    view.setFloat64(at + RECORD.time, time, true)
    view.setUint32(at + RECORD.a, a, true)
    view.setUint32(at + RECORD.b, b, true)
  }
  return bytes
}

function threadChunks({ number, name, parent, strings, records, dropped }: ThreadBuilder, most: number): Uint8Array[] {
  const chunks = [encodeChunk(CHUNK_TYPES.thread, number, encodeThread(name, number, parent))]
  const utf8 = new TextEncoder()
  const texts = Array.from(strings, ([text, id]) => encodeString(id, utf8.encode(text)))
  if (texts.length > 0) chunks.push(encodeChunk(CHUNK_TYPES.strings, number, joined(texts)))
  const sorted = records.toSorted((one, other) => one.time - other.time)
  const step = Math.min(most, Math.max(1, sorted.length))
  for (let at = 0; at < sorted.length; at += step) {
    chunks.push(encodeChunk(CHUNK_TYPES.records, number, encodeRecords(sorted.slice(at, at + step))))
  }
  if (dropped !== undefined) {
    chunks.push(encodeChunk(CHUNK_TYPES.drops, number, encodeDrops(dropped.time, dropped.records, dropped.strings)))
  }
  return chunks
}
