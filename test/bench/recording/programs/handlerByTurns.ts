/** What the server with groups does with a request, over and over without a server, recorded and not in turns. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { record } from '@forkline/runtime/trace'
import { tracing } from '../../../../runtime/src/trace/probe.ts'
import { grouping } from './answers.ts'
import { byTurns } from './byTurns.ts'

/** So many requests are under way at a time, … */
const AT_ONCE = 10
/** … each followed by so many others: together a part of each turn. */
const TIMES = 5

record(process.argv[2] ?? '')
const { probe } = tracing
const answer = grouping()
const request = { url: '/items' } as IncomingMessage
const response = { setHeader: () => response, end: () => response } as unknown as ServerResponse
await byTurns(
  async (count) => {
    for (let begun = 0; begun < count; begun += AT_ONCE * TIMES) {
      const connections = Array.from({ length: AT_ONCE }, async () => {
        for (let time = 0; time < TIMES; time++) await answer(request, response)
      })
      for (const connection of connections) await connection
    }
  },
  (on) => {
    tracing.probe = on ? probe : undefined
  },
)
