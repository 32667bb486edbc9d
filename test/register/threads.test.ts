import { join } from 'node:path'
import { scopeKind, summarise, type Trace } from '@forkline/trace'
import { type BuildOptions, build as bundle } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Build, buildTools, isThere, NODES, ROOT } from './build.ts'
import { Program } from './program.ts'

let build: Build
beforeAll(async () => {
  build = await buildTools()
}, 60_000)
afterAll(() => {
  build.remove()
})

const OPTIONS = {
  write: false as const,
  conditions: ['source'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  keepNames: true,
  logLevel: 'silent',
} satisfies BuildOptions

/** A program in one file, as applications are bundled, so that it runs on any Node. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await bundle({ ...OPTIONS, stdin: { contents, resolveDir: ROOT, loader: 'ts' } })
  return outputFiles[0]?.text ?? ''
}

/** A module of the recorder, to lie beside the program. */
async function beside(name: string): Promise<string> {
  const { outputFiles } = await bundle({ ...OPTIONS, entryPoints: [join(ROOT, `runtime/src/trace/${name}.ts`)] })
  return outputFiles[0]?.text ?? ''
}

function rowsOf(trace: Trace, kind: string): number[] {
  return Array.from({ length: trace.scopes.length }, (_, row) => row).filter((row) => scopeKind(trace, row) === kind)
}

for (const node of NODES) {
  describe.skipIf(!isThere(node))(`threads of the runtime, recorded on ${node.name}`, () => {
    it('what runs within a worker is part of the task that it runs for', async () => {
      const program = new Program(build, {
        'app.mjs': await bundled(`
          import { threads } from '@forkline/runtime'
          const workers = threads(async (input: number) => {
            await Promise.all([new Promise(resolve => { setTimeout(resolve, 5) })])
            return input * 2
          }, { size: 2, name: 'double' })
          console.log((await workers.map([1, 2, 3])).join())
          await workers.close()`),
      })
      expect(await program.record('app.mjs', { node: node.path })).toEqual({
        exitCode: 0,
        signal: null,
        stdout: '2,4,6\n',
        stderr: '',
      })
      const trace = program.trace()
      expect(trace.recordings[0]).toMatchObject({ nonsense: 0, damage: [] })
      const { scopes } = summarise(trace)
      expect(scopes.filter(({ kind }) => kind === 'threads')).toMatchObject([{ name: 'double', limit: 2, tasks: 3 }])
      // Each worker is there once: as one of its pool.
      expect(scopes.filter(({ kind }) => kind === 'worker')).toMatchObject([{ name: 'double', tasks: 2 }])
      const [pool = -1] = rowsOf(trace, 'threads')
      const parents = rowsOf(trace, 'all').map((row) => (trace.scopes.parent[row] ?? 0) - 1)
      expect(new Set(parents).size).toBe(3)
      for (const task of parents) expect(trace.tasks.scope[task]).toBe(pool + 1)
    })
  })
}

describe('a recording that a program makes of itself', () => {
  it('holds what the workers of its threads do with the runtime', async () => {
    const program = new Program(build, {
      'app.mjs': await bundled(`
        import { threads } from '@forkline/runtime'
        import { record } from '@forkline/runtime/trace'
        const recording = record('own.fltrace')
        const workers = threads(new URL('work.mjs', import.meta.url), { size: 1 })
        console.log(await workers.run(3))
        await workers.close()
        recording.stop()`),
      'work.mjs': await bundled(`
        import { group } from '@forkline/runtime'
        export default count => group.run(async tasks => {
          for (let index = 0; index < count; index++) void tasks.go(() => index)
          return (await tasks.wait()).length
        }, { name: 'inner' })`),
      'writer.js': await beside('writer'),
      'joinThread.js': await beside('joinThread'),
      'package.json': '{ "type": "module" }',
    })
    expect(await program.run([process.execPath, 'app.mjs'])).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '3\n',
      stderr: '',
    })
    const trace = program.trace()
    expect(trace.recordings[0]).toMatchObject({ nonsense: 0, damage: [] })
    const [inner = -1] = rowsOf(trace, 'group')
    expect(trace.strings.at(trace.scopes.name[inner] ?? 0)).toBe('inner')
    expect(trace.tasks.scope[(trace.scopes.parent[inner] ?? 0) - 1]).toBe((rowsOf(trace, 'threads')[0] ?? -1) + 1)
  })
})
