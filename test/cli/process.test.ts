import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { rules } from '@forkline/lint'
import { describe, expect, it } from 'vitest'
import { Sandbox } from './sandbox.ts'

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))

function start(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): ChildProcessByStdio<null, Readable, Readable> {
  const options = ['--conditions=source', MAIN, ...args]
  return spawn(process.execPath, options, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

describe('as a process', () => {
  it('writes all of a large output through a pipe before it ends', async () => {
    const sandbox = new Sandbox({ 'a.ts': `const = ; // ${'x'.repeat(3_000_000)}` })
    const child = start(['lint', '--format', 'json', 'a.ts'], sandbox.folder)
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
    })
    expect(await once(child, 'close')).toEqual([1, null])
    expect(JSON.parse(stdout)).toMatchObject([{ source: sandbox.read('a.ts') }])
  })

  it('ends quietly, with the exit code of the run, when the reader goes away', async () => {
    const sandbox = new Sandbox({ 'a.ts': `const = ; // ${'x'.repeat(3_000_000)}` })
    const child = start(['lint', '--format', 'json', 'a.ts'], sandbox.folder)
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
    })
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await once(child, 'close')).toEqual([1, null])
    expect(stderr).toBe('')
  })

  it('lists the rules that there are', async () => {
    const child = start(['rules', '--format', 'json'], new Sandbox({}).folder)
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    expect(await once(child, 'close')).toEqual([0, null])
    const listed = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id: string }[]
    expect(listed.map(({ id }) => id)).toEqual(rules.map(({ id }) => id))
  })

  it('keeps what Node compiles for the next run', async () => {
    const { folder } = new Sandbox({})
    const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder }
    delete env['NODE_COMPILE_CACHE']
    delete env['NODE_DISABLE_COMPILE_CACHE']
    const child = start(['rules'], folder, env)
    child.stdout.resume()
    expect(await once(child, 'close')).toEqual([0, null])
    expect(fs.readdirSync(path.join(folder, 'node-compile-cache'))).not.toEqual([])
  })
})
