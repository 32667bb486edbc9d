import path from 'node:path'
import type { SourcePlace, ViewCommand } from '@forkline/viewer/messages'
import * as vscode from 'vscode'
import { Exporter } from './exports.ts'
import { OpenTimeline, type ShownTimeline, type TimelineParts, type TimelinePlace } from './openTimeline.ts'
import { pageHtml } from './page.ts'
import type { Programs } from './programs.ts'
import { recordingOf, taskIn } from './taskLink.ts'
import { TIMELINE } from './timelineType.ts'

/** Shows recordings. One document may have several editors; each has a page of its own. */
export class TimelineEditor implements vscode.CustomReadonlyEditorProvider, vscode.UriHandler {
  readonly #dist: vscode.Uri
  readonly #parts: TimelineParts
  readonly #exporter: Exporter
  readonly #open = new Set<OpenTimeline>()
  readonly #shown = new vscode.EventEmitter<ShownTimeline>()
  readonly #moved = new vscode.EventEmitter<TimelinePlace>()
  /** A recording has been read and is on the screen; again for each part of it that comes later. */
  readonly onDidShow = this.#shown.event
  /** The reader has gone elsewhere in a timeline: to another time, task, filter or panel. */
  readonly onDidMove = this.#moved.event

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel, programs: Programs) {
    this.#dist = vscode.Uri.joinPath(context.extensionUri, 'dist')
    this.#exporter = new Exporter(context)
    this.#parts = {
      memory: context.workspaceState,
      output,
      programs,
      exporter: this.#exporter,
      onShown: (shown) => {
        this.#shown.fire(shown)
      },
      onMoved: (place) => {
        this.#moved.fire(place)
      },
      onLive: () => {
        this.#tellMenus()
      },
    }
  }

  /** Makes VS Code use it for recordings, and for links to their tasks. */
  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.window.registerCustomEditorProvider(TIMELINE, this, { supportsMultipleEditorsPerDocument: true }),
      vscode.window.registerUriHandler(this),
    )
  }

  /** The timeline that is in front, or the only one that can be seen. */
  get active(): OpenTimeline | undefined {
    const all = [...this.#open]
    return all.find(({ panel }) => panel.active) ?? all.findLast(({ panel }) => panel.visible) ?? all.at(-1)
  }

  /** Opens a recording, at the task that the fragment of its address names (`#task=12`), if any. */
  async show(recording: vscode.Uri): Promise<void> {
    const file = recording.with({ fragment: '' })
    await vscode.commands.executeCommand('vscode.openWith', file, TIMELINE)
    const task = taskIn(recording.fragment)
    const opened = [...this.#open].findLast(({ uri }) => uri.toString() === file.toString())
    if (task !== undefined) opened?.post({ type: 'revealTask', task })
  }

  /** Follows a link to a task. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    const recording = recordingOf(uri)
    if (recording === undefined) void vscode.window.showErrorMessage('This link leads to no recording of Forkline.')
    else await this.show(recording)
  }

  /** Shows the spans of a line in the timeline that is in front. */
  revealLine(place: SourcePlace): void {
    this.#withActive((timeline) => {
      timeline.panel.reveal(undefined, true)
      timeline.post({ type: 'revealLine', place })
    })
  }

  /**
   * Writes the timeline that is in front for other tools and other people.
   *
   * @param id `png`, `svg`, `report`, `perfetto`, `chrome`, `otlp` or `recording`; asked for when there is none.
   */
  async export(id?: string): Promise<void> {
    await this.#withActive((timeline) => this.#exporter.export(timeline, id))
  }

  /** Has the timeline in front do what one of its keys does. */
  command(command: ViewCommand): void {
    this.#withActive((timeline) => {
      timeline.command(command)
    })
  }

  /** Stops what the timeline in front follows. */
  async stop(): Promise<void> {
    await this.#withActive((timeline) => timeline.stop())
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined }
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const folder = vscode.Uri.file(path.dirname(uri.fsPath))
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#dist, folder] }
    const timeline = new OpenTimeline(uri, panel, this.#parts)
    this.#open.add(timeline)
    this.#tellMenus()
    panel.onDidChangeViewState(() => {
      this.#tellMenus()
    })
    panel.onDidDispose(() => {
      this.#open.delete(timeline)
      this.#tellMenus()
      timeline.dispose()
    })
    panel.webview.html = pageHtml(panel.webview, this.#dist)
  }

  #withActive<T>(body: (timeline: OpenTimeline) => T): T | undefined {
    if (this.active !== undefined) return body(this.active)
    void vscode.window.showInformationMessage('No timeline is open: record the program, or open a recording.')
    return undefined
  }

  /** What menus and keys depend on. */
  #tellMenus(): void {
    const tell = (key: string, value: boolean): void => {
      void vscode.commands.executeCommand('setContext', `forkline.${key}`, value)
    }
    tell('timelineOpen', this.#open.size > 0)
    tell('timelineLive', this.active?.isLive ?? false)
  }
}
