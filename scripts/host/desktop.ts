import { download, SilentReporter } from '@vscode/test-electron'
import { findOnPath } from './executable.ts'
import { cacheFolder } from './paths.ts'

/** The desktop build of the same VS Code as the browser-hosted one. */
const VERSION = '1.139.1'
const RELEASES = 'https://update.code.visualstudio.com/api/releases/stable'
const PROBE_LIMIT_MS = 3_000
const IDLE_LIMIT_MS = 15_000

/** The command that opens an installed desktop VS Code, or `undefined`. */
export function installedDesktop(): string | undefined {
  return canShowWindows() ? findOnPath(process.platform === 'win32' ? ['code.cmd'] : ['code']) : undefined
}

/**
 * The executable of a desktop VS Code from the cache, downloaded there first if need be; `undefined` where
 * there is no screen, or when the download site does not answer within three seconds.
 */
export async function downloadedDesktop(log: (line: string) => void): Promise<string | undefined> {
  if (!canShowWindows() || !(await reachable(RELEASES))) return undefined
  try {
    return await download({
      version: VERSION,
      cachePath: cacheFolder(),
      timeout: IDLE_LIMIT_MS,
      reporter: new SilentReporter(),
    })
  } catch (error) {
    log(`VS Code ${VERSION} could not be downloaded: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** `$FORKLINE_HOST` settles it; otherwise a desktop needs a screen, and refuses to run as root. */
function canShowWindows(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['FORKLINE_HOST']) return env['FORKLINE_HOST'] === 'desktop'
  if (process.platform !== 'linux') return true
  return process.getuid?.() !== 0 && Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])
}

async function reachable(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_LIMIT_MS) })).ok
  } catch {
    return false
  }
}
