import path from 'node:path'
import type { ToHost, ToPage, ViewCommand, ViewState } from '@forkline/viewer/messages'
import * as vscode from 'vscode'
import type { Exporter } from './exports.ts'
import { LiveRun } from './liveRun.ts'
import { locateSources } from './locateSources.ts'
import type { Programs } from './programs.ts'
import { filesOfRun, isOngoing } from './runFiles.ts'
import { askWhereTo, saveRecording } from './saving.ts'
import { openSource } from './sourceJump.ts'
import { taskLink } from './taskLink.ts'
import { TIMELINE } from './timelineType.ts'

/** What is on the screen of a timeline. */
export interface ShownTimeline {
  readonly uri: vscode.Uri
  readonly tasks: number
  readonly problems: number
  readonly durationMs: number
}

/** Where the reader of a timeline is. */
export interface TimelinePlace {
  readonly uri: vscode.Uri
  readonly state: ViewState
}

/** What the pages of timelines share. */
export interface TimelineParts {
  readonly memory: vscode.Memento
  readonly output: vscode.LogOutputChannel
  readonly programs: Programs
  readonly exporter: Exporter
  readonly onShown: (shown: ShownTimeline) => void
  readonly onMoved: (place: TimelinePlace) => void
  /** It has come to follow a program, or has ceased to. */
  readonly onLive: () => void
}

/** One page that shows one run. */
export class OpenTimeline implements vscode.Disposable {
  readonly uri: vscode.Uri
  readonly panel: vscode.WebviewPanel
  readonly #parts: TimelineParts
  readonly #subscriptions: vscode.Disposable
  #live: LiveRun | undefined
  /** Settles when there is nothing more to follow. */
  #followed: Promise<void> = Promise.resolve()
  /** Whether somebody has asked to follow the run no longer. */
  #left = false
  /** What is asked of the page as soon as it shows something. */
  #waiting: ToPage[] = []
  #listens = false
  #shows = false

  constructor(uri: vscode.Uri, panel: vscode.WebviewPanel, parts: TimelineParts) {
    this.uri = uri
    this.panel = panel
    this.#parts = parts
    this.#subscriptions = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage((message: ToHost) => {
        this.#attempt(message.type, () => this.#receive(message))
      }),
      panel.onDidChangeViewState(() => {
        // A page that is hidden is gone. A new one says so when it listens.
        if (panel.visible) return
        this.#listens = false
        this.#shows = false
        this.#live?.stop()
      }),
    )
  }

  /** Whether it follows a program that runs. */
  get isLive(): boolean {
    return this.#live !== undefined
  }

  /** Asks the page to do what one of its keys does. */
  command(command: ViewCommand): void {
    this.post({ type: 'command', command })
  }

  /** Asks something of the page, at once or when it shows the recording. */
  post(message: ToPage): void {
    if (this.#shows) this.#tell(message)
    else this.#waiting.push(message)
  }

  /**
   * The command *Stop Recording*: ends the program when this window has started it, and otherwise only ceases to
   * follow it. Then asks where to save what was recorded.
   */
  async stop(): Promise<void> {
    const file = this.uri.fsPath
    const program = this.#parts.programs.writing(file)
    if (program === undefined) {
      this.#left = true
      this.#live?.stop('The program runs on, and is still being recorded. Open the recording again to follow it.')
    } else {
      await program.stop()
    }
    await this.#followed
    const target = await askWhereTo(path.basename(file), 'Save the Recording')
    if (target !== undefined && target.fsPath !== file) await saveRecording(file, target)
  }

  dispose(): void {
    this.#live?.stop()
    this.#subscriptions.dispose()
  }

  #attempt(what: string, body: () => Promise<void>): void {
    body().catch((error: unknown) => {
      if (error instanceof vscode.CancellationError) return
      const reason = error instanceof Error ? error.message : String(error)
      this.#parts.output.error(`Timeline of ${this.uri.fsPath}: ${what} failed: ${reason}`)
      void vscode.window.showErrorMessage(`Forkline: ${reason}`)
    })
  }

  async #receive(message: ToHost): Promise<void> {
    const { uri } = this
    switch (message.type) {
      case 'ready':
        return this.#ready()
      case 'received':
        this.#live?.received(message.number)
        return
      case 'resync':
        return this.#live?.resync(message.from)
      case 'shown':
        this.#shows = true
        for (const waiting of this.#waiting.splice(0)) this.#tell(waiting)
        this.#parts.onShown({
          uri,
          tasks: message.tasks,
          problems: message.problems,
          durationMs: message.durationMs,
        })
        return
      case 'openSource':
        return openSource(message.place, message.beside, this.panel.viewColumn)
      case 'locate':
        this.#tell({ type: 'located', places: message.places, sources: locateSources(message.places) })
        return
      case 'state':
        await this.#parts.memory.update(this.#key, message.state)
        this.#parts.onMoved({ uri, state: message.state })
        return
      case 'save':
        return save(message.name, message.bytes)
      case 'saveReport':
        return this.#parts.exporter.export(this, 'report')
      case 'stopRecording':
        return this.stop()
      case 'link':
        return vscode.env.clipboard.writeText(taskLink(uri, message.task))
      case 'problem':
        this.#parts.output.error(`Timeline of ${uri.fsPath}: ${message.message}`)
    }
  }

  get #key(): string {
    return `${TIMELINE} ${this.uri.toString()}`
  }

  /** The page listens, for the first time or again after it was hidden or reloaded: it knows nothing then. */
  async #ready(): Promise<void> {
    this.#listens = true
    this.#shows = false
    this.#live?.stop()
    const file = this.uri.fsPath
    try {
      if (!this.#left && (await isOngoing(file))) this.#follow(file)
      else await this.#open(file)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#tell({ type: 'failed', message: `The recording cannot be opened: ${reason}` })
    }
  }

  /** Nothing is kept for a page that is gone: a new one is given all of it. */
  #tell(message: ToPage): void {
    if (this.#listens) void this.panel.webview.postMessage(message)
  }

  /** Has the page read all of a run that is complete. */
  async #open(file: string): Promise<void> {
    const { webview } = this.panel
    const files = await filesOfRun(file)
    const state = this.#state
    this.#tell({
      type: 'open',
      name: path.basename(file),
      files: files.map(({ path: at, size }) => ({ url: webview.asWebviewUri(vscode.Uri.file(at)).toString(), size })),
      ...(state === undefined ? {} : { state }),
    })
  }

  /** Hands the page a run that is still being recorded. */
  #follow(file: string): void {
    const live = new LiveRun(file, (message) => {
      this.#tell(message)
    })
    this.#live = live
    const state = this.#state
    this.#tell({ type: 'live', name: path.basename(file), ...(state === undefined ? {} : { state }) })
    this.#parts.onLive()
    this.#followed = live
      .start()
      .catch((error: unknown) => {
        this.#tell({ type: 'failed', message: `The recording cannot be followed any longer: ${String(error)}` })
      })
      .finally(() => {
        if (this.#live !== live) return
        this.#live = undefined
        this.#parts.onLive()
      })
  }

  get #state(): ViewState | undefined {
    return this.#parts.memory.get<ViewState>(this.#key)
  }
}

/** Asks where to, and writes it there. */
async function save(name: string, bytes: Uint8Array): Promise<void> {
  const target = await askWhereTo(name.replace('.fltrace', ''), 'Save What Is Seen')
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes)
}
