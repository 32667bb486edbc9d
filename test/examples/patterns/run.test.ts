import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { pool } from '@forkline/runtime'
import { beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const folder = resolve(root, 'examples/patterns')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const execute = promisify(execFile)

function run(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return execute(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } })
}

/** As `npm run pattern` does. */
function pattern(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run(resolve(root, 'scripts/pattern.ts'), ...args)
}

describe('a pattern', () => {
  let outputs: ReadonlyMap<string, string>

  beforeAll(async () => {
    const printed = await pool({ concurrency: 8 }).map(names, (name) =>
      run('--conditions=source', resolve(folder, `${name}.ts`)),
    )
    outputs = new Map(names.map((name, index) => [name, printed[index]?.stdout ?? '']))
  }, 120_000)

  it.each(names)('%s prints sequential and concurrent time and their ratio', (name) => {
    const output = outputs.get(name) ?? ''
    expect(output).toMatch(/^.+: sequential \d+ ms, concurrent \d+ ms, \d+\.\d times as fast$/mu)
    const remarks = output.split('\n').filter((line) => line !== '' && !line.includes(': sequential '))
    expect(remarks).not.toEqual([])
  })
})

describe('npm run pattern', () => {
  it('runs one', async () => {
    expect((await pattern('wait-group')).stdout).toContain(' times as fast')
  })

  it('lists the patterns when it is given no name, and when there is none of that name', async () => {
    const { stderr } = await pattern()
    for (const name of names) expect(stderr).toContain(`\n  ${name}\n`)
    await expect(pattern('no-such-pattern')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no pattern `no-such-pattern`') as string,
    })
  })
})

describe('README.md', () => {
  it('lists all patterns, one command each', () => {
    const readme = readFileSync(resolve(root, 'README.md'), 'utf8')
    const listed = [...readme.matchAll(/`npm run pattern ([a-z-]+)`/gu)].map(([, name]) => name)
    expect(listed.sort()).toEqual([...names].sort())
  })
})
