import fs from 'node:fs'
import path from 'node:path'
import { isLintable } from '@forkline/lint'
import { glob, isDynamicPattern } from 'tinyglobby'
import { GitIgnore } from './gitIgnore.ts'
import { UsageError } from './usageError.ts'

/** A file to lint. */
export interface Target {
  /** Absolute, as the platform writes paths. */
  readonly path: string
  /** Whether it was named itself, rather than found in a folder or by a pattern. */
  readonly explicit: boolean
}

const SOURCES = '**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx}'

/** What nobody wrote by hand, wherever it lies. Hidden folders are left out as well. */
const GENERATED = [
  '**/node_modules/**',
  '**/bower_components/**',
  '**/jspm_packages/**',
  '**/dist/**',
  '**/coverage/**',
  '**/*.min.{js,cjs,mjs}',
  '**/*[.-]bundle.{js,cjs,mjs}',
]

/** Names that build tools write to, but only at the top of a package: elsewhere they are source folders. */
const OUTPUTS = new Set(['build', 'out'])

/**
 * Finds the files that the arguments stand for, each once, in the order of their paths. Files that are
 * named themselves are always among them; in folders, what git ignores and what was generated is left out.
 *
 * @throws {UsageError} When an argument stands for no file, or cannot be read.
 */
export async function findTargets(args: readonly string[], cwd: string): Promise<readonly Target[]> {
  const targets = new Map<string, Target>()
  for (const arg of args) {
    const found = await filesOf(arg, cwd)
    if (found.length === 0) {
      throw new UsageError(
        `No files matching '${arg}' were found. Name files or folders with TypeScript or JavaScript in them.`,
      )
    }
    for (const target of found) if (target.explicit || !targets.has(target.path)) targets.set(target.path, target)
  }
  return [...targets.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function filesOf(arg: string, cwd: string): Promise<readonly Target[]> {
  const absolute = path.resolve(cwd, arg)
  const stats = statOf(absolute, arg)
  if (stats?.isDirectory()) return found(await search(SOURCES, absolute), absolute)
  if (stats?.isFile()) return [{ path: absolute, explicit: true }]
  if (stats) throw new UsageError(`'${arg}' is neither a file nor a folder.`)
  if (!isDynamicPattern(arg)) return []
  return found(await search(path.sep === '\\' ? arg.replaceAll('\\', '/') : arg, cwd), cwd)
}

function statOf(file: string, arg: string): fs.Stats | undefined {
  try {
    const stats = fs.statSync(file)
    fs.accessSync(file, fs.constants.R_OK)
    return stats
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new UsageError(`'${arg}' cannot be read: ${message}`)
  }
}

/** Links to folders are not followed: what they lead to is linted where it lies, and they may lead in circles. */
function search(pattern: string, folder: string): Promise<string[]> {
  return glob(pattern, {
    cwd: folder,
    ignore: GENERATED,
    absolute: true,
    followSymbolicLinks: false,
    expandDirectories: false,
  })
}

function found(paths: readonly string[], folder: string): readonly Target[] {
  const git = new GitIgnore(folder)
  const outputs = new Map<string, boolean>()
  return paths
    .map((file) => path.resolve(file))
    .filter((file) => isLintable(file) && !isBuildOutput(file, folder, outputs) && !git.ignores(file))
    .map((file) => ({ path: file, explicit: false }))
}

function isBuildOutput(file: string, folder: string, known: Map<string, boolean>): boolean {
  for (let above = path.dirname(file); above.length > folder.length; above = path.dirname(above)) {
    if (!OUTPUTS.has(path.basename(above))) continue
    let isOutput = known.get(above)
    if (isOutput === undefined) {
      isOutput = fs.existsSync(path.join(path.dirname(above), 'package.json'))
      known.set(above, isOutput)
    }
    if (isOutput) return true
  }
  return false
}
