/** An HTTP server that bounds and groups its work with the library, recorded and not in turns. */
import { record } from '@forkline/runtime/trace'
import { tracing } from '../../../../runtime/src/trace/probe.ts'
import { grouping } from './answers.ts'
import { byTurns } from './byTurns.ts'
import { UnderLoad } from './underLoad.ts'

record(process.argv[2] ?? '')
const { probe } = tracing
// What the library asks each time is set by hand: to stop and begin a recording takes a thread and a file each time.
using load = await UnderLoad.serve(grouping())
await byTurns(
  (count) => load.requests(count),
  (on) => {
    tracing.probe = on ? probe : undefined
  },
)
