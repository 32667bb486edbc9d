/** An HTTP server that knows nothing of recordings, recorded as `forkline run` does it, and not, in turns. */
import { Channel, type ChannelListener } from 'node:diagnostics_channel'
import { openSync } from 'node:fs'
import { instrument } from '../../../../runtime/src/register/instrument.ts'
import { startRecording } from '../../../../runtime/src/trace/start.ts'
import { plain } from './answers.ts'
import { byTurns } from './byTurns.ts'
import { UnderLoad } from './underLoad.ts'

/** What the recorder listens to, from which all comes that it records of this server. */
const subscriptions: (readonly [Channel, ChannelListener])[] = []
const { subscribe } = Channel.prototype as { readonly subscribe: Channel['subscribe'] }
Channel.prototype.subscribe = function (listener) {
  subscriptions.push([this, listener])
  Reflect.apply(subscribe, this, [listener])
}

const out = process.argv[2] ?? ''
const { recorder } = startRecording({ file: openSync(out, 'wx') })
instrument(recorder, { run: '', out, notes: '', promises: false, live: false })
Channel.prototype.subscribe = subscribe

let isOn = true
function turn(on: boolean): void {
  if (on === isOn) return
  isOn = on
  for (const [channel, listener] of subscriptions) {
    if (on) channel.subscribe(listener)
    else channel.unsubscribe(listener)
  }
}

using load = await UnderLoad.serve(plain)
await byTurns((count) => load.requests(count), turn)
