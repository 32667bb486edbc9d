import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { SourcePlace, ToHost, ToPage, ViewState } from '@forkline/viewer/messages'
import * as vscode from 'vscode'
import { pageHtml } from './page.ts'
import { filesOfRun, type RunFile } from './runFiles.ts'
import { openSource } from './sourceJump.ts'

export const TIMELINE = 'forkline.timeline'

/** A file that grows is looked at so often, in ms. */
const LOOK_EVERY = 100

/** What is on the screen of a timeline. */
export interface ShownTimeline {
  readonly uri: vscode.Uri
  readonly tasks: number
  readonly problems: number
  readonly durationMs: number
}

/** Shows recordings. One document may have several editors; each has a page of its own. */
export class TimelineEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #dist: vscode.Uri
  readonly #memory: vscode.Memento
  readonly #output: vscode.LogOutputChannel
  readonly #open = new Set<OpenTimeline>()
  readonly #shown = new vscode.EventEmitter<ShownTimeline>()
  /** A recording has been read and is on the screen; again for each part of it that comes later. */
  readonly onDidShow = this.#shown.event

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
    this.#dist = vscode.Uri.joinPath(context.extensionUri, 'dist')
    this.#memory = context.workspaceState
    this.#output = output
  }

  /** Makes VS Code use it for recordings. */
  register(): vscode.Disposable {
    return vscode.window.registerCustomEditorProvider(TIMELINE, this, { supportsMultipleEditorsPerDocument: true })
  }

  /** The timeline that is in front, or the only one that can be seen. */
  get active(): OpenTimeline | undefined {
    const all = [...this.#open]
    return all.find(({ panel }) => panel.active) ?? all.findLast(({ panel }) => panel.visible) ?? all.at(-1)
  }

  /** Shows the spans of a line in the timeline that is in front. */
  revealLine(place: SourcePlace): void {
    const timeline = this.active
    if (timeline === undefined) {
      void vscode.window.showInformationMessage('No timeline is open: record the program, or open a recording.')
      return
    }
    timeline.panel.reveal(undefined, true)
    timeline.post({ type: 'revealLine', place })
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined }
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const folder = vscode.Uri.file(path.dirname(uri.fsPath))
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#dist, folder] }
    const timeline = new OpenTimeline(uri, panel, this.#memory, this.#output, (shown) => { this.#shown.fire(shown) })
    this.#open.add(timeline)
    this.#tellMenus()
    panel.onDidDispose(() => {
      this.#open.delete(timeline)
      this.#tellMenus()
      timeline.dispose()
    })
    panel.webview.html = pageHtml(panel.webview, this.#dist)
  }

  #tellMenus(): void {
    void vscode.commands.executeCommand('setContext', 'forkline.timelineOpen', this.#open.size > 0)
  }
}

/** One page that shows one run. */
export class OpenTimeline implements vscode.Disposable {
  readonly uri: vscode.Uri
  readonly panel: vscode.WebviewPanel
  readonly #memory: vscode.Memento
  readonly #output: vscode.LogOutputChannel
  readonly #shown: (shown: ShownTimeline) => void
  readonly #watchers: FSWatcher[] = []
  #files: readonly RunFile[] = []
  #looking: NodeJS.Timeout | undefined
  /** What is to be shown as soon as the page listens. */
  #waiting: ToPage[] = []
  #listens = false

  constructor(
    uri: vscode.Uri, panel: vscode.WebviewPanel, memory: vscode.Memento, output: vscode.LogOutputChannel,
    shown: (shown: ShownTimeline) => void,
  ) {
    this.#shown = shown
    this.uri = uri
    this.panel = panel
    this.#memory = memory
    this.#output = output
    panel.webview.onDidReceiveMessage((message: ToHost) => { void this.#receive(message) })
  }

  /** Tells the page, at once or when it listens. */
  post(message: ToPage): void {
    if (this.#listens) void this.panel.webview.postMessage(message)
    else this.#waiting.push(message)
  }

  dispose(): void {
    for (const watcher of this.#watchers) watcher.close()
    clearTimeout(this.#looking)
  }

  async #receive(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.#show()
        break
      case 'shown':
        this.#shown({ uri: this.uri, tasks: message.tasks, problems: message.problems, durationMs: message.durationMs })
        break
      case 'openSource':
        await openSource(message.place, message.beside)
        break
      case 'state':
        await this.#memory.update(this.#key, message.state)
        break
      case 'save':
        await save(message.name, message.bytes)
        break
      case 'link':
        await vscode.env.clipboard.writeText(`${this.uri.toString()}#task=${String(message.task)}`)
        break
      case 'problem':
        this.#output.error(`Timeline of ${this.uri.fsPath}: ${message.message}`)
        break
      default:
    }
  }

  get #key(): string {
    return `${TIMELINE} ${this.uri.toString()}`
  }

  /** Has the page read the run from its beginning. It asks for that again when it was reloaded. */
  async #show(): Promise<void> {
    this.#listens = true
    try {
      this.#files = await filesOfRun(this.uri.fsPath)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.post({ type: 'failed', message: `The recording cannot be opened: ${reason}` })
      return
    }
    const state = this.#memory.get<ViewState>(this.#key)
    this.post({
      type: 'open',
      name: path.basename(this.uri.fsPath),
      files: this.#files.map(({ path: at, size }) => ({
        url: this.panel.webview.asWebviewUri(vscode.Uri.file(at)).toString(), size,
      })),
      ...(state === undefined ? {} : { state }),
    })
    for (const message of this.#waiting.splice(0)) this.post(message)
    if (this.#watchers.length === 0) this.#watch()
  }

  #watch(): void {
    const folder = path.dirname(this.uri.fsPath)
    const watcher = watch(folder, { persistent: false }, () => {
      this.#looking ??= setTimeout(() => {
        this.#looking = undefined
        void this.#look()
      }, LOOK_EVERY)
    })
    watcher.on('error', (error) => { this.#output.warn(`${folder} cannot be watched: ${error.message}`) })
    this.#watchers.push(watcher)
  }

  /** Tells the page how far the files have grown. */
  async #look(): Promise<void> {
    const sizes = await Promise.all(this.#files.map(({ path: at }) => stat(at).then(({ size }) => size, () => undefined)))
    this.#files = this.#files.map((file, place) => {
      const size = sizes[place]
      if (size === undefined) {
        this.post({ type: 'failed', message: `${file.path} is gone: what was read of it stays here until the editor is closed.` })
        return file
      }
      if (size > file.size) this.post({ type: 'grown', file: place, size })
      return { ...file, size: Math.max(size, file.size) }
    })
  }
}

/** Asks where to, and writes it there. */
async function save(name: string, bytes: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const proposed = folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name)
  const target = await vscode.window.showSaveDialog({ defaultUri: proposed })
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes)
}
