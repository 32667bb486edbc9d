import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { endingOf, summarise, type Trace } from '@forkline/trace'
import { Programs, read } from './recordings.ts'

const programs = new Programs()
afterAll(() => {
  programs.remove()
})

/** How many tasks have ended how. */
function endingsIn(trace: Trace): Map<string, number> {
  const endings = new Map<string, number>()
  for (let task = 0; task < trace.tasks.length; task++) {
    const ending = endingOf(trace, task)
    endings.set(ending, (endings.get(ending) ?? 0) + 1)
  }
  return endings
}

describe('however a program ends, all of it is recorded', () => {
  it.each([
    ['well', 0, ''],
    ['exit', 3, ''],
    ['throw', 1, 'nobody catches this'],
    ['reject', 1, 'nobody handles this'],
    ['open', 0, ''],
    ['exit in a thread', 0, ''],
  ])('%s', async (how, exitCode, error) => {
    const file = programs.newFile()
    const { code, stdout, stderr } = await programs.run('ending', file, how)
    expect(code).toBe(exitCode)
    expect(stdout).toBe('100\n')
    expect(stderr).toContain(error)
    const { tasks, process, dropped } = summarise(read(file))
    const leaked = how === 'open' ? 1 : 0
    expect(tasks).toEqual({ total: 100 + leaked, ok: 100, failed: 0, cancelled: 0, leaked, cutOff: 0 })
    expect(process).toMatchObject({ exitCode, cutOff: false })
    expect(dropped).toBe(0)
  })

  it('stopped by itself, and nothing after that', async () => {
    const file = programs.newFile()
    expect((await programs.run('ending', file, 'stop')).code).toBe(0)
    const { tasks, process } = summarise(read(file))
    expect(tasks.total).toBe(100)
    expect(process.exitCode).toBe(0)
  })

  it('killed while it blocks its own thread', async () => {
    const file = programs.newFile()
    const child = await programs.start('ending', [file, 'block'])
    const closed = once(child, 'close')
    let said = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await vi.waitUntil(() => said.endsWith('blocking\n'), { timeout: 20_000 })
    // The writer is a thread of its own, which has as much time as it needs: how long that is depends on the machine.
    await vi.waitUntil(() => endingsIn(read(file)).get('ok') === 100, { timeout: 20_000 })
    child.kill('SIGKILL')
    await closed
    const trace = read(file)
    expect(trace.complete).toBe(false)
    expect(endingsIn(trace)).toEqual(new Map([['ok', 100]]))
  })
})

describe('where nothing can be recorded', () => {
  it.skipIf(process.platform === 'win32')('a program goes on when no more can be written', async () => {
    const file = programs.newFile()
    const { code, stdout, stderr } = await programs.run('fullDisk', file)
    expect(read(file).tasks.length).toBeGreaterThan(0)
    expect(stderr).toBe('')
    expect(stdout).toBe('went on\ntrue true\n')
    expect(code).toBe(5)
  })

  it.each([
    ['before it has written anything', 'early', 1],
    ['later', 'late', 0],
  ])('a program goes on when the thread that writes is gone: %s', async (_name, when, written) => {
    const file = programs.newFile()
    const { code, stdout, stderr } = await programs.run('lostWriter', file, when)
    expect(stderr).toBe('')
    expect(stdout).toBe('Error: The thread that writes it ended with exit code 3\nwent on\n')
    expect(code).toBe(5)
    expect(read(file).tasks.length).toBe(written)
  })

  it('a program that closes what it did not open finds nothing of the recording in its files', async () => {
    const file = programs.newFile()
    const { code, stdout, stderr } = await programs.run('closedFile', file, `${file}.mine`)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'same number\n', stderr: '' })
    expect(readFileSync(`${file}.mine`, 'utf8')).toBe('mine alone')
    const { tasks, process } = summarise(read(file))
    expect(tasks.total).toBe(20)
    expect(process.exitCode).toBe(0)
  })

  it('a program that closes the file, which is gone by then, is told so', async () => {
    const file = programs.newFile()
    const { code, stdout } = await programs.run('closedFile', file, `${file}.mine`, 'and remove')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^same number\nENOENT: .*\n$/u)
    expect(readFileSync(`${file}.mine`, 'utf8')).toBe('mine alone')
  })

  it('an existing file is left alone, and named', async () => {
    const file = programs.newFile()
    writeFileSync(file, 'mine')
    const { code, stderr } = await programs.run('ending', file)
    expect(code).toBe(1)
    expect(stderr).toContain(`EEXIST: file already exists, open '${file}'`)
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a read-only folder is named', async () => {
    const folder = join(programs.folder, 'read-only')
    mkdirSync(folder)
    chmodSync(folder, 0o500)
    const { code, stderr } = await programs.run('ending', join(folder, 'a.fltrace'))
    expect(code).toBe(1)
    expect(stderr).toContain(folder)
    expect(existsSync(join(folder, 'a.fltrace'))).toBe(false)
  })
})
