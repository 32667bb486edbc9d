import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)))

/** Programs are bundled into one file, as applications are, so that they run on any Node. */
describe('threads and the end of the process', () => {
  let folder = ''
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'forkline-threads-')) })
  afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

  async function run(name: string, contents: string): Promise<string> {
    const outfile = join(folder, `${name}.mjs`)
    await build({
      stdin: { contents, resolveDir: ROOT, loader: 'ts' }, outfile, conditions: ['source'],
      bundle: true, platform: 'node', format: 'esm', target: 'node20', keepNames: true, logLevel: 'silent',
    })
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 20_000 })
    return stdout
  }

  it('idle threads do not keep it alive; work that is under way does', async () => {
    expect(await run('idle', `
      import { threads } from '@forkline/runtime'
      const workers = threads(function twice(input: number) {
        const inner = (value: number) => value * 2
        return inner(input)
      }, { size: 2 })
      console.log(await workers.run(1))
      void workers.map([2, 3]).then(results => { console.log(results.join()) })
    `)).toBe('2\n4,6\n')
  })

  it('threads that were never used cost nothing', async () => {
    expect(await run('unused', `
      import { threads } from '@forkline/runtime'
      console.log(threads(() => 1).size > 0)
    `)).toBe('true\n')
  })
})
