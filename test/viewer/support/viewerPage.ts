import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../../scripts/host/browser.ts'
import { viewerModules } from '../../../scripts/build/viewerModules.ts'
import type { ToHost, ToPage } from '../../../viewer/messages.ts'
import { type ThemeName, THEMES } from './themes.ts'

const root = new URL('../../../', import.meta.url).pathname
const NONCE = 'testnonce'
const POLICY =
  `default-src 'none'; script-src 'nonce-${NONCE}'; style-src 'self' 'nonce-${NONCE}'; worker-src blob:; `
  + "connect-src 'self'; img-src 'self' blob: data:"

/** The viewer in a browser, held by a host that notes what the page tells it. */
export interface ViewerPage extends AsyncDisposable {
  readonly page: Page
  /** What the page has told its host. */
  told(): Promise<ToHost[]>
  /** Errors of the page, and what its policy has refused. */
  readonly errors: readonly string[]
  send(message: ToPage): Promise<void>
  /** Opens a recording, and waits until it is on the screen in full. */
  open(bytes: Uint8Array, name?: string): Promise<void>
  /** Where the page may fetch some bytes. */
  offer(name: string, bytes: Uint8Array): string
  /** Waits until nothing is left to be drawn. */
  settled(): Promise<void>
}

export interface ViewerOptions {
  readonly theme?: ThemeName
  readonly width?: number
  readonly height?: number
  /** Of the recordings that the server gives out, by name. */
  readonly files?: ReadonlyMap<string, Uint8Array>
  readonly browser?: Browser
}

let built: Promise<{ readonly script: string; readonly style: string }> | undefined

/** The bundle of the page, made from the sources at hand. */
export function viewerBundle(): Promise<{ readonly script: string; readonly style: string }> {
  built ??= build({ ...viewerModules(root), write: false }).then(({ outputFiles }) => ({
    script: outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '',
    style: outputFiles.find(({ path }) => path.endsWith('.css'))?.text ?? '',
  }))
  return built
}

/** Opens the page as VS Code would: with its policy, its theme and its message channel. */
export async function openViewer({
  theme = 'dark',
  width = 1280,
  height = 800,
  files = new Map(),
  browser,
}: ViewerOptions = {}): Promise<ViewerPage> {
  const { script, style } = await viewerBundle()
  const recordings = new Map(files)
  const server = createServer((request, response) => {
    serve(request, response, { script, style, theme, recordings })
  })
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready)
  })
  const own = browser ?? (await launchBrowser())
  const page = await own.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
  const errors: string[] = []
  page.on('pageerror', (error) => {
    errors.push(error.message)
  })
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  await page.goto(address)
  await page.waitForFunction(() => (globalThis as unknown as TestGlobals).told.some(({ type }) => type === 'ready'))
  const viewer: ViewerPage = {
    page,
    errors,
    told: () => page.evaluate(() => (globalThis as unknown as TestGlobals).told),
    send: (message) =>
      page.evaluate((data) => {
        postMessage(data)
      }, message),
    offer(name, bytes) {
      recordings.set(name, bytes)
      return `${address}/recordings/${encodeURIComponent(name)}`
    },
    async open(bytes, name = 'app.fltrace') {
      await viewer.send({ type: 'open', name, files: [{ url: viewer.offer(name, bytes), size: bytes.length }] })
      await page.waitForFunction(
        () => (globalThis as unknown as TestGlobals).told.some(({ type }) => type === 'shown' || type === 'problem'),
        undefined,
        { timeout: 60_000 },
      )
      await viewer.settled()
    },
    settled: () =>
      page.evaluate(async () => {
        // Two frames without anything left to fetch: what arrives is drawn in the frame behind it.
        for (let quiet = 0; quiet < 3;) {
          await new Promise((resolve) => {
            requestAnimationFrame(resolve)
          })
          quiet = document.querySelector<HTMLElement>('.fl-canvas')?.dataset['settled'] === 'true' ? quiet + 1 : 0
        }
      }),
    async [Symbol.asyncDispose]() {
      await page.close()
      if (browser === undefined) await own.close()
      await closed(server)
    },
  }
  return viewer
}

interface TestGlobals {
  readonly told: ToHost[]
}

interface Served {
  readonly script: string
  readonly style: string
  readonly theme: ThemeName
  readonly recordings: ReadonlyMap<string, Uint8Array>
}

function serve(request: IncomingMessage, response: ServerResponse, { script, style, theme, recordings }: Served): void {
  const url = request.url ?? '/'
  // As in VS Code, where a webview is isolated; it also lets the page measure its own memory.
  response
    .setHeader('cross-origin-opener-policy', 'same-origin')
    .setHeader('cross-origin-embedder-policy', 'require-corp')
  if (url === '/viewer.css') response.setHeader('content-type', 'text/css').end(style)
  else if (url === '/viewer.js') response.setHeader('content-type', 'text/javascript').end(script)
  else if (url.startsWith('/recordings/'))
    serveRange(request, response, recordings.get(decodeURIComponent(url.slice('/recordings/'.length))))
  else if (url === '/')
    response.setHeader('content-type', 'text/html').setHeader('content-security-policy', POLICY).end(html(theme))
  else response.writeHead(404).end()
}

function serveRange(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array | undefined): void {
  const { from, to } = /^bytes=(?<from>\d+)-(?<to>\d+)$/u.exec(request.headers.range ?? '')?.groups ?? {}
  if (bytes === undefined || from === undefined) response.writeHead(404).end()
  else
    response
      .writeHead(206, { 'content-type': 'application/octet-stream' })
      .end(bytes.subarray(Number(from), Number(to) + 1))
}

/** As VS Code's own page: the theme on the root element, its kind on the body, a host to talk to. */
function html(theme: ThemeName): string {
  const { kind, colours } = THEMES[theme]
  const variables = Object.entries(colours)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(' ')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Timeline</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/viewer.css">
<style nonce="${NONCE}">html { ${variables} --vscode-font-family: system-ui, "DejaVu Sans", sans-serif; }</style></head>
<body class="${kind}" data-vscode-theme-kind="${kind}"><div id="forkline"></div>
<script nonce="${NONCE}">
globalThis.told = []
globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => { told.push(message) }, getState: () => undefined, setState: () => undefined,
})
</script>
<script nonce="${NONCE}" src="/viewer.js"></script></body></html>`
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}

/** Where a file of the checkout is. */
export function inRoot(path: string): Promise<Buffer> {
  return readFile(`${root}${path}`)
}
