/** An HTTP server that bounds and groups its work with the runtime, under load from a process of its own. Requests/s. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { group, Semaphore } from '@forkline/runtime'
import { begin, report } from './report.ts'

begin()
const connections = new Semaphore(16)
const server = createServer((request, response) => {
  void group.run(async tasks => {
    const [head, body] = await Promise.all([
      tasks.go(() => connections.use(() => Promise.resolve(request.url ?? ''))),
      tasks.go(() => connections.use(() => Promise.resolve(JSON.stringify({ items: Array.from({ length: 50 }, (_, id) => ({ id })) })))),
    ])
    response.setHeader('x-path', head)
    response.end(body)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const load = fork(join(import.meta.dirname, 'load.ts'), [String((server.address() as AddressInfo).port)])
const [perSecond] = await once(load, 'message') as [number]
await once(load, 'exit')
server.closeAllConnections()
server.close()
report(perSecond)
