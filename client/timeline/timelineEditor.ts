import path from 'node:path'
import type { SourcePlace, ToHost, ToPage, ViewState } from '@forkline/viewer/messages'
import * as vscode from 'vscode'
import { LiveRun } from './liveRun.ts'
import { pageHtml } from './page.ts'
import { filesOfRun, isOngoing } from './runFiles.ts'
import { openSource } from './sourceJump.ts'

export const TIMELINE = 'forkline.timeline'

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
  #live: LiveRun | undefined
  /** What is to be shown as soon as the page listens. */
  #waiting: ToPage[] = []
  #listens = false

  constructor(
    uri: vscode.Uri, panel: vscode.WebviewPanel, memory: vscode.Memento, output: vscode.LogOutputChannel,
    shown: (shown: ShownTimeline) => void,
  ) {
    this.uri = uri
    this.panel = panel
    this.#memory = memory
    this.#output = output
    this.#shown = shown
    panel.webview.onDidReceiveMessage((message: ToHost) => {
      this.#receive(message).catch((error: unknown) => {
        this.#output.error(`Timeline of ${uri.fsPath}: ${message.type} failed: ${String(error)}`)
      })
    })
  }

  /** Tells the page, at once or when it listens. */
  post(message: ToPage): void {
    if (this.#listens) void this.panel.webview.postMessage(message)
    else this.#waiting.push(message)
  }

  dispose(): void {
    this.#live?.stop()
  }

  async #receive(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.#ready(message.received)
        break
      case 'received':
        this.#live?.received(message.number)
        break
      case 'resync':
        await this.#live?.resync(message.from)
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

  /** The page listens, for the first time or again after it was hidden or reloaded. */
  async #ready(received: number): Promise<void> {
    this.#listens = true
    const file = this.uri.fsPath
    try {
      if (this.#live !== undefined && received > 0) await this.#live.resync(received)
      else if (await isOngoing(file)) this.#follow(file)
      else await this.#open(file)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.post({ type: 'failed', message: `The recording cannot be opened: ${reason}` })
      return
    }
    for (const message of this.#waiting.splice(0)) this.post(message)
  }

  /** Has the page read all of a run that is complete. */
  async #open(file: string): Promise<void> {
    const { webview } = this.panel
    const files = await filesOfRun(file)
    const state = this.#state
    this.post({
      type: 'open',
      name: path.basename(file),
      files: files.map(({ path: at, size }) => ({ url: webview.asWebviewUri(vscode.Uri.file(at)).toString(), size })),
      ...(state === undefined ? {} : { state }),
    })
  }

  /** Hands the page a run that is still being recorded. */
  #follow(file: string): void {
    this.#live?.stop()
    this.#live = new LiveRun(file, (message) => { this.post(message) })
    const state = this.#state
    this.post({ type: 'live', name: path.basename(file), ...(state === undefined ? {} : { state }) })
    this.#live.start().catch((error: unknown) => {
      this.post({ type: 'failed', message: `The recording cannot be followed any longer: ${String(error)}` })
    })
  }

  get #state(): ViewState | undefined {
    return this.#memory.get<ViewState>(this.#key)
  }
}

/** Asks where to, and writes it there. */
async function save(name: string, bytes: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const proposed = folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name)
  const target = await vscode.window.showSaveDialog({ defaultUri: proposed })
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes)
}
