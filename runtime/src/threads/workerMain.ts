import type { MessagePort, Transferable } from 'node:worker_threads'
import type { Orders, Report, Thrown, WorkerInput } from './messages.ts'

type Work = (
  input: unknown,
  call: { readonly index: number; transfer(value: unknown, list: unknown[]): unknown },
) => unknown

/** As much as is needed here of what records this thread. */
interface Recording {
  readonly probe?: { adopt(task: number): unknown; as<R>(current: unknown, body: () => R): R } | undefined
}

/**
 * What a worker runs. It reaches the worker as text, because a file beside this one would be lost when a program is
 * bundled: so it uses nothing from outside itself but types.
 *
 * @param receive takes a message from a port, if there is one.
 * @param load imports a module. An `import` in here would be rewritten by some bundlers.
 * @param given the function to be called, for a pool that was not given a module.
 */
export function workerMain(
  { port, claims: memory, url, join }: WorkerInput,
  receive: (port: MessagePort) => { readonly message: unknown } | undefined,
  load: (url: string) => Promise<Readonly<Record<string, unknown>>>,
  given: unknown,
): void {
  const SENT = 1,
    STARTED = 2,
    DONE = 3,
    PLACES = 512,
    ORDER_SIZE = 7,
    REPLY_SIZE = 4
  /** Milliseconds: what took less may be reported together, … */
  const SHORT = 0.2,
    LONGEST_WAIT = 1
  /** … if so many in a row were short: a result must not wait behind a long task. */
  const STREAK = 32
  /** So many messages are taken one after the other before the event loop turns. */
  const MOST_MESSAGES = 16
  const claims = new Int32Array(memory, 0, PLACES)
  const times = new Float64Array(memory, PLACES * 4)
  const origin = performance.timeOrigin
  const inbox: Orders[] = []
  const streaks = new Map<string, number>()
  const recording = Symbol.for('forkline.tracing.1')
  let replies: unknown[] = []
  let transfers: Transferable[] = []
  let callOfReplies: unknown = 0
  let busy = 0
  let flushed = 0
  let due = false
  let working = false
  let module: Readonly<Record<string, unknown>> = { default: given }

  const say = (report: Report, list: readonly Transferable[] = []) => {
    port.postMessage(report, list)
  }

  const cloneable = (value: unknown): boolean => {
    try {
      structuredClone(value)
      return true
    } catch {
      return false
    }
  }

  const describe = (error: unknown, depth: number): Thrown => {
    if (!(error instanceof Error)) return { value: cloneable(error) ? error : String(error) }
    const { name, message, stack, cause, errors, ...rest } = error as Omit<Error, 'name' | 'message'>
      & Readonly<Partial<Record<'name' | 'message' | 'errors', unknown>>>
    const properties: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(rest)) if (cloneable(value)) properties[key] = value
    return {
      failure: {
        name: String(name),
        message: String(message),
        stack: stack ?? String(error),
        properties,
        ...('cause' in error && depth < 8 ? { cause: asThrown(cause, depth + 1) } : {}),
        ...(Array.isArray(errors) ? { errors: errors.map((each) => asThrown(each, depth + 1)) } : {}),
      },
    }
  }

  const asThrown = (error: unknown, depth = 0): Thrown => {
    try {
      return describe(error, depth)
    } catch {
      // Something with a getter that throws, or that has no text.
      return { value: 'Something was thrown that cannot be copied' }
    }
  }

  /** A function that was sent as text finds nothing of what surrounded it. */
  const explain = (error: unknown): unknown => {
    if (url !== undefined || !(error instanceof ReferenceError)) return error
    const name = /^(\S+) is not defined$/u.exec(error.message)?.[1]
    if (name === undefined || name in globalThis) return error
    return new ReferenceError(
      `\`${name}\` cannot be found in the worker: a function given to \`threads\` takes along nothing from around it. `
        + `Pass \`${name}\` in with the input, define it inside the function, or give \`threads\` the URL of a module`,
      { cause: error },
    )
  }

  const unfit = (error: unknown): unknown => {
    if (!(error instanceof DOMException) || error.name !== 'DataCloneError') return error
    return new DOMException(`The result cannot be copied out of the worker: ${error.message}`, error.name)
  }

  const flush = () => {
    due = false
    if (replies.length === 0) return
    const batch = replies,
      list = transfers,
      time = busy
    replies = []
    transfers = []
    busy = 0
    flushed = performance.now()
    try {
      say({ kind: 'done', list: batch, busy: time }, list)
    } catch (error) {
      // One of them cannot be cloned: the others can.
      if (batch.length === REPLY_SIZE) {
        say({ kind: 'done', list: [batch[0], batch[1], true, asThrown(unfit(error))], busy: time })
        return
      }
      for (let at = 0; at < batch.length; at += REPLY_SIZE) {
        replies = batch.slice(at, at + REPLY_SIZE)
        transfers = list.filter((each) => holds(replies, each))
        flush()
      }
    }
  }

  const holds = (reply: unknown, wanted: unknown): boolean => {
    const seen = new Set<unknown>()
    const search = (value: unknown): boolean => {
      if (value === wanted) return true
      if (typeof value !== 'object' || value === null || seen.has(value)) return false
      seen.add(value)
      return ArrayBuffer.isView(value) ? value.buffer === wanted : Object.values(value).some(search)
    }
    return search(reply)
  }

  const work = (name: string): Work => {
    const fn = module[name]
    if (typeof fn === 'function') return fn as Work
    throw new TypeError(
      `The module ${String(url)} has no function as its export "${name}": `
        + `it exports ${Object.keys(module).join(', ') || 'nothing'}`,
    )
  }

  const call = (name: string, input: unknown, index: number, task: number): unknown => {
    const transfer = (value: unknown, list: unknown[]) => {
      transfers.push(...(list as Transferable[]))
      return value
    }
    const { probe } = (globalThis as unknown as Record<symbol, Recording | undefined>)[recording] ?? {}
    if (task === 0 || probe === undefined) return work(name)(input, { index, transfer })
    return probe.as(probe.adopt(task), () => work(name)(input, { index, transfer }))
  }

  /** Performs the task at a place of a list. Gives a promise when it has to be waited for. */
  const perform = ({ names, list }: Orders, at: number): Promise<void> | undefined => {
    const place = list[at] as number,
      number = list[at + 1] as number,
      group = list[at + 2]
    const started = performance.now()
    // Before the claim, since whoever sees that reads this.
    times[place * 2] = origin + started
    if (Atomics.compareExchange(claims, place, number * 4 + SENT, number * 4 + STARTED) !== number * 4 + SENT)
      return undefined
    // What is killed must not take along the results of others.
    if (callOfReplies !== group) flush()
    callOfReplies = group
    const name = names[list[at + 3] as number] ?? ''
    const end = (failed: boolean, value: unknown) => {
      const now = performance.now()
      times[place * 2 + 1] = origin + now
      busy += now - started
      replies.push(place, number, failed, value)
      Atomics.store(claims, place, number * 4 + DONE)
      const streak = now - started > SHORT ? 0 : (streaks.get(name) ?? 0) + 1
      streaks.set(name, streak)
      // Of one call of `map` nobody looks at single results.
      const awaited = group === 0 || list[at + ORDER_SIZE + 2] !== group
      due = failed || now - started > SHORT || now - flushed > LONGEST_WAIT || (awaited && streak < STREAK)
    }
    const fail = (error: unknown) => {
      end(true, asThrown(explain(error)))
    }
    try {
      const value = call(name, list[at + 6], list[at + 4] as number, list[at + 5] as number)
      if (typeof (value as { then?: unknown } | null | undefined)?.then === 'function') {
        return Promise.resolve(value).then((settled) => {
          end(false, settled)
        }, fail)
      }
      end(false, value)
    } catch (error) {
      fail(error)
    }
    return undefined
  }

  /** What was printed is to be seen before the result: nothing comes from a worker that is ended after it. */
  const printed = async () => {
    for (const stream of [process.stdout, process.stderr]) {
      if (stream.writableLength > 0)
        await new Promise<void>((resolve) => {
          stream.write('', () => {
            resolve()
          })
        })
    }
  }

  const report = (): Promise<void> | undefined => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) flush()
    else return printed().then(flush)
    return undefined
  }

  const performAll = async () => {
    working = true
    try {
      for (let messages = 1; inbox.length > 0; messages++) {
        const orders = inbox.shift()
        for (let at = 0; orders !== undefined && at < orders.list.length; at += ORDER_SIZE) {
          const pending = perform(orders, at)
          if (pending !== undefined) await pending
          if (due) await report()
        }
        const next = inbox.length > 0 || messages % MOST_MESSAGES === 0 ? undefined : receive(port)
        // eslint-disable-next-line forkline/no-check-then-act-across-await -- Only this loop takes from the inbox.
        if (next !== undefined) inbox.push(next.message as Orders)
      }
    } finally {
      working = false
    }
    await report()
  }

  const begin = async () => {
    try {
      // Whatever is wrong with recording is not the work's problem.
      if (join !== undefined) await load(join).catch(() => undefined)
      if (url !== undefined) module = await load(url)
      say({ kind: 'ready' })
    } catch (error) {
      say({ kind: 'broken', thrown: asThrown(error) })
    }
  }

  port.on('message', (orders: Orders) => {
    inbox.push(orders)
    if (!working) void performAll()
  })
  port.on('messageerror', (error: unknown) => {
    throw error
  })
  // Also after `process.exit` and after an error that nothing caught.
  process.on('exit', flush)
  void begin()
}
