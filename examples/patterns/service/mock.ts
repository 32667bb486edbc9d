import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { WaitGroup } from '@forkline/runtime'
import { seededRandom } from '../../news-pipeline/src/server/random.ts'
import { RateLimit } from '../../news-pipeline/src/server/rateLimit.ts'
import { Service, type Answer } from './service.ts'

/** One call, as the mock sees it. */
export interface Call {
  readonly method: string
  readonly path: string
  /** How often this was asked for so far, this call included. */
  readonly time: number
}

/** What the mock does with a call. */
export interface Behaviour {
  /** Milliseconds before it answers; Infinity: it never does. */
  readonly latency?: number
  /** Any other than 200 is a failure. */
  readonly status?: number
}

export interface MockOptions {
  /** Decides about latencies and failures: the same seed, the same ones, in whatever order calls come. Default: 1. */
  readonly seed?: number
  /** Milliseconds that a call takes on average. Default: 1. */
  readonly latency?: number
  /** Share of the calls, from 0 to 1, that fail with 503. Default: 0. */
  readonly failures?: number
  /** Calls beyond that are refused with 429. Default: no limit. */
  readonly rate?: { readonly perSecond: number; readonly burst: number }
  /** Calls that must be there together before the first of them is worked on, so that none is done too early. Default: 1. */
  readonly together?: number
  /** Overrides all of this for single calls. */
  readonly behave?: (call: Call) => Behaviour | undefined
}

/** What the mock has seen. */
export interface Seen {
  /** Calls being worked on. */
  readonly inFlight: number
  /** Most calls at once. */
  peak: number
  calls: number
  /** Calls answered with 429. */
  refused: number
  /** Calls answered with any other error. */
  failed: number
  /** Calls whose connection the client closed before they were answered. */
  abandoned: number
  /** The calls that succeeded, in that order, as `GET /path`. */
  readonly answered: string[]
}

export interface Mock extends AsyncDisposable {
  readonly url: string
  readonly service: Service
  readonly seen: Seen
  /** Waits until no call is being worked on: the mock hears of a call that was given up a moment after the client. */
  rest(): Promise<void>
}

const SECONDS_TO_WAIT = 1

/** Starts a service on a free loopback port that knows every path, with latency, a rate limit and failures. */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { seed = 1, latency = 1, failures = 0, rate, together = 1, behave } = options
  const limit = rate === undefined ? undefined : new RateLimit(rate.perSecond, rate.burst)
  const times = new Map<string, number>()
  const working = new WaitGroup()
  const held: (() => void)[] = []
  const seen: Seen = {
    get inFlight() {
      return working.count
    },
    peak: 0,
    calls: 0,
    refused: 0,
    failed: 0,
    abandoned: 0,
    answered: [],
  }

  function decide(method: string, path: string): Required<Behaviour> {
    const name = `${method} ${path}`
    const time = (times.get(name) ?? 0) + 1
    times.set(name, time)
    const random = seededRandom(hash(`${seed} ${name} ${time}`))
    const usual = { latency: latency * (0.5 + random()), status: random() < failures ? 503 : 200 }
    return { ...usual, ...behave?.({ method, path, time }) }
  }

  function handle(request: IncomingMessage, response: ServerResponse, body: unknown): void {
    const { method = 'GET', url: path = '/' } = request
    if (response.destroyed) return
    seen.calls++
    if (limit?.tryTake() === false) {
      seen.refused++
      response.writeHead(429, { 'retry-after': String(SECONDS_TO_WAIT) }).end()
      return
    }
    working.add()
    seen.peak = Math.max(seen.peak, seen.inFlight)
    const { latency: wait, status } = decide(method, path)
    let timer: NodeJS.Timeout | undefined
    held.push(() => {
      if (wait === Infinity || response.destroyed) return
      timer = setTimeout(() => {
        // Counted before the client can know, so that what it does next is not counted as at the same time.
        working.done()
        if (status === 200) seen.answered.push(`${method} ${path}`)
        else seen.failed++
        const result = Array.isArray(body) ? body.map((item) => answer(`${path}/${String(item)}`)) : answer(path)
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result))
      }, wait)
    })
    if (seen.peak >= together) for (const start of held.splice(0)) start()
    response.once('close', () => {
      if (response.writableEnded) return
      clearTimeout(timer)
      working.done()
      seen.abandoned++
    })
  }

  const server = createServer((request, response) => {
    const body: Promise<unknown> = request.method === 'POST' ? json(request) : Promise.resolve()
    body.then(
      (value) => {
        handle(request, response, value)
      },
      (error: unknown) => {
        response.destroy(error as Error)
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const service = new Service(url)

  return {
    url,
    service,
    seen,
    rest: () => working.wait(),
    async [Symbol.asyncDispose]() {
      service.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The same answer for the same path. */
export function answer(path: string): Answer {
  return { path, text: `All about ${path.split('/').at(-1) ?? path}`, tokens: 10 + (hash(path) % 90) }
}

/** FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
