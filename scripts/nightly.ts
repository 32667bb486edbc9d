/**
 * `npm run nightly`: the checks that draw at random, with many more draws than `npm test` takes time for. Each step sets
 * `FORKLINE_RUNS` and a fresh `FORKLINE_SEED`, unless they are given; a failure prints what repeats it.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import pc from 'picocolors'
import { root } from './host/paths.ts'

interface Step {
  readonly name: string
  /** Test files of vitest that read the two variables. */
  readonly tests: string
  readonly runs: number
}

const STEPS: readonly Step[] = [
  { name: 'rules against interleavings', tests: 'test/lint/interleavings', runs: 1_000_000 },
  { name: 'primitives against random programs', tests: 'test/runtime/properties', runs: 5000 },
  { name: 'reader against mutated recordings', tests: 'test/trace/fuzz.test.ts', runs: 600_000 },
]

const seed = process.env['FORKLINE_SEED'] ?? String(Math.floor(Date.now() / 1000))
for (const { name, tests, runs } of STEPS) {
  const env = { FORKLINE_RUNS: process.env['FORKLINE_RUNS'] ?? String(runs), FORKLINE_SEED: seed }
  console.log(pc.bold(`\n${name}: ${env.FORKLINE_RUNS} runs from seed ${seed}`))
  if ((await run(tests, env)) !== 0) {
    process.exitCode = 1
    console.error(`FORKLINE_RUNS=${env.FORKLINE_RUNS} FORKLINE_SEED=${seed} npx vitest run ${tests} repeats it`)
  }
}

async function run(tests: string, env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', tests], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve(code ?? 1)
    })
  })
}
