import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Writable } from 'node:stream'
import { runTests } from '@vscode/test-electron'

import { bundleSuite } from './bundleSuite.ts'
import { downloadedDesktop } from './desktop.ts'
import { findBrowser } from './findBrowser.ts'
import type { HostReport } from './hostReport.ts'
import { installCode } from './install.ts'
import { root, screenshotsFolder, scratchFolder } from './paths.ts'
import { temporaryFolder } from './temporaryFolder.ts'

/** Each line of a suite's own begins with this; all else on the console is VS Code's. */
const SUITE_LINE = /^\[host\] (.*)$/u

/** How a suite in VS Code ended. */
export interface HostResult {
  readonly report: HostReport
  /** Why it did not get to its end, if it did not. */
  readonly broken: string | undefined
}

/**
 * Runs a suite of test/host in a real VS Code: the desktop build where there is a screen and a network,
 * else the browser-hosted one.
 *
 * @param entry The suite's module in test/host, without `.ts`.
 * @param workspace The folder that VS Code opens.
 * @param log Told what the suite prints, line by line.
 * @throws {CannotHostError} When this machine can run neither.
 */
export async function runInHost(entry: string, workspace: string, log: (line: string) => void): Promise<HostResult> {
  const executable = (await downloadedDesktop(log)) ?? (await browserHosted(log))
  // Of this run alone: others may run at the same time.
  await using profile = await temporaryFolder()
  const tests = await bundleSuite(entry, profile.path)
  const results = path.join(profile.path, 'results.json')
  const consoleLog = path.join(scratchFolder, `${entry}-${String(process.pid)}.log`)

  let output = ''
  const relay = lineWriter((line) => {
    output += `${line}\n`
    const own = SUITE_LINE.exec(line)?.[1]
    if (own !== undefined) log(own)
  })
  let broken: string | undefined
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      extensionTestsEnv: {
        // The shim is a script for this very Node, whatever the machine's own.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
        FORKLINE_HOST_RESULTS: results,
        FORKLINE_HOST_PICTURES: screenshotsFolder,
      },
      launchArgs: [
        workspace,
        `--user-data-dir=${path.join(profile.path, 'user')}`,
        `--extensions-dir=${path.join(profile.path, 'extensions')}`,
      ],
      stdout: relay,
      stderr: relay,
    })
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error)
  }
  const report: HostReport = existsSync(results)
    ? (JSON.parse(await readFile(results, 'utf8')) as HostReport)
    : { total: 0, passed: 0, failed: 0 }
  const ended = report.total > 0 && report.passed + report.failed === report.total
  if (ended && report.failed === 0) return { report, broken: undefined }
  await mkdir(scratchFolder, { recursive: true })
  await writeFile(consoleLog, output)
  if (ended) return { report, broken: undefined }
  return { report, broken: `${broken ?? 'VS Code ended before the suite did'}; its console is in ${consoleLog}` }
}

async function browserHosted(log: (line: string) => void): Promise<string> {
  findBrowser()
  await installCode(log)
  return path.join(import.meta.dirname, 'code.ts')
}

function lineWriter(take: (line: string) => void): Writable {
  let rest = ''
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(line)
      done()
    },
  })
}
