/**
 * Whether what we offer may be taken: applies the fixes of a real project all at once, then its suggestions, the
 * first of each finding, the second, and so on, and compares the errors of parser and checker before and after. A
 * second round must find nothing more to fix. The project stays as it is: a copy is linted, beside which lie the
 * packages that suggestions may import, and the changes are made in memory. Exits 1 when something broke.
 *
 * `node --conditions=source test/bench/fixes/run.ts [--verbose] FOLDER…`
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { tryFixes, type Tally } from './tryFixes.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
})
if (positionals.length === 0) throw new Error('Name the folders of the projects to try, each with sources of its own.')

const table = new Map<string, Tally>()
for (const folder of positionals) {
  const { tally, problems } = inCopy(path.resolve(folder), tryFixes)
  table.set(path.basename(folder), tally)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  if (values.verbose) console.error(`${folder}: done after ${String(Math.round(performance.now() / 1000))} s`)
}
console.table(Object.fromEntries(table))

/** Without the project's packages, whose types may be missing anyway; those that lie beside it are found from below. */
function inCopy<T>(folder: string, work: (copy: string) => T): T {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'forkline-fixes-'))
  const packages = path.resolve(import.meta.dirname, '../../../node_modules')
  try {
    for (const name of ['@forkline/runtime', '@types/node']) {
      const link = path.join(home, 'node_modules', name)
      fs.mkdirSync(path.dirname(link), { recursive: true })
      fs.symlinkSync(path.join(packages, name), link)
    }
    const copy = path.join(home, path.basename(folder))
    fs.cpSync(folder, copy, {
      recursive: true,
      filter: (from) => !/^(?:node_modules|\.git)$/u.test(path.basename(from)),
    })
    return work(copy)
  } finally {
    fs.rmSync(home, { recursive: true, force: true })
  }
}
