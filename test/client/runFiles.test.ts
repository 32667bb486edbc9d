import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filesOfRun } from '../../client/timeline/runFiles.ts'
import { recording } from '../trace/support/recording.ts'

function folder(files: Readonly<Record<string, Uint8Array | string>>): string {
  const made = mkdtempSync(path.join(tmpdir(), 'forkline-run-files-'))
  onTestFinished(() => {
    rmSync(made, { recursive: true, force: true })
  })
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(made, name), content)
  return made
}

async function names(at: string, recorded: string): Promise<readonly string[]> {
  return (await filesOfRun(path.join(at, recorded))).map((file) => path.basename(file.path))
}

const first = recording({ origin: 1_700_000_000_000, pid: 1 }).exit(5).bytes()
const second = recording({ origin: 1_700_000_001_000, pid: 2 }).exit(5).bytes()

test('a run is its processes, the first to start first, and nothing else beside them', async () => {
  const at = folder({
    'run.fltrace': second,
    'run.1.fltrace': first,
    'run.9.fltrace': recording({ run: new Uint8Array(16).fill(9) }).bytes(),
    'run.txt': first,
    'run.0.fltrace': 'no recording',
  })
  expect(await names(at, 'run.fltrace')).toEqual(['run.1.fltrace', 'run.fltrace'])
})

test('a process counts once of which copies lie there too: by the file that is named, or else the longest', async () => {
  const at = folder({
    'run.fltrace': first,
    'run copy.fltrace': first,
    'run.2.fltrace': second.subarray(0, second.length - 8),
    'run.2 copy.fltrace': second,
  })
  expect(await names(at, 'run.fltrace')).toEqual(['run.fltrace', 'run.2 copy.fltrace'])
  expect(await names(at, 'run.2.fltrace')).toEqual(['run.fltrace', 'run.2.fltrace'])
})
