/**
 * Preloaded into a program: counts the requests that its servers get, by method, kind of path and status, and writes
 * the counts to the file that `PATTERN_REPORT` names when the program ends. It looks at servers from outside, and knows
 * nothing of recordings.
 */
import { writeFileSync } from 'node:fs'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'

const counts: Record<string, number> = {}
const emit = Reflect.get(Server.prototype, 'emit') as (
  this: Server,
  event: string | symbol,
  ...args: unknown[]
) => boolean

Reflect.set(Server.prototype, 'emit', function (this: Server, event: string | symbol, ...args: unknown[]): boolean {
  if (event === 'request') count(...(args as [IncomingMessage, ServerResponse]))
  return Reflect.apply(emit, this, [event, ...args])
})

function count({ method = '', url = '' }: IncomingMessage, response: ServerResponse): void {
  const kind = `${method} ${url.replace(/article-\d+$/u, '*')}`
  response.once('finish', () => {
    const key = `${kind} ${String(response.statusCode)}`
    counts[key] = (counts[key] ?? 0) + 1
  })
}

process.on('exit', () => {
  const file = process.env['PATTERN_REPORT']
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
})
