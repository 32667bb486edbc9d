/** What the editor shows and loads when it opens. */
export interface EditorView {
  /** Absolute path of the folder to open. */
  readonly folder: string
  /** Absolute path of the extension to load from its sources. */
  readonly extension: string
  /** Absolute path of the module whose exported `run()` is the test. */
  readonly tests?: string | undefined
  /** Absolute path of a file to open at once. */
  readonly file?: string | undefined
}

/** The address that makes a VS Code server's page open `view`. */
export function editorUrl(authority: string, token: string, view: EditorView): string {
  const remote = (absolutePath: string): string =>
    `vscode-remote://${authority}${absolutePath.split('/').map(encodeURIComponent).join('/')}`
  const payload: [string, string][] = [['extensionDevelopmentPath', remote(view.extension)]]
  if (view.tests !== undefined) payload.push(['extensionTestsPath', remote(view.tests)])
  if (view.file !== undefined) payload.push(['openFile', remote(view.file)])
  const url = new URL(`http://${authority}/`)
  url.searchParams.set('tkn', token)
  url.searchParams.set('folder', view.folder)
  url.searchParams.set('payload', JSON.stringify(payload))
  return url.href
}
