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
  readonly endpoint: Endpoint
  /** How much had gone out over its connection before, in bytes. */
  readonly sent: number
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
  /** As it goes out. */
  readonly _header?: unknown
  /** Of an answer. */
  readonly req?: Message
  readonly socket?: { readonly bytesWritten?: number }
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

/** One server, or all that this thread asks others: a scope, and a task for each request. */
class Endpoint {
  readonly scope: number
  readonly slots = new Slots()

  constructor(scope: number) {
    this.scope = scope
  }
}

/** Requests that are under way, each known by the message that tells when it is over. */
class Requests {
  readonly #recorder: Recorder
  readonly #open = new Map<object, Open>()

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  /** @param sent how much had gone out over its connection before, in bytes. */
  begin(message: object, endpoint: Endpoint, name: string, sent = 0): number {
    const slot = endpoint.slots.take()
    const task = this.#recorder.beginTask(endpoint.scope, slot)
    this.#recorder.describeTask(task, name, undefined)
    this.#open.set(message, { task, slot, endpoint, sent })
    return task
  }

  end(message: object, outcome: 'ok' | 'failed' | 'cancelled', error?: unknown): void {
    const open = this.#open.get(message)
    if (open === undefined) return
    this.#open.delete(message)
    open.endpoint.slots.give(open.slot)
    this.#recorder.endTask(open.task, outcome, error)
  }

  /** @param failure from which status on the answer is a failure. */
  endAnswered(message: object, status = 0, failure: number): void {
    if (status < failure) this.end(message, 'ok')
    else this.end(message, 'failed', `status ${String(status)}`)
  }

  /**
   * Node tells nothing of some that are broken off.
   *
   * @param isWhole whether one of these was answered all the same, and `failure` from which status on that is a failure.
   */
  endBroken(
    isBroken: (message: Message) => boolean,
    failure = Infinity,
    isWhole: (message: Message, sent: number) => boolean = () => false,
  ): void {
    for (const [message, { sent }] of this.#open) {
      if (!isBroken(message)) continue
      if (isWhole(message, sent)) this.endAnswered(message, (message as Message).statusCode, failure)
      else this.end(message, 'cancelled')
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
  const servers = new WeakMap<object, Endpoint>()
  /** By the answer, which tells when a request is over. */
  const requests = new Requests(recorder)
  listen('http.server.request.start', ({ request, response, server }) => {
    if (response === undefined || server === undefined) return
    let endpoint = servers.get(server)
    if (endpoint === undefined) {
      endpoint = new Endpoint(recorder.openScopeAt('http', nameOfServer(server), 0, undefined))
      servers.set(server, endpoint)
    }
    const sent = request.socket?.bytesWritten
    recorder.enter(requests.begin(response, endpoint, `${request.method ?? ''} ${pathOf(request.url)}`, sent))
  })
  listen('http.server.response.finish', ({ response }) => {
    if (response !== undefined) requests.endAnswered(response, response.statusCode, FAILURE_OF_SERVER)
  })
  lookNowAndThen(() => {
    requests.endBroken(({ destroyed, closed }) => destroyed === true || closed === true, FAILURE_OF_SERVER, isWhole)
  })
}

/**
 * Whether all of an answer had gone out when its connection was closed. Who has got as much as was announced may close
 * it before the server comes to say that this was all, as after the last piece of a file; then Node calls it broken off.
 *
 * @param before how much had gone out over the connection before, in bytes.
 */
function isWhole({ _header: header, req }: Message, before: number): boolean {
  const sent = req?.socket?.bytesWritten
  if (typeof header !== 'string' || typeof sent !== 'number') return false
  const [, length] = /^content-length: *(\d+)/imu.exec(header) ?? []
  return length !== undefined && sent - before >= header.length + Number(length)
}

function recordClients(recorder: Recorder): void {
  let endpoint: Endpoint | undefined
  const requests = new Requests(recorder)
  listen('http.client.request.start', ({ request }) => {
    endpoint ??= new Endpoint(recorder.openScopeAt('http', 'http client', 0, undefined))
    requests.begin(request, endpoint, `${request.method ?? ''} ${request.host ?? ''}${pathOf(request.path)}`)
  })
  listen('http.client.response.finish', ({ request, response }) => {
    requests.endAnswered(request, response?.statusCode, FAILURE_FOR_CLIENT)
  })
  listen('http.client.request.error', ({ request, error }) => {
    // Who destroys a request without an error has it fail as if the other side had hung up; only then it is destroyed.
    const leaves = request.destroyed === true && peek(error, 'code') === 'ECONNRESET'
    requests.end(request, leaves || isAbortError(error) ? 'cancelled' : 'failed', error)
  })
  lookNowAndThen(() => {
    requests.endBroken(({ destroyed }) => destroyed === true)
  })
}

function recordFetches(recorder: Recorder): void {
  let endpoint: Endpoint | undefined
  const requests = new Requests(recorder)
  const statuses = new WeakMap<object, number>()
  listen('undici:request:create', ({ request }) => {
    endpoint ??= new Endpoint(recorder.openScopeAt('fetch', 'fetch', 0, undefined))
    const host = typeof request.origin === 'string' || request.origin instanceof URL ? new URL(request.origin).host : ''
    requests.begin(request, endpoint, `${request.method ?? ''} ${host}${pathOf(request.path)}`)
  })
  listen('undici:request:headers', ({ request, response }) => {
    statuses.set(request, response?.statusCode ?? 0)
  })
  listen('undici:request:trailers', ({ request }) => {
    requests.endAnswered(request, statuses.get(request), FAILURE_FOR_CLIENT)
  })
  listen('undici:request:error', ({ request, error }) => {
    // What undici and the network say has a code; all else is the reason for which a signal aborted.
    const told = isAbortError(error) || typeof peek(error, 'code') !== 'string'
    requests.end(request, told ? 'cancelled' : 'failed', error)
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
function pathOf(url = ''): string {
  const end = url.search(/[?#]/u)
  return end === -1 ? url : url.slice(0, end)
}

function nameOfServer(server: ServerLike): string {
  const address: unknown = server.address?.()
  if (typeof address === 'string') return `http server ${address}`
  const port = typeof address === 'object' && address !== null ? (Reflect.get(address, 'port') as unknown) : undefined
  return typeof port === 'number' ? `http server :${String(port)}` : 'http server'
}
