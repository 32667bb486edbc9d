import * as vscode from 'vscode'
import { COMMANDS } from './commandIds.ts'
import { EXAMPLE } from './example.ts'
import type { Server } from './server.ts'
import type { StatusItem } from './statusItem.ts'

export interface CommandParts {
  readonly server: Server
  readonly status: StatusItem
  readonly output: vscode.LogOutputChannel
}

/** Makes every command of the manifest do something, whether the server runs or not. */
export function registerCommands({ server, status, output }: CommandParts): vscode.Disposable {
  const actions: Record<keyof typeof COMMANDS, () => unknown> = {
    fixAll: () => vscode.commands.executeCommand('editor.action.codeAction', {
      kind: 'source.fixAll.forkline', apply: 'first',
    }),
    openExample: async () => {
      const document = await vscode.workspace.openTextDocument({ language: 'typescript', content: EXAMPLE })
      await vscode.window.showTextDocument(document)
    },
    restartServer: () => {
      status.reset()
      return server.restart()
    },
    showOutput: () => { output.show() },
  }
  const names = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]
  return vscode.Disposable.from(...names.map((name) => vscode.commands.registerCommand(COMMANDS[name], actions[name])))
}
