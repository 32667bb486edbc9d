import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isThere, NODES } from '../register/build.ts'

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forkline-threads-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Programs are bundled into one file, as applications are, so that they run on any Node. */
async function bundled(name: string, contents: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    outfile,
    conditions: ['source'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true,
    logLevel: 'silent',
  })
  return outfile
}

for (const node of NODES) {
  describe.skipIf(!isThere(node))(`threads and the process, on ${node.name}`, () => {
    async function run(name: string, contents: string, args = (file: string) => [file]): Promise<string> {
      const file = await bundled(name, contents)
      const { stdout } = await promisify(execFile)(node.path, args(file), { timeout: 30_000 })
      return stdout
    }

    it('idle threads do not keep it alive; work that is under way does', async () => {
      expect(
        await run(
          'idle',
          `
        import { threads } from '@forkline/runtime'
        const workers = threads(function twice(input: number) {
          const inner = (value: number) => value * 2
          return inner(input)
        }, { size: 2 })
        console.log(await workers.run(1))
        void workers.map([2, 3]).then(results => { console.log(results.join()) })
      `,
        ),
      ).toBe('2\n4,6\n')
    })

    it('threads that were never used cost nothing', async () => {
      expect(
        await run(
          'unused',
          `
        import { threads } from '@forkline/runtime'
        console.log(threads(() => 1).size > 0)
      `,
        ),
      ).toBe('true\n')
    })

    it('a worker that never finishes loading does not keep it alive once nobody waits', async () => {
      expect(
        await run(
          'loading',
          `
        import { threads } from '@forkline/runtime'
        const url = 'data:text/javascript,setInterval(() => {}, 1e6); await new Promise(() => {}); export default () => 1'
        const workers = threads(url, { size: 1 })
        const controller = new AbortController()
        const call = workers.run(1, { signal: controller.signal })
        setTimeout(() => { controller.abort('enough') }, 50)
        await call.catch(error => { console.log(error) })
      `,
        ),
      ).toBe('enough\n')
    })

    it('a worker that is ready only when it is being ended is waited for', async () => {
      const module = `
        import { getEnvironmentData } from 'node:worker_threads'
        const flags = getEnvironmentData('flags')
        if (Atomics.add(flags, 0, 1) === 1) {
          Atomics.wait(flags, 1, 0)
          setImmediate(() => setImmediate(() => {
            Atomics.store(flags, 2, 1)
            Atomics.notify(flags, 2)
          }))
        }
        export default input => input * 2`
      expect(
        await run(
          'late',
          `
        import { setEnvironmentData } from 'node:worker_threads'
        import { threads } from '@forkline/runtime'
        const flags = new Int32Array(new SharedArrayBuffer(12))
        setEnvironmentData('flags', flags)
        const workers = threads<any>(${JSON.stringify(`data:text/javascript,${encodeURIComponent(module)}`)}, { size: 2 })
        console.log((await workers.map([1, 2, 3])).join())
        // The one that came first has done it all. The other one says that it is ready before this one hears of it.
        Atomics.store(flags, 1, 1)
        Atomics.notify(flags, 1)
        Atomics.wait(flags, 2, 0)
        await workers.close()
        console.log('closed')
      `,
        ),
      ).toBe('2,4,6\nclosed\n')
    })

    it('what a task prints is out before its result, whatever comes then', async () => {
      expect(
        await run(
          'print',
          `
        import { threads } from '@forkline/runtime'
        const workers = threads((lines: number) => {
          for (let line = 1; line <= lines; line++) console.log('line', line)
        }, { size: 1 })
        await workers.run(3)
        await workers.close()
        process.exit(0)
      `,
        ),
      ).toBe('line 1\nline 2\nline 3\n')
    })

    it('threads within threads: what the outer one is ended for ends the inner ones as well', async () => {
      await bundled(
        `inner-${node.name}`,
        `
        import { threads } from '@forkline/runtime'
        export default async (input: { value: number, hang: boolean }) => {
          const inner = threads((given: { value: number, hang: boolean }) => {
            while (given.hang) continue
            return given.value + 1
          }, { size: 2 })
          const results = await inner.map([input, input])
          await inner.close()
          return results
        }
      `,
      )
      expect(
        await run(
          'outer',
          `
        import { threads } from '@forkline/runtime'
        const workers = threads<any>(new URL(${JSON.stringify(`./inner-${node.name}.mjs`)}, import.meta.url), { size: 1 })
        console.log((await workers.run({ value: 1, hang: false }) as number[]).join())
        const hung = workers.run({ value: 1, hang: true }, { timeout: 300 })
        console.log(await hung.catch((error: Error) => error.message))
        console.log((await workers.run({ value: 2, hang: false }) as number[]).join())
        await workers.close()
      `,
        ),
      ).toBe('2,2\nTimed out after 300 ms\n3,3\n')
    })

    it('runs in a program that was given as an argument', async () => {
      expect(
        await run(
          'argument',
          `
        import { threads } from '@forkline/runtime'
        export const done = threads((input: number) => input * 2, { size: 1 }).run(21)
      `,
          (file) => [
            '--input-type=module',
            '--eval',
            `console.log(await (await import(${JSON.stringify(file)})).done)`,
          ],
        ),
      ).toBe('42\n')
    })

    it.skipIf(node.name === 'Node 20')('says so where threads are not allowed', async () => {
      expect(
        await run(
          'allowed',
          `
        import { threads } from '@forkline/runtime'
        const workers = threads((input: number) => input, { size: 1 })
        await workers.run(1).catch(error => { console.log(error.code) })
        await workers.map([1]).catch(error => { console.log(error.code) })
        await workers.close()
      `,
          (file) => ['--permission', '--allow-fs-read=*', file],
        ),
      ).toBe('ERR_ACCESS_DENIED\nERR_ACCESS_DENIED\n')
    })
  })
}
