import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { HEADER, RECORDS } from '@forkline/runtime/trace-format'
import type { Summary } from '@forkline/trace'
import { describe, expect, it } from 'vitest'
import { recording, type RecordingBuilder } from '../trace/support/recording.ts'
import { Sandbox } from './sandbox.ts'

function sample(header: Parameters<typeof recording>[0] = {}): RecordingBuilder {
  const made = recording(header)
  const scope = made.scope('pool', { name: 'uploads', limit: 2, from: 'main@/app/main.js:3:5', end: 30 })
  made.task(scope, { created: 0, start: 1, end: 11 })
  made.task(scope, { created: 0, start: 1, end: 21, outcome: 'failed', error: 'Error: no\n    at f' })
  made.task(scope, { created: 0, start: 11, end: 50 })
  return made.exit(60)
}

function sandbox(files: Readonly<Record<string, RecordingBuilder | string | Uint8Array>>): Sandbox {
  return new Sandbox(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        typeof content === 'string' ? content : Buffer.from(content instanceof Uint8Array ? content : content.bytes()),
      ]),
    ),
  )
}

describe('forkline trace summary', () => {
  it('prints JSON as it is promised', async () => {
    const { exitCode, stdout, stderr } = await sandbox({ 'a.fltrace': sample() }).run([
      'trace',
      'summary',
      'a.fltrace',
      '--format',
      'json',
    ])
    expect([exitCode, stderr]).toEqual([0, ''])
    const summary = JSON.parse(stdout) as Record<string, unknown>
    expect(summary).toMatchObject({
      version: 1,
      process: { pid: 4711, exitCode: 0, processes: 1, cutOff: false },
      durationMs: 60,
      tasks: { total: 3, ok: 1, failed: 1, cancelled: 0, leaked: 1 },
      scopes: [
        {
          id: 1,
          kind: 'pool',
          name: 'uploads',
          location: { file: '/app/main.js', line: 3, column: 5 },
          limit: 2,
          peakActive: 2,
          peakQueued: 3,
          tasks: 3,
          p50Ms: 20,
          p95Ms: 39,
          maxMs: 39,
        },
      ],
      findings: [{ kind: 'leak', location: { line: 3 }, tasks: 1 }],
      dropped: 0,
    })
  })

  it('prints text with what ran, how it came out, and where', async () => {
    const { exitCode, stdout } = await sandbox({ 'a.fltrace': sample() }).run(['trace', 'summary', 'a.fltrace'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "/usr/bin/node /app/main.js
      Node v24.0.0, 60 ms, exit code 0

      3 tasks: 1 ok, 1 failed, 1 leaked

      SCOPE  NAME     RUNS  TASKS    PEAK  QUEUED    P50    P95    MAX  WHERE
      pool   uploads     1      3  2 of 2       3  20 ms  39 ms  39 ms  /app/main.js:3:5

      1 finding
        leak  1 task of pool "uploads" went on after it had ended, the longest for 20 ms.
          ↳ /app/main.js:3:5
      "
    `)
  })

  it('tells what the workers of a thread pool did', async () => {
    const made = recording()
    const scope = made.scope('threads', { name: 'primes', limit: 2, from: 'main@/app/main.js:3:5', end: 40 })
    made.task(scope, { created: 0, start: 1, end: 31, slot: 0 })
    made.steal(made.task(scope, { created: 0, start: 2, end: 12, slot: 1 }), 0, 1, { at: 1 })
    const { stdout } = await sandbox({ 'a.fltrace': made.exit(40) }).run(['trace', 'summary', 'a.fltrace'])
    expect(stdout).toContain(
      [
        'THREADS  WORKER  TASKS   BUSY  TOOK FROM OTHERS  WHERE',
        'primes        0      1  30 ms                    /app/main.js:3:5',
        'primes        1      1  10 ms  1 from worker 0   /app/main.js:3:5',
      ].join('\n'),
    )
  })

  it('reads the other processes of the run beside it, the first to start first, and no others', async () => {
    const files = sandbox({
      'late.fltrace': sample({ origin: 1_700_000_001_000, pid: 2 }),
      'early.fltrace': sample({ origin: 1_700_000_000_000, pid: 1 }),
      'other.fltrace': sample({ run: new Uint8Array(16).fill(1) }),
      'broken.fltrace': 'nothing',
      'empty.fltrace': '',
    })
    const { stdout } = await files.run(['trace', 'summary', 'late.fltrace', '--format', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      process: { pid: 1, processes: 2 },
      recordings: [
        { pid: 1, startMs: 0 },
        { pid: 2, startMs: 1000 },
      ],
      tasks: { total: 6, leaked: 2 },
      durationMs: 1060,
    })
    expect((await files.run(['trace', 'summary', 'late.fltrace'])).stdout).toContain('2 processes:')
  })

  it('counts a process once of which copies lie there too: by the file that is named, or else the longest', async () => {
    const whole = sample({ pid: 1 }).bytes()
    const files = sandbox({
      'a.fltrace': sample({ origin: 1_700_000_005_000, pid: 2 }),
      'part.fltrace': whole.subarray(0, whole.length - 40),
      'whole.fltrace': whole,
      'whole copy.fltrace': whole,
    })
    const processes = async (name: string): Promise<unknown> =>
      (JSON.parse((await files.run(['trace', 'summary', name, '--format', 'json'])).stdout) as Summary).recordings.map(
        ({ pid, exitCode }) => [pid, exitCode],
      )
    expect(await processes('a.fltrace')).toEqual([
      [1, 0],
      [2, 0],
    ])
    expect(await processes('whole.fltrace')).toEqual([
      [1, 0],
      [2, 0],
    ])
    expect(await processes('part.fltrace')).toEqual([
      [1, null],
      [2, 0],
    ])
  })

  it('says what was still open when the program was ended', async () => {
    const made = recording()
    for (const [what, count] of [
      ['Timeout', 1],
      ['TCPServerWrap', 2],
      ['Timeout', 4],
    ] as const) {
      made.put({ kind: RECORDS.alive, aux: count, id: 0, time: 5, a: made.text(what) })
    }
    const files = sandbox({ 'a.fltrace': made.exit(11) })
    const json = JSON.parse((await files.run(['trace', 'summary', 'a.fltrace', '--format', 'json'])).stdout) as Summary
    expect(json.alive).toEqual([
      { what: 'Timeout', count: 5 },
      { what: 'TCPServerWrap', count: 2 },
    ])
    expect((await files.run(['trace', 'summary', 'a.fltrace'])).stdout).toContain(
      'Still open when the program was ended: 5 Timeout, 2 TCPServerWrap\n',
    )
  })

  it('complains about nothing in what is there, where something is missing', async () => {
    const good = recording()
    good.task(good.scope('group', { end: 10 }), { start: 0, end: 5 })
    const bytes = good.exit(11).bytes()
    const files = sandbox({ 'good.fltrace': good, 'cut.fltrace': bytes.subarray(0, bytes.length - 8) })
    expect((await files.run(['trace', 'summary', 'good.fltrace'])).stdout).toMatch(/\nNothing to complain about\.\n$/u)
    expect((await files.run(['trace', 'summary', 'cut.fltrace'])).stdout).toMatch(
      /\nNothing to complain about in what is there\.\n$/u,
    )
  })

  it('lets names of the program neither move the cursor nor turn the text', async () => {
    const made = recording()
    made.scope('pool', { name: '\u001b[2J\u202egnp.\u0007\nx', from: 'f@/a\u001b[31m.js:1:1' })
    const { stdout } = await sandbox({ 'a.fltrace': made.exit(1) }).run(['trace', 'summary', 'a.fltrace'])
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/)
    expect(stdout).toContain('gnp.')
  })

  it('says what was cut off and dropped', async () => {
    const made = recording()
    made.task(made.scope('group'), { start: 0 })
    made.drop(5, 1200)
    const { stdout, exitCode } = await sandbox({ 'a.fltrace': made }).run(['trace', 'summary', 'a.fltrace'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('cut off: killed, or still running')
    expect(stdout).toContain('1 task: 0 ok, 1 cut off')
    expect(stdout).toContain('1,200 records were dropped')
  })
})

describe('source maps', () => {
  const MAP = {
    version: 3,
    sources: ['../src/app.ts'],
    names: [],
    sourcesContent: [null],
    // Line 3, column 5 of the compiled file is line 11, column 3 of the source.
    mappings: ';;IAUE',
  }

  async function located(script: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const files = new Sandbox({ 'dist/app.js': script, ...more })
    const made = recording()
    made.scope('group', { from: `main@file://${encodeURI(files.path('dist/app.js'))}:3:5` })
    files.write('a.fltrace', Buffer.from(made.exit(1).bytes()))
    const { stdout } = await files.run(['trace', 'summary', 'a.fltrace', '--format', 'json'])
    const { scopes } = JSON.parse(stdout) as { scopes: { location: { file: string; line: number; column: number } }[] }
    const { file, line, column } = scopes[0]?.location ?? { file: '', line: 0, column: 0 }
    return `${path.relative(files.folder, file)}:${String(line)}:${String(column)}`
  }

  it('beside the compiled file lead to the source', async () => {
    const script = 'a\nb\n    c()\n//# sourceMappingURL=app.js.map\n'
    expect(await located(script, { 'dist/app.js.map': JSON.stringify(MAP) })).toBe('src/app.ts:11:3')
  })

  it('within the compiled file lead to the source', async () => {
    const inline = Buffer.from(JSON.stringify(MAP)).toString('base64')
    expect(
      await located(`a\nb\n    c()\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${inline}`),
    ).toBe('src/app.ts:11:3')
    const plain = encodeURIComponent(JSON.stringify(MAP))
    expect(await located(`a\nb\n    c()\n//# sourceMappingURL=data:application/json,${plain}`)).toBe('src/app.ts:11:3')
  })

  it('that are missing or wrong leave the place of the compiled file', async () => {
    const script = 'a\nb\n    c()\n//# sourceMappingURL=app.js.map\n'
    expect(await located('a\nb\n    c()\n')).toBe('dist/app.js:3:5')
    expect(await located(script)).toBe('dist/app.js:3:5')
    expect(await located(script, { 'dist/app.js.map': '{"version": 3' })).toBe('dist/app.js:3:5')
    expect(await located(script, { 'dist/app.js.map': JSON.stringify({ ...MAP, mappings: '' }) })).toBe(
      'dist/app.js:3:5',
    )
    expect(await located('//# sourceMappingURL=data:application/json;base64,!!')).toBe('dist/app.js:3:5')
    expect(await located('//# sourceMappingURL=http://localhost:1/app.js.map')).toBe('dist/app.js:3:5')
  })
})

describe('forkline trace check', () => {
  it('finds nothing wrong with a good recording', async () => {
    const { exitCode, stdout } = await sandbox({ 'a.fltrace': sample() }).run(['trace', 'check', 'a.fltrace'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('4 chunks with 12 records of 1 thread can be read')
    expect(stdout).toContain('Nothing is wrong with it.')
  })

  it('says how far a recording is good that was cut off', async () => {
    const bytes = sample().bytes()
    const { exitCode, stdout } = await sandbox({ 'a.fltrace': bytes.subarray(0, -40) }).run([
      'trace',
      'check',
      'a.fltrace',
    ])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/the last \d+ bytes, from byte \d+ on, cannot be read; all before is good/)
    expect(stdout).toContain('It was not ended in order')
  })

  it('says which bytes are garbled, and what was dropped', async () => {
    const made = sample()
    made.drop(60, 7, 2)
    const bytes = made.bytes()
    bytes.fill(0x20, 200, 230)
    const { exitCode, stdout } = await sandbox({ 'a.fltrace': bytes }).run(['trace', 'check', 'a.fltrace'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/\d+ bytes from byte \d+ on cannot be read: .*What comes before and behind is good/)
    expect(stdout).toContain('7 records and 2 strings were dropped')
  })

  it('tells records that make no sense', async () => {
    const made = recording()
    made.cancel(7, 3)
    const { exitCode, stdout } = await sandbox({ 'a.fltrace': made.exit(4) }).run(['trace', 'check', 'a.fltrace'])
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('make no sense were left out: 1')])
  })
})

describe('what cannot be read', () => {
  const future = sample().bytes()
  new DataView(future.buffer).setUint16(HEADER.major, 9, true)
  const BAD = {
    'an empty file': ['', 'The recording is empty'],
    'a file that ends within the header': [sample().bytes().subarray(0, 40), 'ends within its header, after 40 bytes'],
    'another file': ['#!/bin/sh\necho', 'is not a Forkline recording'],
    'a packed one': [gzipSync(sample().bytes()), 'is not a Forkline recording'],
    'a later format': [future, 'update Forkline'],
  } as const
  it.each(Object.entries(BAD))('is named with what to do: %s', async (_name, [content, message]) => {
    const files = sandbox({ 'my file.fltrace': content })
    for (const args of [['summary'], ['check'], ['export', '--to', 'chrome', '-o', 'out.json']]) {
      const { exitCode, stdout, stderr } = await files.run(['trace', ...args, 'my file.fltrace'])
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toContain(files.path('my file.fltrace'))
      expect(stderr).toContain(message)
      expect(stderr).not.toContain('    at ')
      expect(files.exists('out.json')).toBe(false)
    }
  })

  it('is named with what to do: a missing file, and a folder', async () => {
    const files = sandbox({ 'folder/x': '' })
    for (const [name, message] of [
      ['nothing.fltrace', 'Record one with'],
      ['folder', 'is a folder'],
    ] as const) {
      const { exitCode, stderr } = await files.run(['trace', 'summary', name])
      expect(exitCode).toBe(2)
      expect(stderr).toContain(files.path(name))
      expect(stderr).toContain(message)
    }
  })
})

describe('forkline trace export', () => {
  it('writes for each tool, and says where', async () => {
    const files = sandbox({ 'a.fltrace': sample() })
    for (const to of ['chrome', 'perfetto', 'otlp']) {
      const { exitCode, stdout, stderr } = await files.run([
        'trace',
        'export',
        'a.fltrace',
        '--to',
        to,
        '-o',
        `out.${to}`,
      ])
      expect([exitCode, stdout, stderr]).toEqual([0, '', `forkline: wrote ${files.path(`out.${to}`)}\n`])
      expect(files.bytes(`out.${to}`).length).toBeGreaterThan(500)
    }
    expect(JSON.parse(files.read('out.chrome'))).toHaveProperty('traceEvents')
  })

  it('says when parts of the recording are missing in it', async () => {
    const made = sample()
    made.drop(60, 7, 2)
    const files = sandbox({ 'whole.fltrace': made.bytes(), 'broken.fltrace': sample().bytes().subarray(0, -40) })
    const whole = await files.run(['trace', 'export', 'whole.fltrace', '--to', 'chrome', '-o', 'whole.json'])
    expect([whole.exitCode, whole.stderr]).toEqual([0, expect.stringContaining('7 records were dropped')])
    expect(whole.stderr).not.toContain('could not be read')
    fs.rmSync(files.path('whole.fltrace'))
    const broken = await files.run(['trace', 'export', 'broken.fltrace', '--to', 'chrome', '-o', 'broken.json'])
    expect([broken.exitCode, broken.stderr]).toEqual([
      0,
      expect.stringContaining('parts of the recording could not be read'),
    ])
    expect(broken.stderr).not.toContain('were dropped')
  })

  it('overwrites nothing', async () => {
    const files = sandbox({ 'a.fltrace': sample(), 'out.json': 'mine' })
    const { exitCode, stderr } = await files.run(['trace', 'export', 'a.fltrace', '--to', 'chrome', '-o', 'out.json'])
    expect([exitCode, files.read('out.json')]).toEqual([2, 'mine'])
    expect(stderr).toContain(`${files.path('out.json')} exists already`)
    expect((await files.run(['trace', 'export', 'a.fltrace', '--to', 'chrome', '-o', 'a.fltrace'])).exitCode).toBe(2)
  })

  it('says what is wrong with where it should write, and leaves nothing behind', async () => {
    const files = sandbox({ 'a.fltrace': sample() })
    const { exitCode, stderr } = await files.run(['trace', 'export', 'a.fltrace', '--to', 'otlp', '-o', 'no/such/out'])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('its folder does not exist')])
    expect((await files.run(['trace', 'export', 'a.fltrace', '--to', 'otlp'])).stderr).toContain('-o, --output')
    expect((await files.run(['trace', 'export', 'a.fltrace', '--to', 'pdf', '-o', 'x'])).stderr).toContain('perfetto')
    expect(fs.readdirSync(files.folder)).toEqual(['a.fltrace'])
  })

  it('leaves the recording as it was', async () => {
    const bytes = sample().bytes()
    const files = sandbox({ 'a.fltrace': bytes, 'packed.gz': gzipSync(bytes) })
    await files.run(['trace', 'export', 'a.fltrace', '--to', 'perfetto', '-o', 'out'])
    expect(files.bytes('a.fltrace').equals(gunzipSync(files.bytes('packed.gz')))).toBe(true)
  })
})
