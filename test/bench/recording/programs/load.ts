/** Asks a server on loopback as fast as it answers, over a few connections, until the server ends it. */
import { Agent, get } from 'node:http'

const CONNECTIONS = 16

const port = Number(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/items', agent }, (response) => {
      response.resume()
      response.once('end', resolve)
    }).once('error', reject)
  })
}

for (let client = 0; client < CONNECTIONS; client++) {
  void (async () => {
    for (;;) await ask()
  })()
}
