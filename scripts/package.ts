/**
 * `npm run package`: builds, and packs the extension into `forkline-<version>.vsix`, or into the file named by
 * the argument. Ends with 1 when the package is too large.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { megabytes, requireSmall } from './package/maxSize.ts'
import { pack } from './package/pack.ts'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
const out = resolve(process.argv[2] ?? join(root, `forkline-${version}.vsix`))

const build = spawnSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'inherit' })
if (build.status !== 0) process.exitCode = 1
else {
  pack(root, out)
  try {
    console.log(`${out}: ${megabytes(requireSmall(out))}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
