/** `npm run pattern fan-out-fan-in`: runs one of examples/patterns against the sources; without a name, lists them. */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '../examples/patterns')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const [name, ...args] = process.argv.slice(2)

if (name === undefined || !names.includes(name)) {
  const problem = name === undefined ? '' : `There is no pattern \`${name}\`. `
  console.error(`${problem}Run \`npm run pattern NAME\` with one of\n  ${names.join('\n  ')}`)
  process.exitCode = name === undefined ? 0 : 1
} else {
  const command = ['--conditions=source', path.join(folder, `${name}.ts`), ...args]
  const child = spawn(process.execPath, command, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.once('close', (code) => {
    process.exitCode = code ?? 1
  })
}
