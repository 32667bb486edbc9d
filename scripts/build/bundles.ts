import { join } from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'
import { runtimeModules } from './runtimeModules.ts'
import { viewerModules } from './viewerModules.ts'

/** What one run of esbuild makes. */
export interface Bundle {
  readonly name: string
  readonly options: BuildOptions & { readonly metafile: true }
  /** Packages that must not end up in it: each is too large, or would be there twice. */
  readonly without: readonly string[]
}

/** Dependencies written as ES modules ask for their own address, which a CommonJS bundle has under another name. */
const MODULE_URL = 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;'

const NODE = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['source'],
  mainFields: ['module', 'main'],
  minify: true,
  metafile: true,
  legalComments: 'none',
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: MODULE_URL },
  logLevel: 'warning',
} as const satisfies BuildOptions

/** What Node loads as a module beside a program. */
const MODULE = { ...NODE, format: 'esm', define: {}, banner: {} } as const satisfies BuildOptions

/** The server and the command line share one TypeScript, which lies beside them with its libraries. */
const sharedTypescript: Plugin = {
  name: 'shared-typescript',
  setup(build) {
    build.onResolve({ filter: /^typescript$/ }, () => ({ path: './typescript/typescript.js', external: true }))
  },
}

/** The bundles of a checkout. */
export function bundles(root: string): readonly Bundle[] {
  return [
    {
      name: 'client',
      options: {
        ...NODE,
        entryPoints: [join(root, 'client/extension.ts')],
        outfile: join(root, 'dist/client.cjs'),
        external: ['vscode'],
      },
      without: ['typescript', 'eslint', '@typescript-eslint'],
    },
    {
      name: 'server',
      options: {
        ...NODE,
        entryPoints: [join(root, 'server/server.ts')],
        outfile: join(root, 'dist/server.cjs'),
        plugins: [sharedTypescript],
      },
      without: ['typescript', 'eslint', '@typescript-eslint'],
    },
    {
      name: 'cli',
      options: {
        ...NODE,
        entryPoints: [join(root, 'cli/main.ts')],
        outfile: join(root, 'dist/cli.js'),
        banner: { js: `#!/usr/bin/env node\n${MODULE_URL}` },
        plugins: [sharedTypescript],
      },
      without: ['typescript', 'eslint', '@typescript-eslint'],
    },
    {
      // Loaded with `--require`, which takes CommonJS on every version of Node.
      name: 'register',
      options: {
        ...NODE,
        entryPoints: [join(root, 'runtime/src/register/register.ts')],
        outfile: join(root, 'dist/register.cjs'),
      },
      without: ['typescript', 'eslint', '@typescript-eslint'],
    },
    {
      name: 'writer',
      options: {
        ...MODULE,
        entryPoints: [join(root, 'runtime/src/trace/writer.ts')],
        outfile: join(root, 'dist/writer.mjs'),
      },
      without: ['typescript', 'eslint', '@typescript-eslint'],
    },
    {
      name: 'hooks',
      options: {
        ...MODULE,
        entryPoints: [join(root, 'runtime/src/register/hooks.ts')],
        outfile: join(root, 'dist/hooks.mjs'),
      },
      without: ['typescript', 'eslint', '@typescript-eslint'],
    },
    {
      name: 'eslint-plugin',
      options: {
        ...NODE,
        entryPoints: [join(root, 'lint/plugin/index.ts')],
        outfile: join(root, 'lint/plugin/dist/index.cjs'),
        // The user's own, so that rules and parser agree on the numbers of the syntax kinds.
        external: ['typescript'],
        footer: { js: 'module.exports = module.exports.default' },
      },
      without: ['typescript', 'eslint'],
    },
    {
      name: 'viewer',
      options: viewerModules(root),
      without: ['typescript', 'eslint', '@typescript-eslint', '@types'],
    },
    {
      name: 'runtime',
      options: runtimeModules(root),
      without: ['typescript', 'eslint', '@typescript-eslint', '@types'],
    },
  ]
}
