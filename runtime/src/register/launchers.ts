import { parse } from 'node:path'

/** Scripts that only start other programs, as their files are called in `node_modules/.bin` and the like. */
const NAMES = new Set([
  'npm',
  'npm-cli',
  'npx',
  'npx-cli',
  'pnpm',
  'pnpx',
  'yarn',
  'yarnpkg',
  'corepack',
  'tsx',
  'nodemon',
  'cross-env',
  'cross-env-shell',
  'dotenv',
  'env-cmd',
  'concurrently',
  'npm-run-all',
  'run-s',
  'run-p',
])

/** Where the same are in their packages, when they are called otherwise there. */
const PLACES =
  /[\\/]node_modules[\\/](?:tsx[\\/]dist[\\/]cli|dotenv-cli[\\/]cli|concurrently[\\/]dist[\\/]bin[\\/]index)\.[cm]?js$/u

/** Where package managers and such tools lie: a script of the user's own may well be called `concurrently.js`. */
const INSTALLED = /[\\/](?:node_modules|corepack|\.yarn)[\\/]/u

/** Yarn in a repository of its users. */
const YARN_RELEASE = /^yarn-[\d.]+$/u

/**
 * Whether a program only starts others: its own doings are of no interest, and the file that was asked for is to
 * go to what it starts.
 *
 * @param script what Node was told to run, if anything.
 */
export function isLauncher(script: string | undefined): boolean {
  if (script === undefined) return false
  const { base, ext, name } = parse(script)
  const isScript = /^\.[cm]?js$/u.test(ext)
  if (isScript && !INSTALLED.test(script)) return false
  const bare = isScript ? name : base
  return NAMES.has(bare) || YARN_RELEASE.test(bare) || PLACES.test(script)
}
