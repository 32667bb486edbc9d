import * as vscode from 'vscode'
import { registerCommands } from './commands.ts'
import { Server } from './server.ts'
import { StatusItem } from './statusItem.ts'

let server: Server | undefined

/** Called by VS Code when the first file that the rules can read is opened, or a command is used. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Forkline', { log: true })
  const status = new StatusItem()
  const module = context.asAbsolutePath('dist/server.cjs')
  server = new Server({ module, output, onStatus: (told) => { status.update(told) } })
  context.subscriptions.push(output, status, registerCommands({ server, status, output }))
  try {
    await server.start()
  } catch (error) {
    output.error(`The server could not be started; run the command "Forkline: Restart Server" to try again: ${String(error)}`)
  }
}

/** Called by VS Code before it ends; waits until the server has ended. */
export async function deactivate(): Promise<void> {
  await server?.stop()
}
