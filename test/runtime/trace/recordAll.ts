/**
 * Records the tests of a file: they must pass as they do without. What is
 * recorded is thrown away; `test/runtime/trace` looks at recordings.
 */
import { openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { startRecording } from '../../../runtime/src/trace/start.ts'

const file = join(tmpdir(), `forkline-test-${String(process.pid)}-${String(Date.now())}.fltrace`)
const recording = startRecording({ file: openSync(file, 'w') })
afterAll(() => {
  recording.stop()
  rmSync(file)
})
