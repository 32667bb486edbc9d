import os from 'node:os'
import path from 'node:path'

/** The checkout, which is also the extension's own folder. */
export const root = path.resolve(import.meta.dirname, '../..')

/** The workspace that people and tests look at first. */
export const sampleWorkspace = path.join(root, 'examples/news-pipeline')

/** Where pictures of the editor go; git ignores it. */
export const screenshotsFolder = path.join(root, 'test/host/screenshots')

/** What runs of the tests leave behind to look at: results, and the console of a VS Code in which some have failed. */
export const scratchFolder = path.join(root, '.build/host')

/** What is worth keeping between checkouts: `$FORKLINE_CACHE`, else the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['FORKLINE_CACHE']) return path.resolve(env['FORKLINE_CACHE'])
  return path.join(env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'forkline')
}
