import * as vscode from 'vscode'
import { registerCommands } from './commands.ts'
import { Server } from './server.ts'
import { StatusItem } from './statusItem.ts'
import { DebugRecorder } from './timeline/debugRecorder.ts'
import type { ShownTimeline, TimelinePlace } from './timeline/openTimeline.ts'
import { Programs } from './timeline/programs.ts'
import { Recorder } from './timeline/record.ts'
import { TimelineEditor } from './timeline/timelineEditor.ts'

let server: Server | undefined

/** What other extensions may use, and our own tests do. */
export interface Api {
  readonly onDidShowTimeline: vscode.Event<ShownTimeline>
  readonly onDidMoveInTimeline: vscode.Event<TimelinePlace>
}

/** Called by VS Code when the first file that the rules can read is opened, a recording is, or a command is used. */
export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel('Forkline', { log: true })
  const status = new StatusItem()
  const module = context.asAbsolutePath('dist/server.cjs')
  server = new Server({
    module,
    output,
    onStatus: (told) => {
      status.update(told)
    },
  })
  const programs = new Programs(context)
  const timelines = new TimelineEditor(context, output, programs)
  const recorder = new Recorder(context, programs)
  context.subscriptions.push(
    output,
    status,
    timelines.register(),
    recorder.register(),
    new DebugRecorder(context, programs).register(),
    registerCommands({ server, status, output, recorder, timelines }),
  )
  try {
    await server.start()
  } catch (error) {
    output.error(
      `The server could not be started; run the command "Forkline: Restart Server" to try again: ${String(error)}`,
    )
  }
  return { onDidShowTimeline: timelines.onDidShow, onDidMoveInTimeline: timelines.onDidMove }
}

/** Called by VS Code before it ends; waits until the server has ended. */
export async function deactivate(): Promise<void> {
  await server?.stop()
}
