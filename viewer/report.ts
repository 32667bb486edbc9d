import { ROOT_ID } from './messages.ts'

/** The class of the elements of a report that hold its recordings, packed with gzip and written as base64. */
export const RECORDING_CLASS = 'forkline-recording'

export interface ReportParts {
  /** What the report is called. Untrusted text. */
  readonly title: string
  /** `dist/viewer.js` and `dist/viewer.css`. */
  readonly script: string
  readonly style: string
  /** One for each process of the run: packed with gzip and written as base64. */
  readonly recordings: readonly string[]
  /** A random word that nobody can guess: only what bears it may run. Letters and digits. */
  readonly nonce: string
}

/**
 * A page that shows a recording in any browser, and needs nothing else: no file beside it, no network.
 *
 * @throws RangeError when the nonce or a recording holds anything but letters, digits, `+`, `/` and `=`.
 */
export function reportHtml({ title, script, style, recordings, nonce }: ReportParts): string {
  if (!/^[A-Za-z0-9]+$/u.test(nonce)) throw new RangeError('A nonce is made of letters and digits.')
  if (!recordings.every((recording) => /^[A-Za-z0-9+/=]*$/u.test(recording))) {
    throw new RangeError('The recordings of a report are written as base64.')
  }
  const data = recordings.map(
    (recording) => `<script type="application/octet-stream" class="${RECORDING_CLASS}">${recording}</script>`,
  )
  const policy =
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; worker-src blob:; `
    + "connect-src blob:; img-src blob: data:; base-uri 'none'; form-action 'none'"
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${inline(style, 'style')}</style>
</head>
<body>
<div id="${ROOT_ID}"></div>
${data.join('\n')}
<script nonce="${nonce}">${inline(script, 'script')}</script>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Nothing in a script or a style may look like its end. */
function inline(text: string, element: string): string {
  return text.replaceAll(new RegExp(`</(?=${element})`, 'giu'), '<\\/').replaceAll('<!--', '<\\!--')
}
