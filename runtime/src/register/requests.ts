import { subscribe } from 'node:diagnostics_channel'
import { peek } from '../trace/look.ts'
import type { Recorder } from '../trace/recorder.ts'
import { isAbortError } from '../trace/thrown.ts'
import { atExit } from './atExit.ts'
import { nowAndThen } from './tick.ts'
import { Slots } from '../slots.ts'

/** A request that is under way. */
interface Open {
  readonly task: number
  readonly slot: number
}

/** As much of a request or response as is looked at. */
interface Message {
  readonly method?: string
  readonly url?: string
  readonly path?: string
  readonly host?: string
  readonly origin?: unknown
  readonly statusCode?: number
  readonly headers?: Readonly<Record<string, unknown>>
  readonly destroyed?: boolean
  readonly closed?: boolean
}

interface Told {
  readonly request: Message
  readonly response?: Message
  readonly server?: ServerLike
  readonly error?: unknown
}

interface ServerLike {
  address?(): unknown
}

/** A server has failed when it says so; that it turns a request down is a failure for who has made it. */
const FAILURE_OF_SERVER = 500
const FAILURE_FOR_CLIENT = 400

/** The requests of one server, or all that this thread makes: a scope, and a task for each. */
class Requests {
  readonly #recorder: Recorder
  readonly #scope: number
  readonly #slots = new Slots()
  readonly #open = new Map<object, Open>()

  constructor(recorder: Recorder, scope: number) {
    this.#recorder = recorder
    this.#scope = scope
  }

  begin(message: object, name: string): number {
    const slot = this.#slots.take()
    const task = this.#recorder.beginTask(this.#scope, slot)
    this.#recorder.describeTask(task, name, undefined)
    this.#open.set(message, { task, slot })
    return task
  }

  end(message: object, outcome: 'ok' | 'failed' | 'cancelled', error?: unknown): void {
    const open = this.#open.get(message)
    if (open === undefined) return
    this.#open.delete(message)
    this.#slots.give(open.slot)
    this.#recorder.endTask(open.task, outcome, error)
  }

  /** @param failure from which status on the answer is a failure. */
  endAnswered(message: object, status = 0, failure: number): void {
    if (status < failure) this.end(message, 'ok')
    else this.end(message, 'failed', `status ${String(status)}`)
  }

  /** Node tells nothing of some that are broken off. */
  endBroken(isBroken: (message: object) => boolean): void {
    for (const message of this.#open.keys()) {
      if (isBroken(message)) this.end(message, 'cancelled')
    }
  }
}

/** Records requests that are served and made, by what Node and undici say of them on their channels. */
export function recordRequests(recorder: Recorder): void {
  recordServers(recorder)
  recordClients(recorder)
  recordFetches(recorder)
}

function recordServers(recorder: Recorder): void {
  const servers = new WeakMap<object, Requests>()
  /** The answer to a request tells when it is over. */
  const under = new Map<object, Requests>()
  listen('http.server.request.start', ({ request, response, server }) => {
    if (response === undefined || server === undefined) return
    let requests = servers.get(server)
    if (requests === undefined) {
      requests = new Requests(recorder, recorder.openScopeAt('http', nameOfServer(server), 0, undefined))
      servers.set(server, requests)
    }
    under.set(response, requests)
    recorder.enter(requests.begin(response, `${request.method ?? ''} ${pathOf(request.url)}`))
  })
  listen('http.server.response.finish', ({ response }) => {
    if (response === undefined) return
    under.get(response)?.endAnswered(response, response.statusCode, FAILURE_OF_SERVER)
    under.delete(response)
  })
  lookNowAndThen(() => {
    for (const [response, requests] of under) {
      if ((response as Message).destroyed !== true && (response as Message).closed !== true) continue
      requests.end(response, 'cancelled')
      under.delete(response)
    }
  })
}

function recordClients(recorder: Recorder): void {
  let requests: Requests | undefined
  listen('http.client.request.start', ({ request }) => {
    requests ??= new Requests(recorder, recorder.openScopeAt('http', 'http client', 0, undefined))
    requests.begin(request, `${request.method ?? ''} ${request.host ?? ''}${pathOf(request.path)}`)
  })
  listen('http.client.response.finish', ({ request, response }) => {
    requests?.endAnswered(request, response?.statusCode, FAILURE_FOR_CLIENT)
  })
  listen('http.client.request.error', ({ request, error }) => {
    // Who destroys a request without an error has it fail as if the other side had hung up; only then it is destroyed.
    const leaves = request.destroyed === true && peek(error, 'code') === 'ECONNRESET'
    requests?.end(request, leaves || isAbortError(error) ? 'cancelled' : 'failed', error)
  })
  lookNowAndThen(() => { requests?.endBroken((message) => (message as Message).destroyed === true) })
}

function recordFetches(recorder: Recorder): void {
  let requests: Requests | undefined
  const statuses = new WeakMap<object, number>()
  listen('undici:request:create', ({ request }) => {
    requests ??= new Requests(recorder, recorder.openScopeAt('fetch', 'fetch', 0, undefined))
    const host = typeof request.origin === 'string' || request.origin instanceof URL ? new URL(request.origin).host : ''
    requests.begin(request, `${request.method ?? ''} ${host}${pathOf(request.path)}`)
  })
  listen('undici:request:headers', ({ request, response }) => { statuses.set(request, response?.statusCode ?? 0) })
  listen('undici:request:trailers', ({ request }) => {
    requests?.endAnswered(request, statuses.get(request), FAILURE_FOR_CLIENT)
  })
  listen('undici:request:error', ({ request, error }) => {
    // What undici and the network say has a code; all else is the reason for which a signal aborted.
    const told = isAbortError(error) || typeof peek(error, 'code') !== 'string'
    requests?.end(request, told ? 'cancelled' : 'failed', error)
  })
}

/** Also when the program ends: what was broken off just before would seem to be under way. */
function lookNowAndThen(look: () => void): void {
  nowAndThen.add(look)
  atExit.add(look)
}

/** A channel would throw into the program what its subscribers throw. */
function listen(channel: string, told: (message: Told) => void): void {
  subscribe(channel, (message) => {
    try {
      told(message as Told)
    } catch {
      // Something is not as it is known: that one is not recorded.
    }
  })
}

/** Without the query, which may hold what is nobody else's business. */
function pathOf(url: string | undefined): string {
  return url?.split(/[?#]/u, 1)[0] ?? ''
}

function nameOfServer(server: ServerLike): string {
  const address: unknown = server.address?.()
  if (typeof address === 'string') return `http server ${address}`
  const port = typeof address === 'object' && address !== null ? Reflect.get(address, 'port') as unknown : undefined
  return typeof port === 'number' ? `http server :${String(port)}` : 'http server'
}
