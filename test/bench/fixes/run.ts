/**
 * Whether what we offer may be taken: applies the fixes of a real project all at once, then its suggestions, the
 * first of each finding, the second, and so on, and compares the errors of parser and checker before and after. A
 * second round must find nothing more to fix, and no more of what a suggestion was for. The project stays as it is: a
 * copy is linted, beside which lie the packages that suggestions may import, and the changes are made in memory. Exits 1
 * when something broke.
 *
 * With `--command`, such as the project's tests, its packages are copied as well, the changes are written into the copy,
 * and the commands run there before and after: what they say has failed must be the same.
 *
 * `node --conditions=source test/bench/fixes/run.ts [--verbose] [--command COMMAND]… [--minutes N] FOLDER…`
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { tryCommands } from './tryCommands.ts'
import { tryFixes } from './tryFixes.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    verbose: { type: 'boolean', default: false },
    command: { type: 'string', multiple: true, default: [] },
    minutes: { type: 'string', default: '15' },
  },
})
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error(`Expected a number of minutes behind --minutes, got "${values.minutes}".`)
const isWhole = values.command.length > 0
if (positionals.length === 0) throw new Error('Name the folders of the projects to try, each with sources of its own.')

const table: Record<string, object> = {}
for (const folder of positionals) {
  const name = path.basename(folder)
  const problems = await inCopy(path.resolve(folder), async (copy) => {
    if (!isWhole) {
      const tried = tryFixes(copy)
      table[name] = tried.tally
      return tried.problems
    }
    const tried = await tryCommands(copy, values.command, minutes)
    for (const [kind, round] of Object.entries(tried.rounds)) table[`${name}: ${kind}`] = round
    return tried.problems
  })
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  if (values.verbose) console.error(`${folder}: done after ${String(Math.round(performance.now() / 1000))} s`)
}
console.table(table)

/**
 * Without the project's packages, whose types may be missing anyway, unless its commands need them; those that lie beside it
 * are found from below.
 */
async function inCopy<T>(folder: string, work: (copy: string) => Promise<T>): Promise<T> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'forkline-fixes-'))
  const packages = path.resolve(import.meta.dirname, '../../../node_modules')
  try {
    for (const name of ['@forkline/runtime', '@types/node']) {
      const link = path.join(home, 'node_modules', name)
      fs.mkdirSync(path.dirname(link), { recursive: true })
      fs.symlinkSync(path.join(packages, name), link)
    }
    const copy = path.join(home, path.basename(folder))
    const leftOut = isWhole ? /^\.git$/u : /^(?:node_modules|\.git)$/u
    fs.cpSync(folder, copy, {
      recursive: true,
      // Neighbours in a monorepo are links to their sources, which must lead into the copy.
      verbatimSymlinks: isWhole,
      filter: (from) => !leftOut.test(path.basename(from)),
    })
    return await work(copy)
  } finally {
    fs.rmSync(home, { recursive: true, force: true })
  }
}
