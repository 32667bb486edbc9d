import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import lockfile from 'proper-lockfile'
import { CannotHostError } from './cannotHost.ts'
import { findOnPath } from './executable.ts'
import { cacheFolder } from './paths.ts'
import { run } from './run.ts'

/** The npm package that carries VS Code 1.139.1 whole. */
const CODE_SERVER = '4.139.1'
/** The Node that this VS Code was built for; its native modules are compiled against these very headers. */
const NODE = '24.21.0'

/** A VS Code on disk, ready to be served. */
export interface InstalledCode {
  /** The Node executable to run it with. */
  readonly node: string
  /** The script that starts VS Code's server. */
  readonly serverMain: string
}

/**
 * The browser-hosted VS Code from the cache, installed there first if need be (about two minutes, 700 MB).
 * Safe to call from several processes at once: one installs, the others wait for it.
 *
 * @param log Told in one line when an installation starts.
 * @throws {CannotHostError} On a platform without a build, or when what the native modules need is missing.
 */
export async function installCode(log: (line: string) => void): Promise<InstalledCode> {
  const cache = cacheFolder()
  const folder = path.join(cache, `code-server-${CODE_SERVER}-node-${NODE}`)
  const installed: InstalledCode = {
    node: path.join(folder, 'node/bin/node'),
    serverMain: path.join(folder, 'app/node_modules/code-server/lib/vscode/out/server-main.js'),
  }
  if (existsSync(installed.serverMain)) return installed
  requireBuildTools()

  await mkdir(cache, { recursive: true })
  const release = await lockfile.lock(cache, {
    lockfilePath: `${folder}.lock`,
    // A holder renews its lock every few seconds; one that was killed is taken over after a minute.
    stale: 60_000,
    retries: { retries: 600, factor: 1, minTimeout: 1000, maxTimeout: 1000 },
  })
  try {
    if (!existsSync(installed.serverMain)) {
      log(`Installing VS Code (code-server ${CODE_SERVER}) into ${cache}; about two minutes, once.`)
      await installInto(cache, folder)
    }
  } finally {
    await release()
  }
  return installed
}

/** Builds the folder under another name and renames it, so that a half-installed one is never taken for whole. */
async function installInto(cache: string, folder: string): Promise<void> {
  const partial = await mkdtemp(path.join(cache, 'installing-'))
  try {
    const node = path.join(partial, 'node')
    await mkdir(node)
    await run('npm', ['pack', '--silent', `node-linux-${process.arch}@${NODE}`], { cwd: partial })
    const archive = (await readdir(partial)).find((name) => name.endsWith('.tgz'))
    if (archive === undefined) throw new Error(`npm pack left no archive of node-linux-${process.arch}@${NODE}`)
    await run('tar', ['-xzf', archive, '-C', node, '--strip-components=1'], { cwd: partial })
    await rm(path.join(partial, archive))

    await run('npm', ['install', '--prefix', path.join(partial, 'app'), `code-server@${CODE_SERVER}`], {
      cwd: partial,
      env: {
        ...withoutNpmScript(process.env),
        PATH: `${path.join(node, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
        npm_config_nodedir: node,
      },
    })
    await rm(folder, { recursive: true, force: true })
    await rename(partial, folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** Inside `npm test`, npm passes its own settings down; those of this checkout must not steer another install. */
function withoutNpmScript(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const steering = /^npm_(?:package_|lifecycle_|command$|config_(?:local_prefix|prefix|nodedir)$)/u
  return Object.fromEntries(Object.entries(env).filter(([name]) => !steering.test(name)))
}

function requireBuildTools(): void {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new CannotHostError(
      `The browser-hosted VS Code needs Linux on x64 or arm64; this is ${process.platform} on ${process.arch}`,
    )
  }
  const needed = [
    { debian: 'build-essential', found: findOnPath(['g++']) !== undefined && findOnPath(['make']) !== undefined },
    { debian: 'pkg-config', found: findOnPath(['pkg-config']) !== undefined },
    { debian: 'python3', found: findOnPath(['python3']) !== undefined },
    { debian: 'libkrb5-dev', found: existsSync('/usr/include/gssapi/gssapi.h') },
  ]
  const missing = needed.filter(({ found }) => !found).map(({ debian }) => debian)
  if (missing.length === 0) return
  throw new CannotHostError(
    `VS Code's native modules need ${missing.join(', ')}. On Debian: apt-get install ${missing.join(' ')}`,
  )
}
