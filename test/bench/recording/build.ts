import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'

const ROOT = join(import.meta.dirname, '../../..')

/** The library as it is in browsers, where nothing can be recorded. */
const withoutTracing: Plugin = {
  name: 'without-tracing',
  setup(building) {
    building.onResolve({ filter: /^#traced$/ }, () => ({ path: join(ROOT, 'runtime/src/untraced.ts') }))
  },
}

/** The programs that are measured, and the recorder, in JavaScript as they are shipped: Node takes no types away. */
export interface Programs {
  readonly folder: string
  remove(): void
}

export async function buildPrograms(names: readonly string[]): Promise<Programs> {
  const folder = mkdtempSync(join(tmpdir(), 'forkline-bench-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const options: BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    outdir: folder,
    logLevel: 'warning',
  }
  const programs = join(import.meta.dirname, 'programs')
  await build({
    ...options,
    entryPoints: [...names.map((name) => join(programs, `${name}.ts`)), join(programs, 'traced.ts')],
  })
  await build({ ...options, entryPoints: [join(ROOT, 'runtime/src/trace/writer.ts')] })
  await build({
    ...options,
    entryPoints: { untraced: join(programs, 'traced.ts') },
    plugins: [withoutTracing],
    treeShaking: true,
  })
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}
