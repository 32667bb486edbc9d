import { sourceMapResolver } from '@forkline/cli/source-maps'
import type { SourcePlace } from '@forkline/viewer/messages'
import * as vscode from 'vscode'

/**
 * Looks places in compiled files up in their source maps. A recording may come from anywhere, so only files of the
 * workspace are read.
 *
 * @returns for each place the one in the sources, or null where no source map tells.
 */
export function locateSources(places: readonly SourcePlace[]): (SourcePlace | null)[] {
  // Anew each time: the program may have been compiled again.
  const resolve = sourceMapResolver()
  return places.map(({ file, line, column }) => {
    if (vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) === undefined) return null
    const found = resolve({ file, line, column, function: '' })
    return found === undefined ? null : { file: found.file, line: found.line, column: found.column }
  })
}
