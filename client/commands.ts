import * as vscode from 'vscode'
import { COMMANDS, TIMELINE_COMMANDS } from './commandIds.ts'
import { EXAMPLE } from './example.ts'
import type { Server } from './server.ts'
import type { StatusItem } from './statusItem.ts'
import { pickLiveProgram } from './timeline/attach.ts'
import type { Recorder } from './timeline/record.ts'
import type { TimelineEditor } from './timeline/timelineEditor.ts'

export interface CommandParts {
  readonly server: Server
  readonly status: StatusItem
  readonly output: vscode.LogOutputChannel
  readonly recorder: Recorder
  readonly timelines: TimelineEditor
}

/** Makes every command of the manifest do something, whether the server runs or not. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const { server, status, output, recorder, timelines } = parts
  const actions: Record<keyof typeof COMMANDS, (uri?: vscode.Uri) => unknown> = {
    attach: async () => {
      const recording = await pickLiveProgram()
      if (recording !== undefined) await timelines.show(recording)
    },
    // From a menu it is given what the menu is of; a key may name the format.
    exportTimeline: (format?: unknown) => timelines.export(typeof format === 'string' ? format : undefined),
    fixAll: () =>
      vscode.commands.executeCommand('editor.action.codeAction', {
        kind: 'source.fixAll.forkline',
        apply: 'first',
      }),
    openExample: async () => {
      const document = await vscode.workspace.openTextDocument({ language: 'typescript', content: EXAMPLE })
      await vscode.window.showTextDocument(document)
    },
    openTimeline: async (uri) => {
      const recording = uri ?? (await askForRecording())
      if (recording !== undefined) await timelines.show(recording)
    },
    recordFile: (uri) => recorder.recordFile(uri),
    recordScript: () => recorder.recordScript(),
    restartServer: () => {
      status.reset()
      return server.restart()
    },
    showInTimeline: () => {
      const { document, selection } = vscode.window.activeTextEditor ?? {}
      if (document === undefined || selection === undefined) return
      timelines.revealLine({ file: document.uri.fsPath, line: selection.active.line + 1, column: 1 })
    },
    showOutput: () => {
      output.show()
    },
    stopRecording: () => timelines.stop(),
  }
  const names = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]
  return vscode.Disposable.from(
    ...names.map((name) => vscode.commands.registerCommand(COMMANDS[name], actions[name])),
    ...TIMELINE_COMMANDS.map(({ id, command }) =>
      vscode.commands.registerCommand(id, () => {
        timelines.command(command)
      }),
    ),
  )
}

async function askForRecording(): Promise<vscode.Uri | undefined> {
  const [picked] =
    (await vscode.window.showOpenDialog({ filters: { Recordings: ['fltrace'] }, title: 'Open a Recording' })) ?? []
  return picked
}
