/**
 * `npm start`: builds, lints the sample workspace, and opens VS Code on it with this checkout as an extension.
 * With `--check` it waits for no person: it ends with 0 once the editor shows the findings, else with 1.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { checkSampleInBrowser } from './host/checkSample.ts'
import { CannotHostError } from './host/cannotHost.ts'
import { downloadedDesktop, installedDesktop } from './host/desktop.ts'
import { findBrowser } from './host/findBrowser.ts'
import { installCode } from './host/install.ts'
import { root, sampleWorkspace } from './host/paths.ts'
import { run } from './host/run.ts'
import { runInHost } from './host/runInHost.ts'
import { type SampleFile, sampleFindings, showSampleFindings } from './host/sample.ts'
import { serveCode } from './host/serve.ts'
import { temporaryFolder } from './host/temporaryFolder.ts'

const check = process.argv.includes('--check')
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.exit(check ? 1 : 0)
  })
}

try {
  await start()
} catch (error) {
  console.error(error instanceof CannotHostError ? error.message : error)
  process.exitCode = 1
}

async function start(): Promise<void> {
  if (check) findBrowserUnlessDesktop()
  console.log('Building the extension and the command line.')
  await run(process.execPath, [path.join(root, 'scripts/build.ts')], { cwd: root })

  const sample = path.relative(root, sampleWorkspace)
  console.log(`Linting ${sample}: node dist/cli.js lint ${sample}`)
  await showSampleFindings()
  const [busiest] = await sampleFindings()

  const desktop = (check ? undefined : installedDesktop()) ?? (await downloadedDesktop(log))
  if (desktop === undefined) await openInBrowser(busiest)
  else if (check) await checkOnDesktop(busiest)
  else await openOnDesktop(desktop, busiest)
}

/** What cannot work should say so before two minutes of building. */
function findBrowserUnlessDesktop(): void {
  if (installedDesktop() === undefined) findBrowser()
}

async function openInBrowser(file: SampleFile): Promise<void> {
  const installed = await installCode(log)
  await using data = await temporaryFolder()
  await using server = await serveCode(installed, data.path)
  const url = server.url({ folder: sampleWorkspace, extension: root, file: file.path })
  if (check) {
    console.log('Opening VS Code in a headless browser.')
    await checkSampleInBrowser(url, file)
    console.log(`The editor shows ${file.rules.join(', ')} in ${path.relative(root, file.path)}.`)
    return
  }
  console.log(`VS Code, with Forkline loaded, is at\n\n  ${url}\n\nPress Ctrl+C to end it.`)
  await server.closed
  throw new Error("VS Code's server ended unasked")
}

async function openOnDesktop(command: string, file: SampleFile): Promise<void> {
  console.log('Opening VS Code.')
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, sampleWorkspace, '--goto', file.path]
  const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`\`${command}\` ended with ${String(code)}`)
}

async function checkOnDesktop(file: SampleFile): Promise<void> {
  process.env['FORKLINE_SAMPLE'] = JSON.stringify(file)
  const { report, broken } = await runInHost('sample', sampleWorkspace, log)
  if (broken !== undefined) throw new Error(broken)
  if (report.failed > 0) throw new Error('The findings of the command line did not show up in the editor')
}

function log(line: string): void {
  console.log(line)
}
