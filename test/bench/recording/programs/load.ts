/** Asks a server on loopback as fast as it answers, over a few connections, and tells how many requests a second it made. */
import { Agent, get } from 'node:http'

const CONNECTIONS = 16
const WARM_UP_MS = 1000
const MEASURED_MS = 4000

const port = Number(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
let answered = 0
let going = true

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/items', agent }, response => {
      response.resume()
      response.once('end', resolve)
    }).once('error', reject)
  })
}

async function client(): Promise<void> {
  while (going) {
    await ask()
    answered++
  }
}

const clients = Array.from({ length: CONNECTIONS }, client)
await new Promise(resolve => { setTimeout(resolve, WARM_UP_MS) })
answered = 0
const start = performance.now()
await new Promise(resolve => { setTimeout(resolve, MEASURED_MS) })
const perSecond = answered * 1000 / (performance.now() - start)
going = false
await Promise.all(clients)
agent.destroy()
process.send?.(perSecond)
process.disconnect()
