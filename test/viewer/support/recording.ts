import { CHUNK_TYPES, OUTCOMES, RECORD, RECORDS, SCOPES, type ScopeKind } from '../../../runtime/src/trace/format.ts'
import { encodeChunk, encodeEnd, encodeHeader, encodeThread } from '../../../runtime/src/trace/chunks.ts'

/** So many records lie in a chunk. */
const PER_CHUNK = 4096

/** Writes the bytes of a recording, record by record: what the recorder does, without a program. */
export class RecordingBuilder {
  readonly #chunks: Uint8Array[] = []
  #records = new Uint8Array(PER_CHUNK * RECORD.size)
  #view = new DataView(this.#records.buffer)
  #count = 0
  #strings: Uint8Array[] = []
  #texts = 0
  #scopes = 0
  #tasks = 0
  #waits = 0

  constructor(command: readonly string[] = ['node', 'app.js']) {
    this.#chunks.push(
      encodeHeader({
        origin: Date.UTC(2026, 0, 1),
        run: new Uint8Array(16).fill(7),
        pid: 1,
        parentPid: 0,
        flags: 0,
        metadata: { command },
      }),
    )
    this.#chunks.push(encodeChunk(CHUNK_TYPES.thread, 0, encodeThread('main')))
  }

  text(value: string): number {
    const bytes = new TextEncoder().encode(value)
    const length = (bytes.length + 3) & -4
    const entry = new Uint8Array(8 + length)
    const view = new DataView(entry.buffer)
    view.setUint32(0, ++this.#texts, true)
    view.setUint32(4, bytes.length, true)
    entry.set(bytes, 8)
    this.#strings.push(entry)
    return this.#texts
  }

  put(kind: number, aux: number, id: number, time: number, a = 0, b = 0): void {
    const at = this.#count * RECORD.size
    this.#view.setUint8(at + RECORD.kind, kind)
    this.#view.setUint16(at + RECORD.aux, aux, true)
    this.#view.setUint32(at + RECORD.id, id, true)
    this.#view.setFloat64(at + RECORD.time, time, true)
    this.#view.setUint32(at + RECORD.a, a, true)
    this.#view.setUint32(at + RECORD.b, b, true)
    if (++this.#count === PER_CHUNK) this.flush()
  }

  scope(kind: ScopeKind, name: string, time: number, { limit = 0, task = 0, location = '' } = {}): number {
    const scope = ++this.#scopes
    this.put(RECORDS.scopeOpen, SCOPES[kind], scope, time, task, location === '' ? 0 : this.text(location))
    this.put(RECORDS.scopeInfo, 0, scope, time, name === '' ? 0 : this.text(name), limit)
    return scope
  }

  endScope(scope: number, time: number, outcome: keyof typeof OUTCOMES = 'ok'): void {
    this.put(RECORDS.scopeEnd, OUTCOMES[outcome], scope, time)
  }

  queue(scope: number, time: number, parent = 0): number {
    const task = ++this.#tasks
    this.put(RECORDS.taskCreated, 0, task, time, scope, parent)
    return task
  }

  start(
    scope: number,
    time: number,
    { slot = 0, parent = 0, task = ++this.#tasks, name = '', location = '' } = {},
  ): number {
    this.put(RECORDS.taskStart, slot, task, time, scope, parent)
    if (name !== '' || location !== '') {
      this.put(
        RECORDS.taskInfo,
        0,
        task,
        time,
        name === '' ? 0 : this.text(name),
        location === '' ? 0 : this.text(location),
      )
    }
    return task
  }

  end(task: number, time: number, outcome: keyof typeof OUTCOMES = 'ok', error = ''): void {
    this.put(RECORDS.taskEnd, OUTCOMES[outcome], task, time, error === '' ? 0 : this.text(error))
  }

  wait(kind: number, task: number, scope: number, from: number, to: number): void {
    const wait = ++this.#waits
    this.put(RECORDS.waitBegin, kind, wait, from, task, scope)
    this.put(RECORDS.waitEnd, 0, wait, to)
  }

  flush(): void {
    if (this.#strings.length > 0) {
      const all = new Uint8Array(this.#strings.reduce((sum, { length }) => sum + length, 0))
      let at = 0
      for (const entry of this.#strings) {
        all.set(entry, at)
        at += entry.length
      }
      this.#chunks.push(encodeChunk(CHUNK_TYPES.strings, 0, all))
      this.#strings = []
    }
    if (this.#count === 0) return
    this.#chunks.push(encodeChunk(CHUNK_TYPES.records, 0, this.#records.slice(0, this.#count * RECORD.size)))
    this.#count = 0
  }

  /** @param end when the program ended; undefined for one that was cut off. In ms. */
  bytes(end?: number): Uint8Array {
    this.flush()
    if (end !== undefined) this.#chunks.push(encodeChunk(CHUNK_TYPES.end, 0, encodeEnd(end, 0)))
    const all = new Uint8Array(this.#chunks.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const chunk of this.#chunks) {
      all.set(chunk, at)
      at += chunk.length
    }
    return all
  }
}
