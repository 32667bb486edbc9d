import { randomBytes } from 'node:crypto'
import { ROOT_ID } from '@forkline/viewer/messages'
import * as vscode from 'vscode'

/** The page of a timeline. It loads nothing but the extension's own files, and runs nothing without the nonce. */
export function pageHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64')
  const address = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString()
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    'worker-src blob:',
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} blob: data:`,
    `connect-src ${webview.cspSource}`,
  ].join('; ')
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address('viewer.css')}">
<title>Forkline timeline</title>
</head>
<body>
<div id="${ROOT_ID}"></div>
<script nonce="${nonce}" src="${address('viewer.js')}"></script>
</body>
</html>
`
}
