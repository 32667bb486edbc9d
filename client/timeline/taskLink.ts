import * as vscode from 'vscode'

/** Of this extension, as VS Code's links to extensions name it. */
const EXTENSION = 'forkline.forkline'

const PATH = '/timeline'

/** A link that opens a recording at one of its tasks, from anywhere on this machine. */
export function taskLink(recording: vscode.Uri, task: number): string {
  const query = new URLSearchParams({ file: recording.fsPath, task: String(task) })
  return `${vscode.env.uriScheme}://${EXTENSION}${PATH}?${query.toString()}`
}

/**
 * What a link asks for, as the address of the recording with the task in its fragment; undefined when it is none of
 * ours. Links come from anywhere: all that they can do is to open a recording.
 */
export function recordingOf({ path, query }: vscode.Uri): vscode.Uri | undefined {
  const parameters = new URLSearchParams(query)
  const file = parameters.get('file') ?? ''
  if (path !== PATH || !file.endsWith('.fltrace')) return undefined
  const task = taskIn(`task=${parameters.get('task') ?? ''}`)
  return vscode.Uri.file(file).with(task === undefined ? {} : { fragment: `task=${String(task)}` })
}

/** The task that a fragment names, if it names one. */
export function taskIn(fragment: string): number | undefined {
  const digits = /^task=(\d{1,15})$/u.exec(fragment)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
