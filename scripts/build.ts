/**
 * `npm run build`: the bundles of the extension and the command line in `dist`, of the ESLint plugin and
 * of the runtime in theirs. `--watch` goes on building on every change.
 */
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { build, type BuildResult, context, type Plugin } from 'esbuild'
import { type Bundle, bundles } from './build/bundles.ts'
import { writePluginEntries } from './build/pluginEntries.ts'
import { requireAbsent } from './build/requireAbsent.ts'
import { emitRuntimeTypes } from './build/runtimeTypes.ts'
import { buildTypescript } from './build/typescript.ts'

const root = join(import.meta.dirname, '..')
const started = performance.now()

try {
  await Promise.all([buildTypescript(join(root, 'dist/typescript')), ...bundles(root).map(make)])
  emitRuntimeTypes(root)
  await chmod(join(root, 'dist/cli.js'), 0o755)
  await writePluginEntries(root)
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s`)
} catch (error) {
  // esbuild has printed its own errors, with the lines they are about.
  if (!(error instanceof Error && 'errors' in error)) console.error(error)
  process.exitCode = 1
}

async function make(bundle: Bundle): Promise<void> {
  if (!process.argv.includes('--watch')) {
    checkResult(bundle, await build(bundle.options))
    return
  }
  const reporter: Plugin = {
    name: 'report',
    setup(build) {
      build.onEnd((result) => {
        console.log(`${bundle.name}: ${result.errors.length === 0 ? 'built' : 'failed'}`)
      })
    },
  }
  const plugins = [...(bundle.options.plugins ?? []), reporter]
  const watched = await context({ ...bundle.options, minify: false, sourcemap: true, plugins })
  await watched.rebuild()
  await watched.watch()
}

function checkResult({ name, without }: Bundle, { metafile }: BuildResult): void {
  if (metafile !== undefined) requireAbsent(name, metafile, without)
}
