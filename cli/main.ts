import './compileCache.ts'
import process from 'node:process'
import { rules } from '@forkline/lint'
import { isClosedPipe } from './output.ts'
import { run } from './run.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: Error) => {
    if (!isClosedPipe(error)) throw error
  })
}

let signal: NodeJS.Signals | undefined
const host = {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  rules,
  raise: (raised: NodeJS.Signals) => {
    signal = raised
  },
}

// The process ends by itself once everything is written: `process.exit` would cut off what a slow pipe still holds.
void run(process.argv.slice(2), host).then((exitCode) => {
  process.exitCode = exitCode
  if (signal !== undefined) process.kill(process.pid, signal)
})
