/**
 * `npm run build`: the bundles of the extension and the command line in `dist`, of the ESLint plugin and
 * of the runtime in theirs. `--watch` goes on building on every change.
 */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { build, context, type Metafile, type Plugin } from 'esbuild'
import { type Bundle, bundles } from './build/bundles.ts'
import { notices } from './build/notices.ts'
import { writePluginEntries } from './build/pluginEntries.ts'
import { requireAbsent } from './build/requireAbsent.ts'
import { emitRuntimeTypes } from './build/runtimeTypes.ts'
import { buildTypescript } from './build/typescript.ts'

const root = join(import.meta.dirname, '..')
const started = performance.now()

try {
  const [made] = await Promise.all([
    Promise.all(bundles(root).map(make)),
    buildTypescript(join(root, 'dist/typescript')),
  ])
  await writeFile(join(root, 'dist/ThirdPartyNotices.txt'), notices(root, made))
  emitRuntimeTypes(root)
  await chmod(join(root, 'dist/cli.js'), 0o755)
  await writePluginEntries(root)
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s`)
} catch (error) {
  // esbuild has printed its own errors, with the lines they are about.
  if (!(error instanceof Error && 'errors' in error)) console.error(error)
  process.exitCode = 1
}

async function make(bundle: Bundle): Promise<Metafile> {
  const { metafile } = process.argv.includes('--watch') ? await watch(bundle) : await build(bundle.options)
  requireAbsent(bundle.name, metafile, bundle.without)
  return metafile
}

async function watch({ name, options }: Bundle): Promise<{ readonly metafile: Metafile }> {
  const reporter: Plugin = {
    name: 'report',
    setup(build) {
      build.onEnd((result) => {
        console.log(`${name}: ${result.errors.length === 0 ? 'built' : 'failed'}`)
      })
    },
  }
  const plugins = [...(options.plugins ?? []), reporter]
  const watched = await context({ ...options, minify: false, sourcemap: true, plugins })
  const result = await watched.rebuild()
  await watched.watch()
  return result
}
