import { lastSeen, waitLastSeen } from '../analysis/endings.ts'
import { scopeLabel, waitKind } from '../analysis/names.ts'
import type { Trace } from '../model/trace.ts'
import { constructsOf, loadCounts } from './constructs.ts'
import { shortTaskLabel, taskDetails } from './details.ts'

type Event = Readonly<Record<string, unknown>>

/** So many events are put into one piece of text. */
const BATCH = 1000

/**
 * A trace as JSON in Chrome's trace event format, piece by piece. Tasks are pairs of async events, each with an id of
 * its own: they overlap, which events with a duration must not. Times are in µs since the trace's origin.
 */
export function* chromeTrace(trace: Trace): Generator<string> {
  const earliest = Math.min(0, ...trace.recordings.map(({ shift }) => shift))
  const origin = (trace.origin ?? 0) + earliest
  const other = { 'clock-origin-ms': String(origin), run: trace.recordings[0]?.header.run ?? '' }
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(other)},"traceEvents":[`
  let first = true
  let batch: string[] = []
  for (const event of eventsOf(trace, (time) => Math.round((time - earliest) * 1e6) / 1e3)) {
    batch.push(JSON.stringify(event))
    if (batch.length < BATCH) continue
    yield `${first ? '\n' : ',\n'}${batch.join(',\n')}`
    first = false
    batch = []
  }
  if (batch.length > 0) yield `${first ? '\n' : ',\n'}${batch.join(',\n')}`
  yield '\n]}\n'
}

function* eventsOf(trace: Trace, us: (time: number) => number): Generator<Event> {
  const { tasks, waits, threads } = trace
  const whose = (thread: number): { readonly pid: number; readonly tid: number } => ({
    pid: trace.recordings[threads[thread]?.recording ?? 0]?.header.pid ?? 0,
    tid: thread + 1,
  })
  yield* namesOf(trace, whose)
  for (let task = 0; task < tasks.length; task++) {
    if (tasks.state[task] === 0) continue
    const scope = (tasks.scope[task] ?? 0) - 1
    const cat = scope < 0 ? 'task' : scopeLabel(trace, scope)
    const name = shortTaskLabel(trace, task)
    const common = { cat, id: `0x${task.toString(16)}`, name, ...whose(tasks.thread[task] ?? 0) }
    yield { ph: 'b', ts: us(tasks.start[task] ?? 0), ...common, args: taskDetails(trace, task) }
    yield { ph: 'e', ts: us(lastSeen(trace, task)), ...common }
  }
  for (let wait = 0; wait < waits.length; wait++) {
    const task = (waits.task[wait] ?? 0) - 1
    // Next to the tasks, not within them: a task may wait for several things at once.
    const common = {
      cat: 'wait',
      id: `0x${wait.toString(16)}`,
      name: `wait: ${waitKind(trace, wait)}`,
      ...whose(task < 0 ? 0 : (tasks.thread[task] ?? 0)),
    }
    yield { ph: 'b', ts: us(waits.start[wait] ?? 0), ...common, args: task < 0 ? {} : { task } }
    yield { ph: 'e', ts: us(waitLastSeen(trace, wait)), ...common }
  }
  yield* happenings(trace, us, whose)
  for (const construct of constructsOf(trace)) {
    if (construct.tasks.length < 2) continue
    const pid = trace.recordings[construct.recording]?.header.pid ?? 0
    for (const [name, counts] of Object.entries(loadCounts(trace, construct))) {
      for (const [time, count] of counts) {
        yield { ph: 'C', pid, name: `${construct.label}: ${name}`, ts: us(time), args: { [name]: count } }
      }
    }
  }
}

function* namesOf(
  { recordings, threads }: Trace,
  whose: (thread: number) => { readonly pid: number; readonly tid: number },
): Generator<Event> {
  for (const { header } of recordings) {
    const { command } = header.metadata
    yield { ph: 'M', name: 'process_name', pid: header.pid, args: { name: command?.join(' ') ?? 'process' } }
  }
  for (const [thread, { name }] of threads.entries()) {
    yield { ph: 'M', name: 'thread_name', ...whose(thread), args: { name } }
  }
}

function* happenings(
  trace: Trace,
  us: (time: number) => number,
  whose: (thread: number) => { readonly pid: number; readonly tid: number },
): Generator<Event> {
  const { cancels, scopes, stalls, strings, tasks, unhandled } = trace
  for (let row = 0; row < cancels.length; row++) {
    const scope = (cancels.scope[row] ?? 0) - 1
    yield {
      ph: 'i',
      s: 't',
      cat: 'cancel',
      name: `cancel ${scopeLabel(trace, scope)}`,
      ts: us(cancels.time[row] ?? 0),
      ...whose(scopes.thread[scope] ?? 0),
      args: { reason: strings.at(cancels.reason[row] ?? 0) },
    }
  }
  for (let row = 0; row < stalls.length; row++) {
    yield {
      ph: 'X',
      cat: 'stall',
      name: 'event loop blocked',
      ts: us(stalls.start[row] ?? 0),
      dur: Math.round((stalls.duration[row] ?? 0) * 1e3),
      ...whose(stalls.thread[row] ?? 0),
    }
  }
  for (let row = 0; row < unhandled.length; row++) {
    const task = (unhandled.task[row] ?? 0) - 1
    yield {
      ph: 'i',
      s: 'p',
      cat: 'error',
      name: 'unhandled rejection',
      ts: us(unhandled.time[row] ?? 0),
      ...whose(task < 0 ? 0 : (tasks.thread[task] ?? 0)),
      args: { error: strings.at(unhandled.error[row] ?? 0) },
    }
  }
}
