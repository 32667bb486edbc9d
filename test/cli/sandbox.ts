import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import { type CliHost, run } from '@forkline/cli'
import { onTestFinished } from 'vitest'
import { rules } from './rules.ts'

export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** A folder of its own for one test, and the command line run in it. */
export class Sandbox {
  readonly folder: string

  /** @param files Text by path; folders come by themselves. The folder's own name holds a space. */
  constructor(files: Readonly<Record<string, string | Buffer>>) {
    this.folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'forkline cli ')))
    onTestFinished(() => {
      fs.rmSync(this.folder, { recursive: true, force: true })
    })
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  path(name: string): string {
    return path.join(this.folder, name)
  }

  write(name: string, text: string | Buffer): void {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true })
    fs.writeFileSync(this.path(name), text)
  }

  bytes(name: string): Buffer {
    return fs.readFileSync(this.path(name))
  }

  read(name: string): string {
    return this.bytes(name).toString()
  }

  exists(name: string): boolean {
    return fs.existsSync(this.path(name))
  }

  /** Runs the command line in this process, with the rules of ./rules.ts. */
  async run(args: readonly string[], options: Partial<Pick<CliHost, 'cwd' | 'env' | 'rules'>> = {}): Promise<Ran> {
    const stdout = new Sink()
    const stderr = new Sink()
    const exitCode = await run(args, { cwd: this.folder, env: {}, rules, stdout, stderr, ...options })
    return { exitCode, stdout: stdout.text, stderr: stderr.text }
  }

  /** Lints with `--format json` and gives what was printed, by path relative to the folder. */
  async lintJson(...args: readonly string[]): Promise<Ran & { readonly reports: ReadonlyMap<string, JsonReport> }> {
    const ran = await this.run(['lint', '--format', 'json', ...args])
    const reports = (JSON.parse(ran.stdout) as JsonReport[]).map(
      (report) => [path.relative(this.folder, report.filePath).replaceAll(path.sep, '/'), report] as const,
    )
    return { ...ran, reports: new Map(reports) }
  }
}

export interface JsonReport {
  readonly filePath: string
  readonly messages: readonly Readonly<Record<string, unknown>>[]
  readonly suppressedMessages: readonly Readonly<Record<string, unknown>>[]
  readonly output?: string
  readonly source?: string
  readonly errorCount: number
  readonly [other: string]: unknown
}

class Sink extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}
