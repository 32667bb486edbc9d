/** What the servers do with a request. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { group, Semaphore } from '@forkline/runtime'

/** Answers a request, and settles when that is done. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const body = (): string => JSON.stringify({ items: Array.from({ length: 50 }, (_, id) => ({ id })) })

/** Groups and bounds its work with the library: ten records a request. */
export function grouping(): Answer {
  const connections = new Semaphore(16)
  return async (request, response) => {
    await group.run(async (tasks) => {
      const [path, text] = await Promise.all([
        tasks.go(() => connections.use(() => Promise.resolve(request.url ?? ''))),
        tasks.go(() => connections.use(() => Promise.resolve(body()))),
      ])
      response.setHeader('x-path', path)
      response.end(text)
    })
  }
}

/** Knows nothing of recordings: three records a request. */
export const plain: Answer = async (request, response) => {
  const path = await Promise.resolve(request.url ?? '')
  response.setHeader('x-path', path)
  response.end(body())
}
