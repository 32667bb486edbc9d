/**
 * How long after an edit the findings are there: all of our rules beside the two promise rules of
 * typescript-eslint, on the same edits in the same process. Exits 1 when we are not fast enough.
 *
 * `node --conditions=source test/bench/edit/run.ts [--edits N]`
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { typing } from './edits.ts'
import { generateProject, type Size } from './generate.ts'
import { type EditLinter, forkline, typescriptEslint } from './linters.ts'

/** At the median, on each size. */
const TIMES_FASTER = 4
/** In milliseconds, for 95 of 100 edits of the 2,000-line file. */
const LONGEST_WAIT = 100
/** Edits before the measured ones, so that both linters run compiled code. */
const WARM_UP = 8

interface Measured {
  readonly times: number[]
  readonly phases: Record<string, number[]>
  findings: number
}

function measure(linters: readonly EditLinter[], file: string, edits: number): Map<EditLinter, Measured> {
  const results = new Map<EditLinter, Measured>()
  for (const linter of linters) results.set(linter, { times: [], phases: {}, findings: 0 })
  const original = fs.readFileSync(file, 'utf8')
  let step = 0
  for (const text of typing(original, WARM_UP + edits)) {
    // Neither always goes first: the second would find caches of the processor warm, or its memory full.
    const order = step % 2 === 0 ? [...results] : [...results].reverse()
    for (const [linter, result] of order) {
      const start = performance.now()
      result.findings = linter.edit(file, text)
      const time = performance.now() - start
      if (step < WARM_UP) continue
      result.times.push(time)
      for (const [phase, spent] of Object.entries(linter.phases())) (result.phases[phase] ??= []).push(spent)
    }
    step++
  }
  return results
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

const ms = (value: number): string => value.toFixed(1)

function row(size: Size, ours: Measured, theirs: Measured): Record<string, string | number> {
  const phases = Object.entries(ours.phases).map(([name, times]) => [`${name} p50`, ms(percentile(times, 0.5))])
  return {
    lines: size,
    'forkline p50': ms(percentile(ours.times, 0.5)),
    p95: ms(percentile(ours.times, 0.95)),
    'typescript-eslint p50': ms(percentile(theirs.times, 0.5)),
    'p95 ': ms(percentile(theirs.times, 0.95)),
    'times faster': (percentile(theirs.times, 0.5) / percentile(ours.times, 0.5)).toFixed(1),
    ...(Object.fromEntries(phases) as Record<string, string>),
    findings: `${String(ours.findings)} / ${String(theirs.findings)}`,
  }
}

function shortfalls(size: Size, ours: Measured, theirs: Measured): string[] {
  const found: string[] = []
  const ratio = percentile(theirs.times, 0.5) / percentile(ours.times, 0.5)
  if (!(ratio >= TIMES_FASTER)) {
    const expected = `expected at least ${String(TIMES_FASTER)}`
    found.push(`${String(size)} lines: ${ratio.toFixed(1)} times faster at p50, ${expected}`)
  }
  const wait = percentile(ours.times, 0.95)
  if (size === 2000 && !(wait < LONGEST_WAIT)) {
    found.push(`${String(size)} lines: ${ms(wait)} ms at p95, expected less than ${String(LONGEST_WAIT)} ms`)
  }
  for (const { findings } of [ours, theirs]) {
    if (findings === 0) found.push(`${String(size)} lines: a linter found nothing, so its times say nothing`)
  }
  return found
}

function main(): number {
  const { values } = parseArgs({ options: { edits: { type: 'string', default: '40' } } })
  const edits = Number(values.edits)
  if (!Number.isInteger(edits) || edits < 1) {
    throw new TypeError(`Expected --edits to be a whole number above 0, got \`${values.edits}\``)
  }
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'forkline-bench-')))
  try {
    const targets = generateProject(root)
    using ours = forkline(root)
    using theirs = typescriptEslint(root)
    const rows: Record<string, string | number>[] = []
    const short: string[] = []
    for (const [size, file] of targets) {
      const results = measure([ours, theirs], file, edits)
      const [mine, other] = [results.get(ours), results.get(theirs)]
      if (mine === undefined || other === undefined) throw new Error('A linter was not measured')
      rows.push(row(size, mine, other))
      short.push(...shortfalls(size, mine, other))
    }
    console.log(`Milliseconds from an edit to its findings, ${String(edits)} edits per size, Node ${process.version}`)
    console.table(rows)
    for (const line of short) console.error(`Too slow: ${line}`)
    return short.length === 0 ? 0 : 1
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}

process.exitCode = main()
