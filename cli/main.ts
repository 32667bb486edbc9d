import process from 'node:process'
import { rules } from '@forkline/lint'
import { isClosedPipe } from './output.ts'
import { run } from './run.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: Error) => {
    if (!isClosedPipe(error)) throw error
  })
}

const host = { cwd: process.cwd(), env: process.env, stdout: process.stdout, stderr: process.stderr, rules }

// The process ends by itself once everything is written: `process.exit` would cut off what a slow pipe still holds.
void run(process.argv.slice(2), host).then((exitCode) => { process.exitCode = exitCode })
