import { existsSync } from 'node:fs'
import path from 'node:path'
import * as vscode from 'vscode'
import { TIMELINE } from './timelineType.ts'

/** How often a program that was started is looked at for its recording, in ms. */
const LOOK_EVERY = 50

/** A program that this window has started and that is recorded. */
export interface RecordedProgram {
  /** The recording. Absolute. */
  readonly file: string
  /** Ends the program. */
  readonly stop: () => unknown
}

/** The programs that this window records: where their recordings go, how they are shown, and how they are ended. */
export class Programs {
  readonly #storage: vscode.Uri
  readonly #running = new Map<string, RecordedProgram>()

  constructor(context: vscode.ExtensionContext) {
    this.#storage = context.storageUri ?? context.globalStorageUri
  }

  /** Where the recording of a program without a file of its own goes; the folder is there then. */
  async newFile(name: string): Promise<string> {
    const folder = vscode.Uri.joinPath(this.#storage, 'recordings')
    await vscode.workspace.fs.createDirectory(folder)
    const stamp = new Date().toISOString().replace(/\D/gu, '').slice(0, 14)
    return this.unused(path.join(folder.fsPath, `${name.replace(/[^\w-]+/gu, '-')}-${stamp}.fltrace`))
  }

  /** This file, or one beside it with a number when that is taken: nothing is ever recorded over a recording. */
  unused(file: string): string {
    const { dir, name, ext } = path.parse(file)
    for (let count = 1; ; count++) {
      const other = count === 1 ? file : path.join(dir, `${name}-${String(count)}${ext}`)
      if (!existsSync(other) && !this.#running.has(other)) return other
    }
  }

  /** The program that writes a recording, as long as it runs. */
  writing(file: string): RecordedProgram | undefined {
    return this.#running.get(file)
  }

  /**
   * A program has been started: shows its timeline, to the side, as soon as there is a recording.
   *
   * @returns Is to be called once the program has ended.
   */
  started(program: RecordedProgram): () => void {
    const { file } = program
    this.#running.set(file, program)
    void this.#showWhenThere(file)
    return () => {
      this.#running.delete(file)
    }
  }

  async #showWhenThere(file: string): Promise<void> {
    while (!existsSync(file) && this.#running.has(file)) {
      await new Promise((resolve) => {
        setTimeout(resolve, LOOK_EVERY)
      })
    }
    if (existsSync(file)) {
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), TIMELINE, vscode.ViewColumn.Beside)
    } else {
      void vscode.window.showErrorMessage('The program ended without a recording: the terminal says why.')
    }
  }
}
