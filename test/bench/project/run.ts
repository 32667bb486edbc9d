/**
 * How long a whole project takes: all of our rules beside ESLint with four typed rules of typescript-eslint, and
 * beside oxlint with the same four through tsgolint. Each starts afresh, as in CI. Exits 1 when we are slower than
 * ESLint.
 *
 * `node --conditions=source test/bench/project/run.ts [--rounds N]`
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { generateServices } from '../edit/generate.ts'
import { type Contender, eslint, forkline, oxlint } from './contenders.ts'

const FILES = [200, 2000] as const
const CONTENDERS: readonly Contender[] = [forkline, eslint, oxlint]

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds must be a whole number from 1 on, not ${values.rounds}`)

const table: Record<string, string | number>[] = []
for (const files of FILES) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'forkline-bench-'))
  try {
    generateServices(root, files)
    table.push(...measure(root, files))
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}
console.log(`Seconds to lint a whole project, median of ${String(rounds)} rounds in turn, Node ${process.version}`)
console.table(table)

function measure(root: string, files: number): Record<string, string | number>[] {
  const times = new Map(CONTENDERS.map((contender) => [contender, [] as number[]]))
  const findings = new Map<Contender, number>()
  for (let round = 0; round < rounds; round++) {
    for (const contender of CONTENDERS) {
      const start = performance.now()
      findings.set(contender, contender.lint(root))
      times.get(contender)?.push(performance.now() - start)
    }
  }
  const ours = median(times.get(forkline) ?? [])
  if (ours >= median(times.get(eslint) ?? [])) {
    process.exitCode = 1
    console.error(`Too slow: ${String(files)} files take longer than with ESLint`)
  }
  return CONTENDERS.map((contender) => {
    const seconds = median(times.get(contender) ?? []) / 1000
    return {
      files,
      linter: contender.name,
      seconds: seconds.toFixed(2),
      'times ours': ((seconds * 1000) / ours).toFixed(2),
      findings: findings.get(contender) ?? 0,
    }
  })
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}
