import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { readRecording, Trace } from '@forkline/trace'

const ROOT = join(import.meta.dirname, '../../..')

/** Runs Node so that files cannot grow beyond some hundred kilobytes, as when a disk is full: a few chunks fit. */
const LIMITED = ['sh', '-c', 'ulimit -f 512; exec "$0" "$@"', process.execPath]

/** How a program ended, and what it has printed. */
export interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * A folder with programs that record themselves. Each is bundled into one file, as applications are, with the writer
 * beside it, so that they run on any Node.
 */
export class Programs {
  readonly folder = mkdtempSync(join(tmpdir(), 'forkline-recording-'))
  readonly #built = new Map<string, Promise<string>>()
  #files = 0

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The name of a file that does not exist yet. */
  newFile(): string {
    return join(this.folder, `${String(++this.#files)}.fltrace`)
  }

  async writer(): Promise<URL> {
    return pathToFileURL(await this.#bundle('writer', join(ROOT, 'runtime/src/trace/writer.ts')))
  }

  /** Starts one of the programs in `programs/`. */
  async start(name: string, args: readonly string[]): Promise<ReturnType<typeof spawn>> {
    await this.writer()
    const script = await this.#bundle(name, join(import.meta.dirname, 'programs', `${name}.ts`))
    const command = name === 'fullDisk' ? LIMITED : [process.execPath]
    const [first = '', ...rest] = [...command, script, ...args]
    return spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  }

  async run(name: string, ...args: readonly string[]): Promise<ProgramEnd> {
    const child = await this.start(name, args)
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout?.on('data', (bytes: Buffer) => {
      stdout.push(bytes)
    })
    child.stderr?.on('data', (bytes: Buffer) => {
      stderr.push(bytes)
    })
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    return { code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
  }

  #bundle(name: string, entry: string): Promise<string> {
    let built = this.#built.get(name)
    if (built === undefined) {
      const outfile = join(this.folder, `${name}.js`)
      built = build({
        entryPoints: [entry],
        outfile,
        conditions: ['source'],
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        keepNames: true,
        logLevel: 'silent',
        banner: { js: '// ' },
      }).then(() => outfile)
      this.#built.set(name, built)
    }
    return built
  }
}

/** Reads a whole recording. */
export function read(file: string): Trace {
  const trace = new Trace()
  readRecording(trace, readFileSync(file))
  return trace
}
