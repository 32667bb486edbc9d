import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { report, threadTime } from './report.ts'

const WARM_UP = 8_000
const MEASURED = 30_000

/** Serves under load from a process of its own, and reports the time on a processor that a request takes, in µs. */
export async function underLoad(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<void> {
  let served = 0
  let start = 0
  const count = (): void => {
    served++
    if (served === WARM_UP) start = threadTime()
    if (served === WARM_UP + MEASURED) server.emit('measured', threadTime() - start)
  }
  const server = createServer((request, response) => {
    void answer(request, response).then(count)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const load = fork(join(import.meta.dirname, 'load.js'), [String((server.address() as AddressInfo).port)])
  const [time] = (await once(server, 'measured')) as [number]
  load.kill('SIGKILL')
  server.closeAllConnections()
  server.close()
  report({ figure: (time * 1000) / MEASURED })
}
