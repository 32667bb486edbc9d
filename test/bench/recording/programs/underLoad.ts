import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Answer } from './answers.ts'

/** A server on loopback, and a process of its own that asks it. */
export class UnderLoad implements Disposable {
  readonly #server: Server
  readonly #load: ChildProcess

  private constructor(server: Server) {
    this.#server = server
    this.#load = fork(join(import.meta.dirname, 'load.js'), [String((server.address() as AddressInfo).port)])
  }

  static async serve(answer: Answer): Promise<UnderLoad> {
    const server = createServer((request, response) => {
      void answer(request, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new UnderLoad(server)
  }

  /** Waits until so many requests were asked and answered, as fast as it goes. Nothing is under way after that. */
  async requests(count: number): Promise<void> {
    this.#load.send(count)
    await once(this.#load, 'message')
  }

  [Symbol.dispose](): void {
    this.#load.disconnect()
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
