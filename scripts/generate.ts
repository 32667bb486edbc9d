/**
 * `npm run generate`: writes all that follows from the rules' declarations. With `--check` it writes
 * nothing, names the stale files and ends with 1 when there are any.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allOutputs } from './generate/allOutputs.ts'

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')
const stale: string[] = []

for (const output of await allOutputs(root)) {
  const path = join(root, output.path)
  const current = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  })
  const text = output.text(current)
  if (text === current) continue
  stale.push(output.path)
  if (!check) await writeFile(path, text)
}

if (stale.length === 0) console.log('All generated files are up to date.')
else if (check) {
  console.error(`Stale: ${stale.join(', ')}\nRun \`npm run generate\` and commit what it writes.`)
  process.exitCode = 1
} else console.log(`Wrote ${stale.join(', ')}`)
