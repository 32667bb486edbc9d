import { CannotHostError } from './cannotHost.ts'
import { findOnPath, isExecutable } from './executable.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The Chromium to drive: `$CHROMIUM_PATH`, else the first one on the PATH.
 *
 * @throws {CannotHostError} When there is none, or `$CHROMIUM_PATH` names no executable.
 */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['CHROMIUM_PATH']
  if (named) {
    if (isExecutable(named)) return named
    throw new CannotHostError(`CHROMIUM_PATH is ${named}, which is not an executable file`)
  }
  const found = findOnPath(NAMES, env)
  if (found !== undefined) return found
  throw new CannotHostError(
    `No Chromium: expected $CHROMIUM_PATH or one of ${NAMES.join(', ')} on the PATH. On Debian: apt-get install chromium`,
  )
}
