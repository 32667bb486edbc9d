import { tmpdir } from 'node:os'
import { type Connection, TextDocuments } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Folders } from './folders.ts'
import { documentPath } from './paths.ts'

/** What the open documents are mirrored into; the engine's `Workspace` is one. */
export interface DocumentSink {
  openDocument(path: string, version: number, text: string): void
  changeDocument(path: string, version: number, text: string): void
  closeDocument(path: string): void
}

export interface OpenDocument {
  readonly text: TextDocument
  readonly path: string
  /** The version that is on disk, as far as the client told. */
  readonly savedVersion: number
}

/** The documents that are open in the editor, mirrored into the engine under their paths. */
export class OpenDocuments {
  readonly #texts = new TextDocuments(TextDocument)
  readonly #open = new Map<string, { path: string; savedVersion: number }>()
  /** When a document last changed, in milliseconds of `performance.now()`. */
  lastChange = -Infinity

  /**
   * Starts to follow the documents of a connection.
   *
   * @param onChange Called after each change, opening and closing, with the document's URI.
   */
  listen(connection: Connection, folders: Folders, sink: DocumentSink, onChange: (uri: string) => void): void {
    this.#texts.onDidChangeContent(({ document }) => {
      const known = this.#open.get(document.uri)
      if (known) {
        sink.changeDocument(known.path, document.version, document.getText())
        this.lastChange = performance.now()
      } else {
        const path = documentPath(document.uri, document.languageId, folders.paths[0] ?? tmpdir().replaceAll('\\', '/'))
        if (path === undefined) return
        this.#open.set(document.uri, { path, savedVersion: document.version })
        sink.openDocument(path, document.version, document.getText())
      }
      onChange(document.uri)
    })
    this.#texts.onDidSave(({ document }) => {
      const known = this.#open.get(document.uri)
      if (known) known.savedVersion = document.version
    })
    this.#texts.onDidClose(({ document }) => {
      const known = this.#open.get(document.uri)
      if (!known) return
      this.#open.delete(document.uri)
      sink.closeDocument(known.path)
      onChange(document.uri)
    })
    this.#texts.listen(connection)
  }

  get(uri: string): OpenDocument | undefined {
    const known = this.#open.get(uri)
    const text = this.#texts.get(uri)
    return known && text ? { text, ...known } : undefined
  }

  get size(): number {
    return this.#open.size
  }
}
