import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireSmall } from '../../scripts/package/maxSize.ts'
import { pack } from '../../scripts/package/pack.ts'
import { PackagedServer } from './languageServer.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Reported only where `Array` and `Promise` have their types: the receiver is told apart from any other `forEach`. */
const CODE = `declare function send(id: string): Promise<void>
export async function sendAll(ids: string[]): Promise<void> {
  ids.forEach(async (id) => {
    await send(id)
  })
}
export async function sendEach(ids: { forEach(visit: (id: string) => void): void }): Promise<void> {
  ids.forEach(async (id) => {
    await send(id)
  })
}
`

describe('the packaged extension', () => {
  let folder = ''
  let vsix = ''
  let files: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forkline-vsix-'))
    vsix = join(folder, 'forkline.vsix')
    pack(ROOT, vsix)
    const contents = unzipSync(await readFile(vsix))
    files = Object.keys(contents)
    for (const [name, bytes] of Object.entries(contents)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), bytes)
    }
  }, 120_000)
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it('has a size that an editor can fetch', () => {
    expect(requireSmall(vsix)).toBeGreaterThan(1_000_000)
    expect(() => requireSmall(vsix, 1_000_000)).toThrow('more than 1.00 MB')
  })

  it('holds its bundles and the libraries, and nothing of the sources, the tests or the build', () => {
    const known =
      /^(\[Content_Types\]\.xml|extension\.vsixmanifest|extension\/(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt|images\/(icon\.png|walkthrough\/\w+\.md)|schemas\/forkline\.schema\.json|dist\/(client|server|register)\.cjs|dist\/cli\.js|dist\/(writer|hooks)\.mjs|dist\/viewer\.(js|css)|dist\/ThirdPartyNotices\.txt|dist\/typescript\/(typescript\.js|lib\.[\w.]*d\.ts|\w+\.txt)))$/u
    expect(files.filter((name) => !known.test(name))).toEqual([])
    expect(files).toContain('extension/dist/client.cjs')
    expect(files).toContain('extension/dist/typescript/lib.es5.d.ts')
    expect(files).toContain('extension/dist/ThirdPartyNotices.txt')
    expect(files).toContain('extension/schemas/forkline.schema.json')
  })

  it('names a main file that it holds', async () => {
    const { main } = JSON.parse(await readFile(join(folder, 'extension/package.json'), 'utf8')) as { main: string }
    expect(files).toContain(join('extension', main))
  })

  it('records a program and makes a report of it, which the commands of the editor rest on', async () => {
    const cli = join(folder, 'extension/dist/cli.js')
    const recording = join(folder, 'program.fltrace')
    const program = 'Promise.all([1, 2].map((ms) => new Promise((resolve) => setTimeout(resolve, ms))))'
    execFileSync(process.execPath, [cli, 'run', '--out', recording, '--', process.execPath, '-e', program])
    execFileSync(process.execPath, [cli, 'trace', 'report', recording], { stdio: 'pipe' })
    expect(await readFile(join(folder, 'program.html'), 'utf8')).toContain('<title>program.fltrace</title>')
  })

  it('types `Array` and `Promise`, far from any node_modules', async () => {
    const project = join(folder, 'project')
    await mkdir(project)
    await writeFile(join(project, 'main.ts'), CODE)
    await using server = await PackagedServer.start(join(folder, 'extension/dist/server.cjs'), project)
    const diagnostics = await server.open(join(project, 'main.ts'), CODE)
    expect(diagnostics.map(({ code, range }) => [code, range.start.line])).toEqual([['no-async-foreach', 2]])
  })

  it('finds nothing there without the libraries, which is what the test above guards against', async () => {
    const bare = join(folder, 'bare')
    await mkdir(join(bare, 'typescript'), { recursive: true })
    for (const name of ['server.cjs', 'typescript/typescript.js']) {
      await writeFile(join(bare, name), await readFile(join(folder, 'extension/dist', name)))
    }
    const project = join(folder, 'other')
    await mkdir(project)
    await writeFile(join(project, 'main.ts'), CODE)
    await using server = await PackagedServer.start(join(bare, 'server.cjs'), project)
    expect(await server.open(join(project, 'main.ts'), CODE)).toEqual([])
  })
})
