import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRecording, type Summary, summarise, Trace } from '@forkline/trace'
import { onTestFinished } from 'vitest'
import type { Build } from './build.ts'

export interface Ran {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly node?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
  /** Leaves the input open, for `onOutput` to end. */
  readonly keepInput?: boolean
  /** Called when the program has printed something. */
  readonly onOutput?: (child: ChildProcess, stdout: string) => void
}

/** A folder with a program, which runs with recording on or without. */
export class Program {
  readonly folder: string
  readonly #build: Build

  constructor(build: Build, files: Readonly<Record<string, string>>) {
    this.#build = build
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkline prögram ')))
    onTestFinished(() => {
      rmSync(this.folder, { recursive: true, force: true })
    })
    for (const [name, text] of Object.entries(files)) writeFileSync(this.path(name), text)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Puts a package of one file into the folder's `node_modules`. */
  install(name: string, text: string): void {
    mkdirSync(this.path(`node_modules/${name}`), { recursive: true })
    writeFileSync(this.path(`node_modules/${name}/index.js`), text)
  }

  /** As `install`, for a package with a command. */
  installCommand(name: string, text: string): void {
    this.install(name, text)
    writeFileSync(
      this.path(`node_modules/${name}/package.json`),
      JSON.stringify({ name, version: '1.0.0', bin: 'index.js' }),
    )
    chmodSync(this.path(`node_modules/${name}/index.js`), 0o755)
    mkdirSync(this.path('node_modules/.bin'), { recursive: true })
    symlinkSync(`../${name}/index.js`, this.path(`node_modules/.bin/${name}`))
  }

  /** The recordings in the folder, that of the first process first. */
  recordings(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.fltrace'))
      .sort((a, b) => a.length - b.length)
  }

  /** All that was recorded, or what is in the files that are named. */
  trace(...names: readonly string[]): Trace {
    const trace = new Trace()
    for (const name of names.length === 0 ? this.recordings() : names)
      readRecording(trace, readFileSync(this.path(name)))
    return trace
  }

  summary(): Summary {
    return summarise(this.trace())
  }

  /** The summary of one recording. */
  summaryOf(name: string): Summary {
    return summarise(this.trace(name))
  }

  /** Runs a command as it is. */
  async run(command: readonly string[], { env, input, keepInput, onOutput }: Options = {}): Promise<Ran> {
    const [file = '', ...args] = command
    const child = spawn(file, args, { cwd: this.folder, env: { ...process.env, NODE_OPTIONS: undefined, ...env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      onOutput?.(child, stdout)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
    })
    child.stdin.on('error', () => undefined)
    if (keepInput !== true) child.stdin.end(input)
    const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    return { exitCode, signal, stdout, stderr }
  }

  /** Runs the command line with `forkline run …`. */
  async forkline(args: readonly string[], options: Options = {}): Promise<Ran> {
    return await this.run([options.node ?? process.execPath, this.#build.cli, 'run', ...args], options)
  }

  /** Runs a script of the folder recorded, into `recording.fltrace`. */
  async record(script: string, options: Options & { readonly flags?: readonly string[] } = {}): Promise<Ran> {
    const node = options.node ?? process.execPath
    return await this.forkline(['--out', 'recording.fltrace', ...(options.flags ?? []), '--', node, script], options)
  }
}

/** Without the parts of Node in stacks: they tell whether another timer was due at the same time. */
export function withoutNode(ran: Ran): Ran {
  const clean = (text: string): string => text.replaceAll(/^ +at .*\(node:internal\/.*\n/gmu, '')
  return { ...ran, stdout: clean(ran.stdout), stderr: clean(ran.stderr) }
}
