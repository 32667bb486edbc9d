/** An HTTP server that bounds and groups its work with the runtime, under load from a process of its own. µs a request. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { group, Semaphore } from '@forkline/runtime'
import { begin, report, threadTime } from './report.ts'

const WARM_UP = 8_000
const MEASURED = 30_000

begin()
const connections = new Semaphore(16)
let served = 0
let start = 0
const server = createServer((request, response) => {
  void group.run(async tasks => {
    const [head, body] = await Promise.all([
      tasks.go(() => connections.use(() => Promise.resolve(request.url ?? ''))),
      tasks.go(() => connections.use(() => Promise.resolve(JSON.stringify({ items: Array.from({ length: 50 }, (_, id) => ({ id })) })))),
    ])
    response.setHeader('x-path', head)
    response.end(body)
    served++
    if (served === WARM_UP) start = threadTime()
    if (served === WARM_UP + MEASURED) server.emit('measured', threadTime() - start)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const load = fork(join(import.meta.dirname, 'load.js'), [String((server.address() as AddressInfo).port)])
const [time] = await once(server, 'measured') as [number]
load.kill('SIGKILL')
server.closeAllConnections()
server.close()
report({ figure: time * 1000 / MEASURED })
