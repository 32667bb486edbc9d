import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transform, type BuildOptions, type Plugin } from 'esbuild'

/** Keeps the runtime in one file a module, so that each primitive can be imported alone and shares what it uses. */
const separateModules: Plugin = {
  name: 'separate-modules',
  setup(build) {
    // What the package chooses by where it runs, it chooses when it runs.
    build.onResolve({ filter: /^#/ }, ({ path }) => ({ path, external: true }))
    build.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/u, '.js'), external: true },
    )
  },
}

/** Puts the program of the workers in as text, which no bundler that comes later will rewrite. */
const workerAsText: Plugin = {
  name: 'worker-as-text',
  setup(build) {
    build.onLoad({ filter: /threads[\\/]workerText\.ts$/ }, async ({ path }) => {
      const { workerMain } = (await import(path.replace('workerText', 'workerMain'))) as { workerMain: () => void }
      // Assigned, since an expression that nobody uses is minified to nothing.
      const { code } = await transform(`text=${workerMain.toString()}`, { minify: true, target: 'node20' })
      return { contents: `export const workerText = ${JSON.stringify(/^text=(.*?);?\s*$/su.exec(code)?.[1])}` }
    })
  },
}

/**
 * Leaves constants constant. Minifiers put the value in place of a constant of another module, and take out what it
 * rules out, only when it is declared with `const`, which bundling turns into `var`.
 */
const constantsStay: Plugin = {
  name: 'constants-stay',
  setup(build) {
    build.onEnd(async () => {
      const { outbase = '', outdir = '' } = build.initialOptions
      for (const name of ['noStall', 'untraced']) {
        const { code } = await transform(await readFile(join(outbase, `${name}.ts`), 'utf8'), { loader: 'ts' })
        await writeFile(join(outdir, `${name}.js`), code)
      }
    })
  },
}

/** How the runtime is built: one module for each of its sources, in `runtime/dist`. */
export function runtimeModules(root: string): BuildOptions & { readonly metafile: true } {
  const source = join(root, 'runtime/src')
  return {
    bundle: true,
    platform: 'neutral',
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
    external: ['node:*'],
    entryPoints: globSync('**/*.ts', { cwd: source })
      .sort()
      .map((file) => join(source, file)),
    outbase: source,
    outdir: join(root, 'runtime/dist'),
    plugins: [separateModules, workerAsText, constantsStay],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  }
}
