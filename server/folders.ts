import type { WorkspaceFolder } from 'vscode-languageserver/node'
import { filePathOf } from './paths.ts'

export interface Folder {
  readonly uri: string
  /** With forward slashes and without one at the end. */
  readonly path: string
}

/** The open workspace folders that are on disk. */
export class Folders {
  #folders: readonly Folder[] = []

  get paths(): readonly string[] {
    return this.#folders.map((folder) => folder.path)
  }

  set(folders: readonly WorkspaceFolder[]): void {
    this.#folders = folders
      .flatMap(({ uri }) => {
        const path = filePathOf(uri)?.replace(/\/+$/u, '')
        return path === undefined ? [] : [{ uri, path }]
      })
      // Folders may be nested; the innermost one owns a file.
      .sort((a, b) => b.path.length - a.path.length)
  }

  /** The innermost folder that holds the file. */
  of(filePath: string): Folder | undefined {
    return this.#folders.find((folder) => filePath.startsWith(`${folder.path}/`))
  }
}
