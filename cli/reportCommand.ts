import { randomBytes } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { readRecording, RecordingError, Trace } from '@forkline/trace'
import { reportHtml } from '@forkline/viewer/report'
import { Command } from 'commander'
import type { CliHost } from './host.ts'
import { writeFully } from './output.ts'
import { UsageError } from './usageError.ts'

const pack = promisify(gzip)

/** The longest text that a page can hold is a little longer; browsers take long to read such a page anyway. In bytes. */
const LARGEST_PACKED = 300e6

interface ReportOptions {
  readonly output?: string
  readonly force?: true
}

/** `forkline trace report`: the timeline as a page of its own, for people who do not have the extension. */
export function reportCommand(host: CliHost): Command {
  return new Command('report')
    .description('Make an HTML page of a recording that opens in any browser and needs nothing else.')
    .argument('<file>', 'the recording')
    .option('-o, --output <file>', 'where to write it; by default beside the recording, as .html')
    .option('--force', 'overwrite what is there')
    .action(async (file: string, { output, force }: ReportOptions) => {
      const from = resolve(host.cwd, file)
      const to = resolve(host.cwd, output ?? `${file.replace(/\.fltrace$/u, '')}.html`)
      const page = await makeReport(from)
      await write(to, page, force === true)
      await writeFully(host.stderr, `forkline: wrote ${to}\n`)
    })
}

/**
 * The page of a recording.
 *
 * @param file path of the recording.
 * @throws UsageError when it is not there, is no recording, or is too large for a page.
 */
export async function makeReport(file: string): Promise<string> {
  const bytes = await read(file)
  try {
    readRecording(new Trace(), bytes)
  } catch (error) {
    if (error instanceof RecordingError) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
  const packed = await pack(bytes)
  if (packed.length > LARGEST_PACKED) {
    throw new UsageError(`${file} is too large for a page: ${(packed.length / 1e6).toFixed(0)} MB packed, at most `
      + `${(LARGEST_PACKED / 1e6).toFixed(0)} MB. Open it in VS Code, or record less.`)
  }
  return reportHtml({
    title: basename(file),
    script: await viewerFile('viewer.js'),
    style: await viewerFile('viewer.css'),
    recording: packed.toString('base64'),
    nonce: randomBytes(16).toString('hex'),
  })
}

async function read(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).isDirectory()) throw new UsageError(`${file} is a folder. Name a recording, a .fltrace file.`)
    return await readFile(file)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UsageError(`There is no ${file}. Record one with \`forkline run\`.`)
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

async function write(file: string, page: string, force: boolean): Promise<void> {
  try {
    // `wx` refuses what is there already in the same step that makes it.
    await using handle = await open(file, force ? 'w' : 'wx')
    await handle.writeFile(page)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new UsageError(`${file} exists already. Name another one with -o, or overwrite it with --force.`)
    throw new UsageError(`${file} cannot be written: ${message}`)
  }
}

/** The timeline's page lies beside this program once it is built, and in `dist` of a checkout. */
async function viewerFile(name: string): Promise<string> {
  for (const place of [`./${name}`, `../dist/${name}`]) {
    try {
      return await readFile(fileURLToPath(new URL(place, import.meta.url)), 'utf8')
    } catch {
      // The next place.
    }
  }
  throw new UsageError(`The timeline's ${name} is missing: install Forkline again, or run \`npm run build\` in a checkout.`)
}
