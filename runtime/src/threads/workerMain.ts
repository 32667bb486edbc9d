import type { MessagePort, Transferable } from 'node:worker_threads'
import type { Order, Reply, Report, Thrown, WorkerInput } from './messages.ts'

type Work = (input: unknown, call: { readonly index: number, transfer(value: unknown, list: unknown[]): unknown }) => unknown

/**
 * What a worker runs. It reaches the worker as text, because a file beside this one would be lost when a program is
 * bundled: so it uses nothing from outside itself but types.
 *
 * @param load imports a module. An `import` in here would be rewritten by some bundlers.
 * @param given the function to be called, for a pool that was not given a module.
 */
export function workerMain(
  port: MessagePort, { claims: memory, url }: WorkerInput,
  load: (url: string) => Promise<Readonly<Record<string, unknown>>>, given: unknown,
): void {
  const SENT = 1, STARTED = 2, DONE = 3
  /** Milliseconds: what took less is reported together. */
  const SHORT = 0.2, LONGEST_WAIT = 1
  const claims = new Int32Array(memory)
  const inbox: Order[] = []
  let replies: Reply[] = []
  let transfers: Transferable[] = []
  let callOfReplies = 0
  let busy = 0
  let flushed = 0
  let working = false
  let module: Readonly<Record<string, unknown>> = { default: given }

  const say = (report: Report, list: readonly Transferable[] = []) => { port.postMessage(report, list) }

  const asThrown = (error: unknown, depth = 0): Thrown => {
    if (!(error instanceof Error)) return { value: cloneable(error) ? error : String(error) }
    const { name, message, stack, cause, errors, ...rest } = error as Error & { errors?: unknown }
    const properties: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(rest)) if (cloneable(value)) properties[key] = value
    return {
      failure: {
        name, message, stack: stack ?? `${name}: ${message}`, properties,
        ...('cause' in error && depth < 8 ? { cause: asThrown(cause, depth + 1) } : {}),
        ...(Array.isArray(errors) ? { errors: errors.map(each => asThrown(each, depth + 1)) } : {}),
      },
    }
  }

  const cloneable = (value: unknown): boolean => {
    try {
      structuredClone(value)
      return true
    } catch {
      return false
    }
  }

  /** A function that was sent as text finds nothing of what surrounded it. */
  const explain = (error: unknown): unknown => {
    if (url !== undefined || !(error instanceof ReferenceError)) return error
    const name = /^(\S+) is not defined$/u.exec(error.message)?.[1]
    if (name === undefined || name in globalThis) return error
    return new ReferenceError(
      `\`${name}\` cannot be found in the worker: a function given to \`threads\` takes along nothing from around it. ` +
      `Pass \`${name}\` in with the input, define it inside the function, or give \`threads\` the URL of a module`,
      { cause: error })
  }

  const flush = () => {
    if (replies.length === 0) return
    const batch = replies, list = transfers, time = busy
    replies = []
    transfers = []
    busy = 0
    flushed = performance.now()
    try {
      say({ kind: 'done', replies: batch, busy: time }, list)
    } catch (error) {
      // One of them cannot be cloned: the others can.
      const [only] = batch
      if (batch.length > 1) {
        for (const reply of batch) {
          replies = [reply]
          transfers = list.filter(each => holds(reply, each))
          flush()
        }
      } else if (only !== undefined) {
        const { place, number } = only
        say({ kind: 'done', replies: [{ place, number, outcome: { thrown: asThrown(error) } }], busy: time })
      }
    }
  }

  const holds = ({ outcome }: Reply, wanted: unknown): boolean => {
    const seen = new Set<unknown>()
    const search = (value: unknown): boolean => {
      if (value === wanted) return true
      if (typeof value !== 'object' || value === null || seen.has(value)) return false
      seen.add(value)
      return ArrayBuffer.isView(value) ? value.buffer === wanted : Object.values(value).some(search)
    }
    return search(outcome)
  }

  const work = (name: string): Work => {
    const fn = module[name]
    if (typeof fn === 'function') return fn as Work
    throw new TypeError(`The module ${String(url)} has no function as its export "${name}": ` +
      `it exports ${Object.keys(module).join(', ') || 'nothing'}`)
  }

  const perform = async ({ place, number, call, name, index, input }: Order) => {
    const sent = number * 4 + SENT
    if (Atomics.compareExchange(claims, place, sent, number * 4 + STARTED) !== sent) return
    // What is killed must not take along the results of others.
    if (callOfReplies !== call) flush()
    callOfReplies = call
    const started = performance.now()
    let outcome: Reply['outcome']
    try {
      const transfer = (value: unknown, list: unknown[]) => {
        transfers.push(...list as Transferable[])
        return value
      }
      const value = work(name)(input, { index, transfer })
      const settled = typeof (value as { then?: unknown } | null | undefined)?.then === 'function' ? await value : value
      outcome = { value: settled }
    } catch (error) {
      outcome = { thrown: asThrown(explain(error)) }
    }
    const now = performance.now()
    busy += now - started
    replies.push({ place, number, outcome })
    Atomics.store(claims, place, number * 4 + DONE)
    if (now - started > SHORT || now - flushed > LONGEST_WAIT) flush()
  }

  const performAll = async () => {
    working = true
    for (let order = inbox.shift(); order !== undefined; order = inbox.shift()) await perform(order)
    working = false
    flush()
  }

  const begin = async () => {
    try {
      if (url !== undefined) module = await load(url)
      say({ kind: 'ready' })
    } catch (error) {
      say({ kind: 'broken', thrown: asThrown(error) })
    }
  }

  port.on('message', (orders: readonly Order[]) => {
    inbox.push(...orders)
    if (!working) void performAll()
  })
  // Also after `process.exit` and after an error that nothing caught.
  process.on('exit', flush)
  void begin()
}
