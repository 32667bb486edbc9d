import path from 'node:path'
import { build } from 'esbuild'
import { root } from './paths.ts'

/**
 * Bundles a module of test/host into what VS Code's extension host can load.
 *
 * @param entry The module's name, without `.ts`; it exports `run()`.
 * @param folder Where the bundle goes.
 * @returns The bundle's absolute path.
 */
export async function bundleSuite(entry: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${entry}.js`)
  await build({
    entryPoints: [path.join(root, 'test/host', `${entry}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'silent',
  })
  return outfile
}
