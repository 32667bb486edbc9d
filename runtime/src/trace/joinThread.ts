/** What the workers of this library load when the recording was not started by `forkline run`, which sees to it itself. */
import { joinRecording } from './join.ts'
import { tracing } from './probe.ts'

if (tracing.probe === undefined) joinRecording()
