import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { RecordingReader, Trace } from '@forkline/trace'
import { attach, listLive, type LiveProgram } from '@forkline/runtime/live'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Build, buildTools } from './build.ts'
import { type Options, Program } from './program.ts'

let build: Build
beforeAll(async () => {
  build = await buildTools()
}, 60_000)
afterAll(() => {
  build.remove()
})

/** Works until it is told to stop, or for ever. */
const APP = `
  const work = () => Promise.all([new Promise(resolve => setTimeout(resolve, 2))]).then(work)
  work()
  process.stdin.once('data', () => process.exit(0))
  console.log('ready')`

async function run(
  options: Options,
  act: (program: Program, live: LiveProgram, end: () => void) => Promise<void>,
): Promise<void> {
  const program = new Program(build, { 'app.js': APP })
  const folder = program.path('live')
  let acted: Promise<void> | undefined
  const ran = await program.record('app.js', {
    flags: ['--live'],
    env: { FORKLINE_LIVE_DIR: folder },
    keepInput: true,
    ...options,
    onOutput: (child) => {
      acted = found(folder)
        .then((live) => act(program, live, () => child.stdin?.end('stop')))
        .finally(() => child.stdin?.end('stop'))
    },
  })
  await acted
  expect(ran).toEqual({ exitCode: 0, signal: null, stdout: 'ready\n', stderr: '' })
  expect(listLive(folder)).toEqual([])
}

async function found(folder: string): Promise<LiveProgram> {
  for (;;) {
    const [live] = listLive(folder)
    if (live !== undefined) return live
    await new Promise(setImmediate)
  }
}

describe('a recording that is live', () => {
  it('is seen from its first byte, grows, and is whole in the end', async () => {
    await run({}, async (program, live, end) => {
      expect(live).toMatchObject({ file: program.path('recording.fltrace'), cwd: program.folder, version: 1 })
      const trace = new Trace()
      const reader = new RecordingReader(trace)
      const received: Uint8Array[] = []
      for await (const bytes of attach(live)) {
        received.push(bytes)
        reader.push(bytes)
        if (trace.tasks.length > 20) end()
      }
      reader.end()
      expect(Buffer.concat(received)).toEqual(readFileSync(live.file))
      expect(trace.recordings[0]).toMatchObject({ exitCode: 0, damage: [] })
    })
  })

  it.skipIf(process.platform === 'win32')('is for its user alone', async () => {
    await run({}, async (_program, live) => {
      const folder = join(live.socket, '..')
      expect(lstatSync(folder).mode & 0o777).toBe(0o700)
      for (const name of readdirSync(folder)) expect(lstatSync(join(folder, name)).mode & 0o777).toBe(0o600)
      return Promise.resolve()
    })
  })

  it('is not shown to one who does not know the token', async () => {
    await run({}, async (_program, live) => {
      const socket = connect(live.socket)
      socket.write(`${'0'.repeat(live.token.length)}\n`)
      expect(await text(socket)).toBe('')
    })
  })

  it('goes on when one who looks takes nothing, or goes away', async () => {
    await run({}, async (_program, live, end) => {
      const idle = connect(live.socket)
      idle.pause().write(`${live.token}\n`)
      const controller = new AbortController()
      const reason = new Error('enough')
      const reading = async (): Promise<void> => {
        for await (const bytes of attach(live, { signal: controller.signal }))
          if (bytes.length > 0) controller.abort(reason)
      }
      await expect(reading()).rejects.toBe(reason)
      end()
      idle.destroy()
    })
  })

  it('is read from its file when the program has ended', async () => {
    let ended: LiveProgram | undefined
    let bytes = 0
    await run({}, async (_program, live, end) => {
      ended = live
      end()
      for await (const piece of attach({ ...live, socket: `${live.socket}.gone` })) bytes += piece.length
    })
    expect(bytes).toBeGreaterThan(56)
    expect(ended).toBeDefined()
  })

  it('is forgotten when its program was killed', () => {
    const program = new Program(build, {})
    writeFileSync(
      program.path('999999999.json'),
      JSON.stringify({
        version: 1,
        pid: 999999999,
        command: [],
        cwd: '',
        file: '',
        socket: '',
        token: '',
        started: 0,
      }),
    )
    writeFileSync(program.path('1.json'), 'no JSON')
    expect(listLive(program.folder)).toEqual([])
    expect(readdirSync(program.folder)).toEqual(['1.json'])
  })
})
