import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * Packs what is built into a file for VS Code to install.
 *
 * @throws {Error} With vsce's output, when it refuses.
 */
export function pack(root: string, out: string): void {
  const vsce = join(createRequire(import.meta.url).resolve('@vscode/vsce/package.json'), '../vsce')
  execFileSync(process.execPath, [vsce, 'package', '--no-dependencies', '--out', out], { cwd: root, encoding: 'utf8' })
}
