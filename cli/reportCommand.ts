import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { reportHtml } from '@forkline/viewer/report'
import { Command } from 'commander'
import type { CliHost } from './host.ts'
import { writeFully } from './output.ts'
import { openRun } from './trace/openRun.ts'
import { writeOut } from './trace/writeOut.ts'
import { writtenText } from './trace/written.ts'
import { UsageError } from './usageError.ts'

const pack = promisify(gzip)

/** A longer text cannot be held by a page, and one that is nearly so long takes minutes to open. In bytes. */
const LARGEST_PACKED = 300e6

/** `forkline trace report`: the timeline as a page of its own, for people who do not have the extension. */
export function reportCommand(host: CliHost): Command {
  return new Command('report')
    .description('Make an HTML page of a recording that opens in any browser and needs nothing else.')
    .argument('<file>', 'the recording')
    .option('-o, --output <file>', 'the file to write, which must not exist; by default beside the recording, as .html')
    .action(async (file: string, { output }: { readonly output?: string }) => {
      const target = path.resolve(host.cwd, output ?? `${file.replace(/\.fltrace$/u, '')}.html`)
      const source = path.resolve(host.cwd, file)
      const { trace, files } = openRun(source)
      writeOut(target, [await makeReport(source, files)])
      await writeFully(host.stderr, writtenText(target, trace))
    })
}

/**
 * The page of a recording, and of those of the same run beside it.
 *
 * @param file absolute, for the title.
 * @param files all that can be read of the run, absolute.
 * @throws UsageError when they are too large for a page.
 */
async function makeReport(file: string, files: readonly string[]): Promise<string> {
  const packed = await Promise.all(files.map(async (one) => pack(await readFile(one))))
  const size = packed.reduce((sum, { length }) => sum + length, 0)
  if (size > LARGEST_PACKED) {
    throw new UsageError(
      `${file} is too large for a page: ${(size / 1e6).toFixed(0)} MB packed, at most `
        + `${(LARGEST_PACKED / 1e6).toFixed(0)} MB. Open it in VS Code, or record less.`,
    )
  }
  return reportHtml({
    title: path.basename(file),
    script: await viewerFile('viewer.js'),
    style: await viewerFile('viewer.css'),
    recordings: packed.map((bytes) => bytes.toString('base64')),
    nonce: randomBytes(16).toString('hex'),
  })
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
  throw new UsageError(
    `The timeline's ${name} is missing: install Forkline again, or run \`npm run build\` in a checkout.`,
  )
}
