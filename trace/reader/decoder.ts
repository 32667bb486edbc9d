import { CHUNK_TYPES, OUTCOMES, RECORD, RECORDS } from '@forkline/runtime/trace-format'
import { Rows } from '../model/rows.ts'
import { TASK_STATES } from '../model/tables.ts'
import type { Recording, Trace } from '../model/trace.ts'
import type { Chunk } from './scanner.ts'

/** Numbers that the recorder gives out per thread: which rows and strings they stand for. */
class ThreadNumbers {
  readonly thread: number
  readonly tasks = new Rows()
  readonly scopes = new Rows()
  readonly strings = new Map<number, number>()
  /** Waits that have not ended, by task, kind and scope. */
  readonly waits = new Map<string, number[]>()
  readonly dropped = { records: 0, strings: 0 }

  constructor(thread: number) {
    this.thread = thread
  }
}

const STATE_OF_OUTCOME = [TASK_STATES.ok, TASK_STATES.failed, TASK_STATES.cancelled] as const

/** Puts the chunks of one recording into the tables of a trace. It trusts no number: what makes no sense is counted. */
export class Decoder {
  readonly #trace: Trace
  readonly #recording: Recording
  readonly #index: number
  readonly #threads = new Map<number, ThreadNumbers>()
  readonly #text = new TextDecoder()

  constructor(trace: Trace, recording: Recording) {
    this.#trace = trace
    this.#recording = recording
    this.#index = trace.recordings.push(recording) - 1
  }

  chunk({ type, thread, payload }: Chunk): void {
    switch (type) {
      case CHUNK_TYPES.records:
        this.#records(payload, this.#numbers(thread))
        break
      case CHUNK_TYPES.strings:
        this.#strings(payload, this.#numbers(thread))
        break
      case CHUNK_TYPES.thread:
        this.#thread(payload, this.#numbers(thread))
        break
      case CHUNK_TYPES.drops:
        this.#drops(payload, this.#numbers(thread))
        break
      case CHUNK_TYPES.end:
        this.#end(payload)
        break
      default:
        // Of a later minor version.
    }
  }

  #numbers(thread: number): ThreadNumbers {
    let numbers = this.#threads.get(thread)
    if (numbers === undefined) {
      const row = this.#trace.threads.push({ name: `thread ${String(thread)}`, recording: this.#index }) - 1
      numbers = new ThreadNumbers(row)
      this.#threads.set(thread, numbers)
    }
    return numbers
  }

  #strings(payload: Uint8Array, numbers: ThreadNumbers): void {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
    for (let at = 0; at + 8 <= payload.length;) {
      const id = view.getUint32(at, true)
      const length = view.getUint32(at + 4, true)
      if (length > payload.length - at - 8) {
        this.#recording.nonsense++
        return
      }
      numbers.strings.set(id, this.#trace.strings.add(this.#text.decode(payload.subarray(at + 8, at + 8 + length))))
      at += 8 + ((length + 3) & -4)
    }
  }

  #thread(payload: Uint8Array, numbers: ThreadNumbers): void {
    try {
      const json = JSON.parse(this.#text.decode(payload)) as unknown
      const name = typeof json === 'object' && json !== null ? (json as { name?: unknown }).name : undefined
      if (typeof name === 'string') this.#trace.threads[numbers.thread] = { name, recording: this.#index }
    } catch {
      this.#recording.nonsense++
    }
  }

  #drops(payload: Uint8Array, numbers: ThreadNumbers): void {
    if (payload.length < 16) return
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
    const records = view.getUint32(8, true)
    const strings = view.getUint32(12, true)
    this.#trace.dropped.records += Math.max(0, records - numbers.dropped.records)
    this.#trace.dropped.strings += Math.max(0, strings - numbers.dropped.strings)
    numbers.dropped.records = records
    numbers.dropped.strings = strings
  }

  #end(payload: Uint8Array): void {
    if (payload.length < 12) return
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
    this.#recording.exitCode = view.getInt32(8, true)
    this.#timeOf(view.getFloat64(0, true))
  }

  #records(payload: Uint8Array, numbers: ThreadNumbers): void {
    const count = Math.floor(payload.length / RECORD.size)
    const words = new Uint32Array(payload.buffer, payload.byteOffset, count * 6)
    const times = new Float64Array(payload.buffer, payload.byteOffset, count * 3)
    for (let index = 0; index < count; index++) {
      const head = words[index * 6] ?? 0
      const time = this.#timeOf(times[index * 3 + 1] ?? NaN)
      if (Number.isNaN(time)) {
        this.#recording.nonsense++
        continue
      }
      const word = index * 6
      this.#record(numbers, head & 0xff, head >>> 16, words[word + 1] ?? 0, time, words[word + 4] ?? 0, words[word + 5] ?? 0)
    }
  }

  /** The time on the trace's clock, in ms; NaN for one that no clock of a program gives. */
  #timeOf(time: number): number {
    if (!(time >= 0 && time < 1e12)) return NaN
    const shifted = time + this.#recording.shift
    if (shifted > this.#trace.end) this.#trace.end = shifted
    return shifted
  }

  #record(
    numbers: ThreadNumbers, kind: number, aux: number, id: number, time: number, a: number, b: number,
  ): void {
    switch (kind) {
      case RECORDS.taskCreated:
        this.#taskCreated(numbers, id, time, a, b)
        break
      case RECORDS.taskStart:
        this.#taskStart(numbers, id, time, aux, a, b)
        break
      case RECORDS.taskEnd:
        this.#taskEnd(numbers, id, time, aux, a)
        break
      case RECORDS.taskInfo:
        this.#taskInfo(numbers, id, a, b)
        break
      case RECORDS.scopeOpen:
        this.#scopeOpen(numbers, id, time, aux, a, b)
        break
      case RECORDS.scopeInfo:
        this.#scopeInfo(numbers, id, a, b)
        break
      case RECORDS.scopeEnd:
        this.#scopeEnd(numbers, id, time, aux, a)
        break
      case RECORDS.waitBegin:
        this.#waitBegin(numbers, id, time, aux, a, b)
        break
      case RECORDS.waitEnd:
        this.#waitEnd(numbers, id, time, aux, a)
        break
      default:
        this.#rare(numbers, kind, aux, id, time, a, b)
    }
  }

  /** Records that come seldom, each a row of a table of its own. Those of a later minor version are skipped. */
  #rare(numbers: ThreadNumbers, kind: number, aux: number, id: number, time: number, a: number, b: number): void {
    const { trace, text } = { trace: this.#trace, text: (number: number) => numbers.strings.get(number) ?? 0 }
    switch (kind) {
      case RECORDS.level:
        trace.levels.scope.push(numbers.scopes.of(id))
        trace.levels.held.push(a)
        trace.levels.waiting.push(b)
        trace.levels.time.push(time)
        break
      case RECORDS.cancel:
        trace.cancels.scope.push(numbers.scopes.of(id))
        trace.cancels.cause.push(aux)
        trace.cancels.by.push(numbers.tasks.of(a))
        trace.cancels.reason.push(text(b))
        trace.cancels.time.push(time)
        break
      case RECORDS.cancelReach:
        trace.reaches.task.push(numbers.tasks.of(id))
        trace.reaches.scope.push(numbers.scopes.of(a))
        trace.reaches.time.push(time)
        break
      case RECORDS.stall:
        trace.stalls.start.push(time)
        trace.stalls.duration.push(a / 1000)
        trace.stalls.location.push(text(b))
        trace.stalls.thread.push(numbers.thread)
        break
      case RECORDS.unhandled:
        trace.unhandled.task.push(numbers.tasks.of(id))
        trace.unhandled.error.push(text(a))
        trace.unhandled.location.push(text(b))
        trace.unhandled.time.push(time)
        break
      case RECORDS.pause:
        trace.pauses.scope.push(numbers.scopes.of(id))
        trace.pauses.paused.push(aux === 0 ? 0 : 1)
        trace.pauses.time.push(time)
        break
      case RECORDS.alive:
        trace.alive.count.push(aux)
        trace.alive.what.push(text(a))
        trace.alive.time.push(time)
        break
      default:
    }
  }

  #taskCreated(numbers: ThreadNumbers, id: number, time: number, scope: number, parent: number): void {
    if (id === 0 || numbers.tasks.of(id) !== 0) {
      this.#recording.nonsense++
      return
    }
    const { tasks } = this.#trace
    numbers.tasks.set(id, tasks.start.push(time))
    tasks.scope.push(numbers.scopes.of(scope))
    tasks.parent.push(numbers.tasks.of(parent))
    tasks.queued.push(0)
    tasks.end.push(NaN)
    tasks.slot.push(0)
    tasks.state.push(TASK_STATES.queued)
    tasks.thread.push(numbers.thread)
  }

  #taskStart(numbers: ThreadNumbers, id: number, time: number, slot: number, scope: number, parent: number): void {
    const { tasks } = this.#trace
    let place = numbers.tasks.of(id)
    if (place === 0) {
      this.#taskCreated(numbers, id, time, scope, parent)
      place = numbers.tasks.of(id)
      if (place === 0) return
    }
    const row = place - 1
    if (tasks.state.at(row) !== TASK_STATES.queued) {
      this.#recording.nonsense++
      return
    }
    tasks.queued.set(row, Math.max(0, time - tasks.start.at(row)))
    tasks.start.set(row, time)
    tasks.slot.set(row, slot)
    tasks.state.set(row, TASK_STATES.running)
  }

  #taskEnd(numbers: ThreadNumbers, id: number, time: number, outcome: number, error: number): void {
    const { tasks } = this.#trace
    const row = numbers.tasks.of(id) - 1
    const state = STATE_OF_OUTCOME[outcome]
    if (row < 0 || state === undefined || !Number.isNaN(tasks.end.at(row))) {
      this.#recording.nonsense++
      return
    }
    // A task that is dropped from the queue never started: it was queued until its end.
    if (tasks.state.at(row) === TASK_STATES.queued) tasks.queued.set(row, Math.max(0, time - tasks.start.at(row)))
    tasks.end.set(row, Math.max(time, tasks.start.at(row)))
    tasks.state.set(row, state)
    tasks.error.set(row, numbers.strings.get(error) ?? 0)
  }

  #taskInfo(numbers: ThreadNumbers, id: number, name: number, location: number): void {
    const { tasks } = this.#trace
    const row = numbers.tasks.of(id) - 1
    if (row < 0) {
      this.#recording.nonsense++
      return
    }
    const text = numbers.strings
    if (name !== 0) tasks.name.set(row, text.get(name) ?? 0)
    if (location !== 0) tasks.location.set(row, text.get(location) ?? 0)
  }

  #scopeOpen(numbers: ThreadNumbers, id: number, time: number, kind: number, parent: number, location: number): void {
    if (id === 0 || numbers.scopes.of(id) !== 0) {
      this.#recording.nonsense++
      return
    }
    const { scopes } = this.#trace
    numbers.scopes.set(id, scopes.start.push(time))
    scopes.kind.push(kind)
    scopes.thread.push(numbers.thread)
    scopes.parent.push(numbers.tasks.of(parent))
    scopes.end.push(NaN)
    scopes.name.push(0)
    scopes.location.push(numbers.strings.get(location) ?? 0)
    scopes.limit.push(0)
    scopes.outcome.push(0)
    scopes.error.push(0)
  }

  #scopeInfo(numbers: ThreadNumbers, id: number, name: number, limit: number): void {
    const row = numbers.scopes.of(id) - 1
    if (row < 0) {
      this.#recording.nonsense++
      return
    }
    this.#trace.scopes.name.set(row, numbers.strings.get(name) ?? 0)
    this.#trace.scopes.limit.set(row, limit)
  }

  #scopeEnd(numbers: ThreadNumbers, id: number, time: number, outcome: number, error: number): void {
    const { scopes } = this.#trace
    const row = numbers.scopes.of(id) - 1
    if (row < 0 || outcome > OUTCOMES.cancelled || !Number.isNaN(scopes.end.at(row))) {
      this.#recording.nonsense++
      return
    }
    scopes.end.set(row, Math.max(time, scopes.start.at(row)))
    scopes.outcome.set(row, outcome + 1)
    scopes.error.set(row, numbers.strings.get(error) ?? 0)
  }

  #waitBegin(numbers: ThreadNumbers, id: number, time: number, kind: number, scope: number, location: number): void {
    const { waits } = this.#trace
    const row = waits.start.push(time)
    waits.task.push(numbers.tasks.of(id))
    waits.kind.push(kind)
    waits.scope.push(numbers.scopes.of(scope))
    waits.end.push(NaN)
    waits.location.push(numbers.strings.get(location) ?? 0)
    const key = `${String(id)} ${String(kind)} ${String(scope)}`
    const open = numbers.waits.get(key)
    if (open === undefined) numbers.waits.set(key, [row])
    else open.push(row)
  }

  #waitEnd(numbers: ThreadNumbers, id: number, time: number, kind: number, scope: number): void {
    const key = `${String(id)} ${String(kind)} ${String(scope)}`
    const open = numbers.waits.get(key)
    const row = open?.shift()
    if (open === undefined || row === undefined) {
      this.#recording.nonsense++
      return
    }
    if (open.length === 0) numbers.waits.delete(key)
    this.#trace.waits.end.set(row, Math.max(time, this.#trace.waits.start.at(row)))
  }
}
