import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { bundles } from '../../scripts/build/bundles.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

const NAMES = new Set(['cli', 'register', 'writer', 'hooks'])

/** Names that a shell, a URL and `NODE_OPTIONS` each would have to be careful with. */
const FOLDER = process.platform === 'win32' ? 'a folder, ünïcode' : 'a "folder", ünïcode %20 \'#'

/** The command line and what it preloads, built into a folder of its own. */
export interface Build {
  readonly cli: string
  readonly register: string
  remove(): void
}

export async function buildTools(): Promise<Build> {
  const temporary = mkdtempSync(join(tmpdir(), 'forkline-build-'))
  const folder = join(temporary, FOLDER)
  mkdirSync(folder)
  for (const { name, options } of bundles(ROOT)) {
    if (NAMES.has(name)) await build({ ...options, outfile: join(folder, basename(options.outfile ?? name)) })
  }
  symlinkSync(join(ROOT, 'node_modules/typescript/lib'), join(folder, 'typescript'), 'junction')
  return {
    cli: join(folder, 'cli.js'),
    register: join(folder, 'register.cjs'),
    remove: () => {
      rmSync(temporary, { recursive: true, force: true })
    },
  }
}

/** The versions of Node to test with, which `npm install` brings: each in a workspace, as one folder holds but one. */
export const NODES: readonly { readonly name: string; readonly path: string }[] = [
  { name: 'Node 20', path: join(ROOT, 'test/node_modules/node/bin/node') },
  { name: 'Node 22', path: join(ROOT, 'scripts/node_modules/node/bin/node') },
  { name: 'Node 24', path: join(ROOT, 'node_modules/node/bin/node') },
].map(({ name, path }) => ({ name, path: existsSync(path) || !existsSync(`${path}.exe`) ? path : `${path}.exe` }))

export function isThere({ path }: { readonly path: string }): boolean {
  return existsSync(path)
}
