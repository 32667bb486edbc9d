import { createHash } from 'node:crypto'
import path from 'node:path'
import {
  endingOf,
  lastSeen,
  locationText,
  type Location,
  type Recording,
  RowGroups,
  scopeKind,
  scopeLabel,
  scopeLastSeen,
  scopeLocation,
  shortTaskLabel,
  taskLocation,
  type Trace,
  waitKind,
  waitLastSeen,
} from '@forkline/trace'
import {
  type Attributes,
  type HrTime,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { VERSION } from '../version.ts'

/** So many spans are in one request: collectors refuse large ones. */
const BATCH = 2000

const SCOPE = { name: 'forkline', version: VERSION }

/** W3C forbids a trace id of zeros only. */
const NO_ID = '0'.repeat(32)

interface SpanFields {
  readonly name: string
  readonly kind?: SpanKind
  readonly id: string
  readonly parent: string | undefined
  /** In ms, on the trace's clock. */
  readonly start: number
  readonly end: number
  readonly attributes: Attributes
  readonly error?: string | undefined
  readonly failed?: boolean
  readonly events?: ReadableSpan['events']
  readonly links?: readonly string[]
}

/**
 * A trace as OTLP JSON, a request of at most 2,000 spans on each line, as OpenTelemetry's file exporter writes them and
 * its collector reads them. The trace id is that of the run, so that the exports of all its processes, on whichever
 * machine, join; the ids of spans come from the process and the number of the task. A process is a span that holds its
 * scopes, and these hold their tasks.
 */
export function* otlpRequests(trace: Trace): Generator<string> {
  const utf8 = new TextDecoder()
  let batch: ReadableSpan[] = []
  for (const span of new SpanMaker(trace).spans()) {
    batch.push(span)
    if (batch.length < BATCH) continue
    yield `${utf8.decode(JsonTraceSerializer.serializeRequest(batch))}\n`
    batch = []
  }
  if (batch.length > 0) yield `${utf8.decode(JsonTraceSerializer.serializeRequest(batch))}\n`
}

class SpanMaker {
  readonly #trace: Trace
  readonly #resources: readonly Resource[]
  readonly #waits: RowGroups
  readonly #traceIds: readonly string[]
  readonly #processes: readonly string[]
  readonly #tasks: readonly string[]
  readonly #scopes: readonly string[]

  constructor(trace: Trace) {
    this.#trace = trace
    const { recordings, threads, tasks, scopes, waits } = trace
    this.#resources = recordings.map(resourceOf)
    this.#traceIds = recordings.map(({ header }) => (header.run === NO_ID ? header.run.replace(/.$/, '1') : header.run))
    this.#processes = recordings.map((recording) => spanId(recording, 'process', 0))
    const ids = (length: number, thread: Uint16Array, kind: string): string[] => {
      const counts = recordings.map(() => 0)
      return Array.from({ length }, (_, row) => {
        const index = threads[thread[row] ?? 0]?.recording ?? 0
        const recording = recordings[index]
        counts[index] = (counts[index] ?? 0) + 1
        return recording === undefined ? '' : spanId(recording, kind, counts[index])
      })
    }
    this.#tasks = ids(tasks.length, tasks.thread, 'task')
    this.#scopes = ids(scopes.length, scopes.thread, 'scope')
    this.#waits = new RowGroups(waits.length, tasks.length, (row) => (waits.task[row] ?? 0) - 1)
  }

  *spans(): Generator<ReadableSpan> {
    const { recordings, scopes, tasks } = this.#trace
    for (const [index] of recordings.entries()) yield this.#process(index)
    for (let scope = 0; scope < scopes.length; scope++) yield this.#scope(scope)
    for (let task = 0; task < tasks.length; task++) yield this.#task(task)
  }

  #process(index: number): ReadableSpan {
    const { recordings } = this.#trace
    const recording = recordings[index]
    const command = recording?.header.metadata.command ?? []
    const starter = recordings.findIndex(({ header }) => header.pid === recording?.header.parentPid)
    return this.#span(index, {
      name:
        command
          .slice(1)
          .map((word) => path.basename(word))
          .join(' ') || 'process',
      id: this.#processes[index] ?? '',
      parent: starter < 0 || starter === index ? undefined : this.#processes[starter],
      start: recording?.shift ?? 0,
      end: recording?.end ?? 0,
      attributes:
        recording?.exitCode === undefined ? { 'forkline.cut_off': true } : { 'process.exit.code': recording.exitCode },
    })
  }

  #scope(scope: number): ReadableSpan {
    const trace = this.#trace
    const { scopes, strings } = trace
    const recording = this.#recordingOf(scopes.thread[scope] ?? 0)
    const error = strings.at(scopes.error[scope] ?? 0)
    const limit = scopes.limit[scope] ?? 0
    return this.#span(recording, {
      name: scopeLabel(trace, scope),
      id: this.#scopes[scope] ?? '',
      parent: this.#tasks[(scopes.parent[scope] ?? 0) - 1] ?? this.#processes[recording],
      start: scopes.start[scope] ?? 0,
      end: scopeLastSeen(trace, scope),
      attributes: {
        'forkline.kind': scopeKind(trace, scope),
        ...(limit === 0 ? {} : { 'forkline.limit': limit }),
        ...code(scopeLocation(trace, scope)),
      },
      failed: scopes.outcome[scope] === 2,
      error,
    })
  }

  #task(task: number): ReadableSpan {
    const trace = this.#trace
    const { tasks, strings, waits } = trace
    const recording = this.#recordingOf(tasks.thread[task] ?? 0)
    const scope = (tasks.scope[task] ?? 0) - 1
    const creator = this.#tasks[(tasks.parent[task] ?? 0) - 1]
    const ending = endingOf(trace, task)
    const end = lastSeen(trace, task)
    // Of a task that never ran, the time in the queue is all there is.
    const start = tasks.state[task] === 0 ? (tasks.start[task] ?? 0) : Math.min(tasks.start[task] ?? 0, end)
    const error = strings.at(tasks.error.at(task))
    return this.#span(recording, {
      name: shortTaskLabel(trace, task),
      id: this.#tasks[task] ?? '',
      parent: this.#scopes[scope] ?? creator ?? this.#processes[recording],
      links: scope >= 0 && creator !== undefined ? [creator] : [],
      start,
      end,
      attributes: {
        'forkline.outcome': ending,
        'forkline.queued_ms': tasks.queued[task] ?? 0,
        ...code(taskLocation(trace, task)),
      },
      failed: ending === 'failed',
      error,
      events: Array.from(this.#waits.of(task), (wait) => {
        const began = waits.start[wait] ?? 0
        return {
          name: `wait ${waitKind(trace, wait)}`,
          time: this.#time(began),
          attributes: { 'forkline.wait_ms': waitLastSeen(trace, wait) - began },
        }
      }),
    })
  }

  #span(recording: number, fields: SpanFields): ReadableSpan {
    const { id, parent, start, end, attributes, error = '', failed = false, events = [], links = [] } = fields
    const context = (spanId: string): SpanContext => ({
      traceId: this.#traceIds[recording] ?? NO_ID,
      spanId,
      traceFlags: TraceFlags.SAMPLED,
    })
    const [message = ''] = error.split('\n')
    const thrown =
      error === ''
        ? []
        : [
            {
              name: 'exception',
              time: this.#time(end),
              attributes: { 'exception.message': message, 'exception.stacktrace': error },
            },
          ]
    return {
      name: fields.name,
      kind: fields.kind ?? SpanKind.INTERNAL,
      spanContext: () => context(id),
      ...(parent === undefined ? {} : { parentSpanContext: context(parent) }),
      startTime: this.#time(start),
      endTime: this.#time(end),
      duration: [Math.floor((end - start) / 1000), Math.round(((end - start) % 1000) * 1e6)],
      status: failed ? { code: SpanStatusCode.ERROR, message } : { code: SpanStatusCode.UNSET },
      attributes,
      events: [...events, ...thrown],
      links: links.map((link) => ({ context: context(link) })),
      ended: true,
      resource: this.#resources[recording] ?? resourceFromAttributes({}),
      instrumentationScope: SCOPE,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    }
  }

  #recordingOf(thread: number): number {
    return this.#trace.threads[thread]?.recording ?? 0
  }

  /** Seconds and nanoseconds since the Unix epoch. */
  #time(time: number): HrTime {
    const origin = this.#trace.origin ?? 0
    const seconds = Math.floor((origin + time) / 1000)
    const left = Math.round((origin - seconds * 1000 + time) * 1e6)
    return left >= 1e9 ? [seconds + 1, left - 1e9] : [seconds, Math.max(0, left)]
  }
}

function spanId({ header }: Recording, kind: string, number: number): string {
  const { run, pid, origin } = header
  return createHash('sha256')
    .update(`${run} ${String(pid)} ${String(origin)} ${kind} ${String(number)}`)
    .digest('hex')
    .slice(0, 16)
}

function resourceOf({ header }: Recording): Resource {
  const { command = [], node } = header.metadata
  const script = command.slice(1).find((word) => !word.startsWith('-'))
  return resourceFromAttributes({
    'service.name': script === undefined ? 'node' : path.basename(script),
    'process.pid': header.pid,
    'process.parent_pid': header.parentPid,
    'process.command_args': [...command],
    'process.runtime.name': 'nodejs',
    ...(node === undefined ? {} : { 'process.runtime.version': node }),
  })
}

function code(location: Location | null): Attributes {
  if (location === null) return {}
  return {
    'code.file.path': location.file,
    'code.line.number': location.line,
    'code.column.number': location.column,
    ...(location.function === '' ? {} : { 'code.function.name': location.function }),
    'forkline.location': locationText(location),
  }
}
