import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type FileResult, Workspace, type WorkspaceOptions } from '@forkline/lint'
import ts from 'typescript'

/** A temporary folder of files, and a workspace over it; both vanish with the test's scope. */
export class Folder implements Disposable {
  readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'forkline-project-')))
  readonly logged: string[] = []
  #workspace: Workspace | undefined

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  get workspace(): Workspace {
    return this.open()
  }

  open(options: Partial<WorkspaceOptions> = {}): Workspace {
    const log = (message: string): void => void this.logged.push(message)
    return (this.#workspace ??= new Workspace({ folders: [this.root], log, ...options }))
  }

  path(name: string): string {
    return path.join(this.root, name)
  }

  write(name: string, content: string | Uint8Array): string {
    const file = this.path(name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, content)
    return file
  }

  /** Writes a file and tells the workspace, as a file watcher would. */
  save(name: string, content: string): { configChanged: boolean } {
    const kind = fs.existsSync(this.path(name)) ? 'changed' : 'created'
    return this.workspace.filesChanged([{ path: this.write(name, content), kind }])
  }

  remove(name: string): { configChanged: boolean } {
    fs.rmSync(this.path(name), { recursive: true })
    return this.workspace.filesChanged([{ path: this.path(name), kind: 'deleted' }])
  }

  ready(name: string): FileResult & { kind: 'ready' } {
    const result = this.workspace.file(this.path(name))
    if (result.kind === 'skipped') throw new Error(`${name} ${result.reason}`)
    return result
  }

  /** The type, in words, of the variable called `name` in a file. */
  typeOf(file: string, name: string): string {
    const { program, sourceFile } = this.ready(file)
    const checker = program.getTypeChecker()
    let found: string | undefined
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name) {
        found = checker.typeToString(checker.getTypeAtLocation(node.name))
      }
      ts.forEachChild(node, visit)
    }
    visit(sourceFile)
    if (found === undefined) throw new Error(`No variable ${name} in ${file}`)
    return found
  }

  [Symbol.dispose](): void {
    this.#workspace?.dispose()
    fs.rmSync(this.root, { recursive: true, force: true })
  }
}

export const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: 'es2022', lib: ['es2022'], module: 'nodenext', types: [] },
  include: ['src'],
})
