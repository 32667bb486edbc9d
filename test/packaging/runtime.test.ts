import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { readRecording, summarise, Trace } from '@forkline/trace'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runtimeModules } from '../../scripts/build/runtimeModules.ts'
import { emitRuntimeTypes } from '../../scripts/build/runtimeTypes.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const NODE_20 = join(ROOT, 'test/node_modules/node/bin/node')
const run = promisify(execFile)

/** Bytes after gzip that all but threads may take in a browser, and that one small primitive may take. */
const LIMIT = 10_430
const SMALL = 1000

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>
  readonly dependencies?: unknown
}

describe('the packed runtime', () => {
  let folder = ''
  let installed = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forkline-runtime-'))
    await build(runtimeModules(ROOT))
    emitRuntimeTypes(ROOT)
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: join(ROOT, 'runtime'),
    })
    const packed = JSON.parse(stdout) as Record<string, { filename: string }> | { filename: string }[]
    const [{ filename } = { filename: '' }] = Object.values(packed)
    await writeFile(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], { cwd: folder })
    installed = join(folder, 'node_modules/@forkline/runtime')
  }, 120_000)
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  async function bundle(code: string): Promise<{ text: string; bytes: number }> {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: folder },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      minify: true,
    })
    const text = outputFiles[0]?.text ?? ''
    return { text, bytes: gzipSync(text, { level: 9 }).length }
  }

  async function write(name: string, code: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, code)
    return path
  }

  async function manifest(): Promise<Manifest> {
    return JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Manifest
  }

  it('holds its code, its types, its page and its licence, and depends on nothing', async () => {
    expect((await readdir(installed)).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src'])
    expect((await manifest()).dependencies).toBeUndefined()
  })

  it('has every file that its exports name', async () => {
    const { exports } = await manifest()
    const files = (entry: unknown): string[] =>
      typeof entry === 'string' ? [entry] : Object.values(entry as object).flatMap(files)
    expect(files(exports).filter((file) => !existsSync(join(installed, file)))).toEqual([])
  })

  const program = `
    import { group, pipeline, pool, threads } from '@forkline/runtime'
    import { Mutex } from '@forkline/runtime/mutex'
    import { threads as alone } from '@forkline/runtime/threads'
    const doubled = await pool({ concurrency: 2 }).map([1, 2, 3], async item => item * 2)
    const batches = await pipeline(doubled).map(item => item + 1).batch(2).collect()
    const locked = await new Mutex().runExclusive(() => 'locked')
    const workers = threads(numbers => numbers.map(each => each * each), { size: 1 })
    const squares = await workers.run([3, 4])
    await workers.close()
    console.log(JSON.stringify([doubled, batches, locked, squares, alone === threads, typeof group]))
  `
  const printed = '[[2,4,6],[[3,5],[7]],"locked",[9,16],true,"function"]\n'

  it('runs from plain JavaScript', async () => {
    const { stdout } = await run(process.execPath, [await write('plain.mjs', program)], { cwd: folder })
    expect(stdout).toBe(printed)
  })

  it.runIf(existsSync(NODE_20))('runs from plain JavaScript on Node 20', async () => {
    const { stdout } = await run(NODE_20, [await write('plain20.mjs', program)], { cwd: folder })
    expect(stdout).toBe(printed)
  })

  it.each([
    ['this Node', process.execPath],
    ['Node 20', NODE_20],
  ])('records itself, on %s', async (name, node) => {
    if (!existsSync(node)) return
    const script = await write(
      'recorded.mjs',
      `
      import { pool } from '@forkline/runtime'
      import { record } from '@forkline/runtime/trace'
      const recording = record(process.argv[2])
      recording.flush()
      await pool({ concurrency: 2, name: 'packed' }).map([1, 2, 3], value => value)
    `,
    )
    const file = join(folder, `${name.replaceAll(' ', '-')}.fltrace`)
    await run(node, [script, file], { cwd: folder })
    const trace = new Trace()
    readRecording(trace, await readFile(file))
    const { tasks, scopes } = summarise(trace)
    expect(tasks).toMatchObject({ total: 3, ok: 3 })
    expect(scopes).toMatchObject([{ kind: 'pool', name: 'packed', limit: 2 }])
  })

  it('runs its threads from a bundle that was minified and keeps names', async () => {
    const outfile = join(folder, 'bundle.mjs')
    await build({
      stdin: {
        contents: `
        import { threads } from '@forkline/runtime'
        const workers = threads(value => value * 2, { size: 1 })
        console.log(await workers.run(4))
      `,
        resolveDir: folder,
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      minify: true,
      keepNames: true,
    })
    expect((await run(process.execPath, [outfile])).stdout).toBe('8\n')
  })

  it('is typed, with the module resolutions of Node and of bundlers', async () => {
    await write(
      'typed.ts',
      `
      import { all, pool, threads, type Pool, type Threads } from '@forkline/runtime'
      import { Semaphore } from '@forkline/runtime/semaphore'
      import { RateLimiter } from '@forkline/runtime/rate-limiter'
      const workers: Pool = pool({ concurrency: 2, rate: new RateLimiter({ limit: 1, interval: 1 }) })
      export const results: Promise<string[]> = workers.map([1], async item => String(item))
      export const both: Promise<[number, string]> = all([() => 1, () => 'x'])
      export const permit: Disposable | undefined = new Semaphore(1).tryAcquire()
      export const square: Threads<{ readonly default: (value: number) => number }> = threads((value: number) => value ** 2)
      // @ts-expect-error -- not a number
      pool({ concurrency: 'many' })
    `,
    )
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      await write(
        'tsconfig.json',
        JSON.stringify({
          compilerOptions: {
            module,
            moduleResolution,
            strict: true,
            target: 'es2022',
            noEmit: true,
            skipLibCheck: false,
            types: [],
            lib: ['es2022', 'dom', 'esnext.disposable'],
          },
          files: ['typed.ts'],
        }),
      )
      const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
      const { stdout } = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch(
        (error: unknown) => ({ stdout: (error as { stdout: string }).stdout }),
      )
      expect(stdout).toBe('')
    }
  }, 60_000)

  it('is found and typed by projects that resolve modules as Node did before exports', async () => {
    await write(
      'older.ts',
      `
      import { pool } from '@forkline/runtime'
      export const texts: Promise<string[]> = pool({ concurrency: 2 }).map([1, 2], n => String(n))
    `,
    )
    await write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          module: 'esnext',
          moduleResolution: 'node10',
          ignoreDeprecations: '6.0',
          strict: true,
          target: 'es2022',
          noEmit: true,
          types: [],
          lib: ['es2022', 'dom', 'esnext.disposable'],
        },
        files: ['older.ts'],
      }),
    )
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch(
      (error: unknown) => ({ stdout: (error as { stdout: string }).stdout }),
    )
    expect(stdout).toBe('')
  }, 60_000)

  it('goes into browsers without anything of Node', async () => {
    const { text } = await bundle(`
      import * as everything from '@forkline/runtime'
      import { threads } from '@forkline/runtime/threads'
      console.log(everything, threads)
    `)
    expect(text).not.toContain('from"node:')
    expect(text).not.toContain('import("node:')
    expect(text).toContain('needs the worker threads of Node')
  })

  it(`takes at most ${String(LIMIT)} B, gzipped, without threads`, async () => {
    const { threads, ...rest } = await import('@forkline/runtime')
    expect(threads).toBeTypeOf('function')
    const { bytes } = await bundle(`export { ${Object.keys(rest).join(', ')} } from '@forkline/runtime'`)
    console.log(`All of the runtime but threads: ${String(bytes)} B gzipped`)
    expect(bytes).toBeLessThanOrEqual(LIMIT)
  })

  it('leaves no trace of what is not used', async () => {
    expect(
      (await bundle("import * as runtime from '@forkline/runtime'\nexport const unrelated = 1")).text,
    ).not.toContain('class')
    const fromAll = await bundle("export { sleep } from '@forkline/runtime'")
    expect(fromAll.text.length).toBe((await bundle("export { sleep } from '@forkline/runtime/sleep'")).text.length)
    expect(fromAll.bytes).toBeLessThan(SMALL)
  })

  it('each primitive can be imported alone, for less than the whole', async () => {
    const { exports } = await manifest()
    const whole = (await bundle("export * from '@forkline/runtime'")).bytes
    for (const [path, target] of Object.entries(exports)) {
      // Recording is for Node only, and what has only a source is for the other parts of this repository.
      if (['.', './trace'].includes(path) || !(target instanceof Object && 'default' in target)) continue
      const alone = await bundle(`export * from '@forkline/runtime/${path.slice(2)}'`)
      expect(alone.text, path).toContain('export{')
      expect(alone.bytes, path).toBeLessThan(whole * 0.75)
    }
  })

  it('runs in a browser', async () => {
    await mkdir(join(folder, 'out'), { recursive: true })
    const { text } = await bundle(`
      import { pool } from '@forkline/runtime'
      globalThis.result = pool().map([1, 2], item => item * 2)
    `)
    // A context without `process`, as browsers are.
    const { createContext, runInContext } = await import('node:vm')
    const context = createContext({ AbortController, DOMException, performance, setTimeout, clearTimeout })
    runInContext(text, context)
    expect([...(await (context['result'] as Promise<number[]>))]).toEqual([2, 4])
  })
})
