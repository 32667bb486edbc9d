/** An HTTP server that bounds and groups its work with the runtime, under load from a process of its own. µs a request. */
import { group, Semaphore } from '@forkline/runtime'
import { begin } from './report.ts'
import { underLoad } from './underLoad.ts'

begin()
const connections = new Semaphore(16)
await underLoad(async (request, response) => {
  await group.run(async (tasks) => {
    const [head, body] = await Promise.all([
      tasks.go(() => connections.use(() => Promise.resolve(request.url ?? ''))),
      tasks.go(() =>
        connections.use(() =>
          Promise.resolve(JSON.stringify({ items: Array.from({ length: 50 }, (_, id) => ({ id })) })),
        ),
      ),
    ])
    response.setHeader('x-path', head)
    response.end(body)
  })
})
