/**
 * `npm run nightly`: the checks that draw at random, with many more draws than `npm test` takes time for. `FORKLINE_RUNS`
 * and `FORKLINE_SEED` say how many and which, otherwise each night draws anew; a failure prints what repeats it.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import pc from 'picocolors'
import { root } from './host/paths.ts'

/** Test files of vitest that read the two variables. */
interface Step {
  readonly name: string
  readonly tests: string
  readonly runs: number
}

const STEPS: readonly Step[] = [
  { name: 'primitives against random programs', tests: 'test/runtime/properties', runs: 5000 },
  { name: 'recordings of programs that are killed', tests: 'test/runtime/trace/kill.test.ts', runs: 200 },
  { name: 'reader against mutated recordings', tests: 'test/trace/fuzz.test.ts', runs: 600_000 },
]

// The longest comes last, and by itself: it goes on where it was cut.
for (const step of STEPS) await runTests(step)
console.log(pc.bold('\nrules against interleavings'))
if ((await node({}, '--conditions=source', path.join(root, 'test/lint/interleavings/nightly.ts'))) !== 0)
  process.exitCode = 1

async function runTests({ name, tests, runs }: Step): Promise<void> {
  const env = {
    FORKLINE_RUNS: process.env['FORKLINE_RUNS'] ?? String(runs),
    FORKLINE_SEED: process.env['FORKLINE_SEED'] ?? String(Math.floor(Date.now() / 1000)),
  }
  console.log(pc.bold(`\n${name}: ${env.FORKLINE_RUNS} runs from seed ${env.FORKLINE_SEED}`))
  if ((await node(env, path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', tests)) === 0) return
  process.exitCode = 1
  console.error(
    `FORKLINE_RUNS=${env.FORKLINE_RUNS} FORKLINE_SEED=${env.FORKLINE_SEED} npx vitest run ${tests} repeats it`,
  )
}

async function node(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve(code ?? 1)
    })
  })
}
