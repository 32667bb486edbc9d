import { join } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'

const BROWSER = {
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome120',
  conditions: ['source'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

/** How the timeline is bundled: a script and a style. The worker lies in the script as text, to be run from a blob. */
export function viewerModules(root: string): BuildOptions & { readonly metafile: true } {
  return {
    ...BROWSER,
    entryPoints: { viewer: join(root, 'viewer/main.ts') },
    outdir: join(root, 'dist'),
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [worker(root)],
    metafile: true,
  }
}

function worker(root: string): Plugin {
  return {
    name: 'worker-as-text',
    setup(host) {
      host.onResolve({ filter: /^forkline:worker$/ }, ({ path }) => ({ path, namespace: 'worker' }))
      host.onLoad({ filter: /./, namespace: 'worker' }, async () => {
        const result = await build({
          ...BROWSER,
          entryPoints: [join(root, 'viewer/worker/worker.ts')],
          write: false,
          metafile: true,
        })
        const watchFiles = Object.keys(result.metafile.inputs).map((file) => join(root, file))
        return { contents: result.outputFiles[0]?.text ?? '', loader: 'text', watchFiles }
      })
    },
  }
}
