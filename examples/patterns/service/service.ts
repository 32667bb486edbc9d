import { Agent, request, type IncomingMessage } from 'node:http'

/** What the service answers, whatever it is asked for. */
export interface Answer {
  readonly path: string
  readonly text: string
  readonly tokens: number
}

/** What the service answers when it does not do what it was asked to. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly status: number
  /** Milliseconds after which the service wants to be asked again; undefined when it did not say. */
  readonly retryAfter: number | undefined

  constructor(path: string, status: number, retryAfter?: number) {
    super(`${path} answered ${status}`)
    this.status = status
    this.retryAfter = retryAfter
  }
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** Options that all the patterns have. */
export interface Common {
  readonly service: Service
  /** Ends the work: it rejects with the signal's reason, once all that it started has stopped. */
  readonly signal?: AbortSignal | undefined
}

/** A client of the service. An aborted call ends with the signal's reason when its connection is closed, not before. */
export class Service {
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true })
  #underWay = 0
  #made = 0

  constructor(url: string) {
    this.#url = url
  }

  /** Calls that have not ended. */
  get underWay(): number {
    return this.#underWay
  }

  /** Calls made so far. */
  get made(): number {
    return this.#made
  }

  async get(path: string, options?: CallOptions): Promise<Answer> {
    return (await this.#send('GET', path, undefined, options)) as Answer
  }

  async post(path: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return (await this.#send('POST', path, body, options)) as Answer
  }

  /** Asks for many things in one call; the answers are in the same order. */
  async postAll(path: string, bodies: readonly string[], options?: CallOptions): Promise<Answer[]> {
    return (await this.#send('POST', path, bodies, options)) as Answer[]
  }

  /** Closes the connections that are kept for further calls. */
  close(): void {
    this.#agent.destroy()
  }

  async #send(method: string, path: string, body: unknown, { signal }: CallOptions = {}): Promise<unknown> {
    signal?.throwIfAborted()
    this.#made++
    this.#underWay++
    try {
      const { response, content } = await this.#exchange(method, path, body, signal)
      const { statusCode = 0 } = response
      if (statusCode === 200) return JSON.parse(content) as unknown
      const seconds = response.headers['retry-after']
      throw new ServiceError(path, statusCode, seconds === undefined ? undefined : Number(seconds) * 1_000)
    } finally {
      this.#underWay--
    }
  }

  #exchange(
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<{ response: IncomingMessage; content: string }> {
    return new Promise((resolve, reject) => {
      let failure: Error | undefined
      let result: { response: IncomingMessage; content: string } | undefined
      const call = request(this.#url + path, { method, agent: this.#agent })
      const fail = (error: Error) => {
        failure ??= error
      }
      const leave = () => {
        fail(signal?.reason as Error)
        call.destroy()
      }
      signal?.addEventListener('abort', leave, { once: true })
      call.once('response', (response) => {
        let content = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          content += chunk
        })
        response.on('error', fail)
        response.once('end', () => {
          result = { response, content }
        })
      })
      call.on('error', fail)
      call.once('close', () => {
        signal?.removeEventListener('abort', leave)
        if (failure === undefined && result !== undefined) resolve(result)
        else reject(failure ?? new Error(`${path}: the connection was closed before the answer was complete`))
      })
      call.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}
