/** An HTTP server that knows nothing of recordings, as `forkline run` records it, under load. µs a request. */
import { openSync } from 'node:fs'
import { instrument } from '../../../../runtime/src/register/instrument.ts'
import { startRecording } from '../../../../runtime/src/trace/start.ts'
import { underLoad } from './underLoad.ts'

const [, , out] = process.argv
if (out !== undefined) {
  const { recorder } = startRecording({ file: openSync(out, 'wx') })
  instrument(recorder, { run: '', out, notes: '', promises: false, live: false })
}
await underLoad(async (request, response) => {
  const path = await Promise.resolve(request.url ?? '')
  response.setHeader('x-path', path)
  response.end(JSON.stringify({ items: Array.from({ length: 50 }, (_, id) => ({ id })) }))
})
