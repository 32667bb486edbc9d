import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readRecording, type Summary, summarise, Trace } from '@forkline/trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildTools, ROOT } from '../../register/build.ts'

const FILES = 30
const ESLINT = join(ROOT, 'node_modules/eslint/bin/eslint.js')

interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Count {
  readonly scopes: number
  readonly tasks: number
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkline-eslint-')))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function run(args: readonly string[]): Promise<Ran> {
  const env = { ...process.env, NODE_OPTIONS: '', PATTERN_REPORT: join(folder, 'counts.json') }
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { exitCode, stdout, stderr }
}

// ESLint knows nothing of recordings. It finds its files by way of p-locate, and so of p-limit, and reads all at once.
describe('ESLint, recorded', () => {
  let plain: Ran
  let recorded: Ran
  let summary: Summary
  let counts: Readonly<Record<string, Count>>

  beforeAll(async () => {
    for (let file = 0; file < FILES; file++) writeFileSync(join(folder, `file${String(file)}.js`), 'var one = 1\n')
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'eslint.config.js'), 'export default [{ rules: { "no-var": "error" } }]')
    const lint = [ESLINT, '--format', 'json', '.']
    plain = await run(['--import', join(import.meta.dirname, 'countPromises.ts'), ...lint])
    counts = JSON.parse(readFileSync(join(folder, 'counts.json'), 'utf8')) as typeof counts
    const tools = await buildTools()
    try {
      recorded = await run([tools.cli, 'run', '--out', 'eslint.fltrace', '--', process.execPath, ...lint])
    } finally {
      tools.remove()
    }
    const trace = new Trace()
    readRecording(trace, readFileSync(join(folder, 'eslint.fltrace')))
    summary = summarise(trace)
  }, 120_000)

  it('says what it says without', () => {
    expect(recorded).toEqual(plain)
    expect(recorded).toMatchObject({ exitCode: 1, stderr: '' })
  })

  it('has the calls, promises and limited functions that are counted from outside', () => {
    const found: Record<string, Count> = {}
    for (const { kind, tasks } of summary.scopes) {
      const { scopes, tasks: before } = found[kind] ?? { scopes: 0, tasks: 0 }
      found[kind] = { scopes: scopes + 1, tasks: before + tasks }
    }
    expect(found).toEqual(counts)
    expect(counts['limiter']?.tasks).toBeGreaterThan(0)
    expect(summary.tasks.total).toBe(Object.values(counts).reduce((sum, { tasks }) => sum + tasks, 0))
    expect(summary).toMatchObject({ dropped: 0, process: { exitCode: 1, cutOff: false, processes: 1 } })
  })

  it('has a task for each file that it linted, all at once', () => {
    const linted = (JSON.parse(plain.stdout) as readonly { readonly errorCount: number }[]).filter(
      ({ errorCount }) => errorCount === 1,
    )
    expect(linted).toHaveLength(FILES)
    // Its own configuration, in which there is nothing to be found, is a file too.
    const files = (JSON.parse(plain.stdout) as readonly unknown[]).length
    const reading = summary.scopes.filter(({ location }) => location?.file.endsWith('lib/eslint/eslint.js'))
    expect(reading).toMatchObject([{ kind: 'all', tasks: files, peakActive: files }])
  })
})
