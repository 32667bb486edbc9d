/**
 * Asks a server on loopback, over a few connections, as often as it is told to, and says when all was answered. It takes
 * apart as little of the answers as it can, so that the server is what everything waits for.
 */
import { connect, type Socket } from 'node:net'

const CONNECTIONS = 16

const REQUEST = 'GET /items HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'

/** One connection, with one request under way at a time. */
class Client {
  readonly #socket: Socket
  readonly #answered: () => void
  /** How long an answer is, in bytes: all are alike. Known once the first is there. */
  #length = 0
  #came = 0
  #head = ''

  constructor(port: number, answered: () => void) {
    this.#answered = answered
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (bytes: Buffer) => {
      this.#take(bytes)
    })
  }

  ask(): void {
    this.#socket.write(REQUEST)
  }

  #take(bytes: Buffer): void {
    this.#came += bytes.length
    if (this.#length === 0) {
      this.#head += bytes.toString('latin1')
      this.#length = lengthOf(this.#head)
    }
    if (this.#length === 0 || this.#came < this.#length) return
    this.#came -= this.#length
    this.#answered()
  }
}

/** Of a whole answer, by its head; 0 until that is there. */
function lengthOf(head: string): number {
  const end = head.indexOf('\r\n\r\n')
  if (end === -1) return 0
  const [, length] = /^content-length: *(\d+)/imu.exec(head.slice(0, end)) ?? []
  if (!head.startsWith('HTTP/1.1 200 ') || length === undefined)
    throw new Error(`Expected an answer of some length, got:\n${head}`)
  return end + 4 + Number(length)
}

let toAsk = 0
let toCome = 0
const clients = Array.from({ length: CONNECTIONS }, () => {
  const client = new Client(Number(process.argv[2]), () => {
    if (toAsk > 0) {
      toAsk--
      client.ask()
    }
    if (--toCome === 0) process.send?.('done')
  })
  return client
})

process.on('message', (count: number) => {
  toCome = count
  toAsk = count - CONNECTIONS
  for (const client of clients) client.ask()
})
process.on('disconnect', () => {
  process.exit()
})
