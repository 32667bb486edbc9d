import { existsSync, readFileSync } from 'node:fs'
import { withPreload } from '@forkline/runtime/register-config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toCommand } from '../../cli/run/program.ts'
import { type Build, buildTools, isThere, NODES } from '../register/build.ts'
import { Program, type Ran } from '../register/program.ts'

let build: Build
beforeAll(async () => {
  build = await buildTools()
}, 60_000)
afterAll(() => {
  build.remove()
})

const posix = process.platform !== 'win32'

describe('forkline run', () => {
  const ORDER = `
    process.nextTick(() => console.log('tick'))
    Promise.resolve().then(() => console.log('microtask'))
    setImmediate(() => console.log('immediate'))
    console.error('to stderr', process.execArgv, require.main === module)
    process.exitCode = 3`

  for (const node of NODES) {
    it.skipIf(!isThere(node))(`leaves a program its output, its order and its exit code, on ${node.name}`, async () => {
      const program = new Program(build, { 'app.js': ORDER })
      const plain = await program.run([node.path, 'app.js'])
      expect(await program.record('app.js', { node: node.path })).toEqual(plain)
      expect(plain).toMatchObject({ exitCode: 3, stdout: 'tick\nmicrotask\nimmediate\n' })
      expect(program.recordings()).toEqual(['recording.fltrace'])
      expect(program.summary().process).toMatchObject({ exitCode: 3, cutOff: false })
    })
  }

  it('hands arguments and input on as they are', async () => {
    const program = new Program(build, {
      'app.js': 'process.stdin.on("data", data => console.log(process.argv.slice(2), String(data)))',
    })
    const odd = ['--out', 'x', '--', '-v', 'a b', '"quoted"', "it's", '$HOME', 'ü', '']
    const command = [process.execPath, 'app.js', ...odd]
    const plain = await program.run(command, { input: 'typed' })
    expect(await program.forkline(['--out', 'ö 1.fltrace', '--', ...command], { input: 'typed' })).toEqual(plain)
    expect(await program.forkline(['--out', 'ö 2.fltrace', ...command], { input: 'typed' })).toEqual(plain)
    expect(program.recordings()).toEqual(['ö 1.fltrace', 'ö 2.fltrace'])
  })

  it('leaves colors to the program', async () => {
    const program = new Program(build, { 'app.js': 'console.log({ a: 1 })' })
    const env = { FORCE_COLOR: '1' }
    const { stdout } = await program.record('app.js', { env })
    expect(stdout).toBe((await program.run([process.execPath, 'app.js'], { env })).stdout)
    expect(stdout).toContain('\x1b[')
  })

  it('keeps what NODE_OPTIONS says already', async () => {
    const program = new Program(build, {
      'first.cjs': 'console.log("first")',
      'app.js':
        'console.log(process.env.NODE_OPTIONS.startsWith("--no-deprecation --require ./first.cjs "), process.noDeprecation)',
    })
    const { stdout } = await program.record('app.js', {
      env: { NODE_OPTIONS: '--no-deprecation --require ./first.cjs' },
    })
    // Once more for the command line itself, which runs in Node too.
    expect(stdout).toBe('first\nfirst\ntrue true\n')
    expect(program.recordings()).toHaveLength(1)
  })

  it('names the file by the time when nobody chose one', async () => {
    const program = new Program(build, { 'app.js': '' })
    expect(await program.forkline(['app.js'])).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' })
    expect(program.recordings()).toEqual([expect.stringMatching(/^forkline-\d{8}-\d{6}\.fltrace$/u)])
  })

  it.skipIf(!posix)('dies by the signal that the program died by', async () => {
    const program = new Program(build, { 'app.js': 'process.kill(process.pid, "SIGKILL")' })
    expect(await program.record('app.js')).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
    expect(program.summary().process).toMatchObject({ exitCode: null, cutOff: true })
  })

  it.skipIf(!posix).each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'] as const)(
    'passes %s on to the program',
    async (signal) => {
      const program = new Program(build, {
        'app.js': `process.on('${signal}', () => { console.log('got it'); process.exit(7) }); setInterval(() => {}, 1e6); console.log('ready')`,
      })
      const onOutput = once((child) => child.kill(signal))
      expect(await program.record('app.js', { onOutput })).toMatchObject({
        exitCode: 7,
        signal: null,
        stdout: 'ready\ngot it\n',
      })
    },
  )

  it.skipIf(!posix)('ends as a program does that nothing keeps from dying by a signal', async () => {
    const program = new Program(build, { 'app.js': 'setInterval(() => {}, 1e6); console.log("ready")' })
    const onOutput = once((child) => child.kill('SIGINT'))
    expect(await program.record('app.js', { onOutput })).toMatchObject({ exitCode: null, signal: 'SIGINT' })
  })

  it('runs the program unrecorded, and says why, when the file is there already', async () => {
    const program = new Program(build, {
      'old.fltrace': 'mine',
      'app.js': 'console.log(process.env.FORKLINE_RECORD, process.env.NODE_OPTIONS)',
    })
    const { stdout, stderr, exitCode } = await program.forkline(['--out', 'old.fltrace', 'app.js'])
    expect({ stdout, exitCode }).toEqual({ stdout: 'undefined undefined\n', exitCode: 0 })
    expect(stderr).toBe(
      'forkline: old.fltrace is there already, and nothing is recorded over it: the program runs unrecorded. '
        + 'Remove the file, or name another with --out.\n',
    )
    expect(readFileSync(program.path('old.fltrace'), 'utf8')).toBe('mine')
  })

  it('runs the program all the same when the file cannot be made', async () => {
    const program = new Program(build, { 'app.js': 'console.log("ran"); process.exitCode = 5' })
    const { stdout, stderr, exitCode } = await program.forkline(['--out', 'no/such.fltrace', 'app.js'])
    expect({ stdout, exitCode }).toEqual({ stdout: 'ran\n', exitCode: 5 })
    expect(stderr).toMatch(
      /^forkline: Process \d+ was not recorded: ENOENT.*such\.fltrace'\. Make the folder first, or name another file with --out\.\n$/u,
    )
  })

  it.skipIf(!posix)('runs the program all the same when the disk is full', async () => {
    const program = new Program(build, {
      'app.js':
        'const names = Array.from({ length: 9000 }, (_, i) => Promise.all([Promise.resolve(i)])); Promise.all(names).then(() => console.log("ran"))',
      'small.sh': 'ulimit -f 8; exec "$@"',
    })
    const { stdout, stderr, exitCode } = await program.forkline([
      '--out',
      'r.fltrace',
      '--',
      'sh',
      'small.sh',
      process.execPath,
      'app.js',
    ])
    expect({ stdout, exitCode }).toEqual({ stdout: 'ran\n', exitCode: 0 })
    expect(stderr).toMatch(
      /^forkline: The recording of process \d+ breaks off: EFBIG.*Allow larger files \(`ulimit -f`\), or record less\.\n$/u,
    )
    expect(program.trace().recordings).toHaveLength(1)
  })

  it.skipIf(!posix)('says what is wrong with a program that is not Node', async () => {
    const program = new Program(build, {})
    const { stderr, exitCode } = await program.forkline(['--out', 'r.fltrace', '--', 'sh', '-c', 'exit 4'])
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/^forkline: r\.fltrace was not made: the command started no program in Node\.js/u)
  })

  it('says that there is no such command, with the exit code of a shell', async () => {
    const program = new Program(build, {})
    const { stderr, exitCode } = await program.forkline(['--', 'no-such-command', '--flag'])
    expect(exitCode).toBe(127)
    expect(stderr).toBe(
      'forkline: no-such-command cannot be started: There is no such command. Check its name, and whether it is on the PATH.\n',
    )
  })

  it('asks for a command', async () => {
    const { stderr, exitCode } = await new Program(build, {}).forkline([])
    expect(exitCode).toBe(2)
    expect(stderr).toContain("missing required argument 'command'")
  })

  it('runs the program all the same, and leaves nothing behind, when it may not be recorded', async () => {
    const program = new Program(build, { 'app.js': 'console.log("ran")' })
    const run = (...allowed: readonly string[]): Promise<Ran> =>
      program.forkline([
        '--out',
        'r.fltrace',
        '--',
        process.execPath,
        '--permission',
        '--allow-fs-read=*',
        ...allowed,
        'app.js',
      ])
    const { stderr, ...ran } = await run('--allow-fs-write=*')
    expect(ran).toMatchObject({ stdout: 'ran\n', exitCode: 0 })
    expect(stderr).toMatch(/^forkline: Process \d+ was not recorded: .*--allow-worker/u)
    expect(await run()).toMatchObject({
      stdout: 'ran\n',
      exitCode: 0,
      stderr: expect.stringContaining('does not let it write files (`--permission`)') as string,
    })
    expect(program.recordings()).toEqual([])
  })

  it('records what the program starts, each process into a file of its own, as one run', async () => {
    const program = new Program(build, {
      'app.js': `const { fork } = require('node:child_process')
        fork('./child.js', { stdio: 'inherit' }).on('exit', code => { process.exitCode = code })`,
      'child.js': 'Promise.all([Promise.resolve(1)]).then(() => process.exit(6))',
    })
    expect(await program.record('app.js')).toMatchObject({ exitCode: 6, stderr: '' })
    expect(program.recordings()).toEqual(['recording.fltrace', expect.stringMatching(/^recording\.\d+\.fltrace$/u)])
    const { recordings } = program.trace()
    expect(recordings.map(({ exitCode }) => exitCode)).toEqual([6, 6])
    expect(new Set(recordings.map(({ header }) => header.run)).size).toBe(1)
    expect(recordings[1]?.header.parentPid).toBe(recordings[0]?.header.pid)
  })

  it('records what npm starts, and not npm', async () => {
    const program = new Program(build, {
      'package.json': '{ "scripts": { "test": "node app.js" } }',
      'app.js': 'Promise.all([Promise.resolve(1)])',
    })
    expect(await program.forkline(['--out', 'r.fltrace', '--', 'npm', 'test', '--silent'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
    expect(program.recordings()).toEqual(['r.fltrace'])
    expect(program.summary().process.command.at(-1)).toContain('app.js')
  })

  it('records what npx starts, and not npx; but a script of the user that is called like a launcher', async () => {
    const program = new Program(build, { 'concurrently.js': 'Promise.all([Promise.resolve(1)])' })
    program.installCommand('tool', '#!/usr/bin/env node\nPromise.all([Promise.resolve(1)]).then(() => process.exit(4))')
    expect(await program.forkline(['--out', 'a.fltrace', '--', 'npx', '--no-install', 'tool'])).toMatchObject({
      exitCode: 4,
    })
    expect(await program.forkline(['--out', 'bb.fltrace', 'concurrently.js'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
    expect(program.recordings()).toEqual(['a.fltrace', 'bb.fltrace'])
    const { recordings } = program.trace()
    expect(recordings.map(({ header }) => header.metadata.command?.at(-1))).toEqual([
      expect.stringMatching(/[\\/]\.bin[\\/]tool$/u),
      expect.stringMatching(/concurrently\.js$/u),
    ])
  })

  it('records the processes of a cluster, and fetches of one from the other', async () => {
    const program = new Program(build, {
      'app.js': `const cluster = require('node:cluster'), http = require('node:http')
        if (cluster.isPrimary) {
          cluster.fork()
          cluster.fork()
          let up = 0
          cluster.on('listening', async (worker, { port }) => {
            if (++up < 2) return
            const answers = await Promise.all([1, 2, 3, 4].map(() => fetch('http://127.0.0.1:' + port).then(r => r.text())))
            console.log(answers.length, new Set(answers).size)
            cluster.disconnect()
          })
        } else {
          http.createServer((request, response) => response.end(String(process.pid))).listen(0)
        }`,
    })
    const ran = await program.record('app.js')
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
    expect(ran.stdout).toMatch(/^4 [12]\n$/u)
    const { recordings, scopes, tasks } = program.summary()
    expect(recordings.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
    const requests = (kind: string): number =>
      scopes.reduce((sum, scope) => sum + (scope.kind === kind ? scope.tasks : 0), 0)
    expect([requests('http'), requests('fetch'), requests('all')]).toEqual([4, 4, 4])
    expect(tasks).toMatchObject({ total: 12, ok: 12 })
  })

  it.skipIf(!posix)('goes on in a program that takes the place of another', async (context) => {
    if (!('execve' in process)) context.skip('This Node cannot do that')
    const program = new Program(build, {
      'app.js': `Promise.all([Promise.resolve(1)]).then(() =>
        process.execve(process.execPath, [process.execPath, 'next.js'], process.env))`,
      'next.js': 'Promise.all([Promise.resolve(1)]).then(() => { console.log("next"); process.exitCode = 6 })',
    })
    expect(await program.record('app.js')).toMatchObject({ exitCode: 6, stdout: 'next\n' })
    const { recordings } = program.trace()
    expect(new Set(recordings.map(({ header }) => header.pid)).size).toBe(1)
    expect(recordings.map(({ exitCode }) => exitCode)).toEqual([undefined, 6])
  })

  it('runs a script that is named alone', async () => {
    const program = new Program(build, { 'app.ts': 'const answer: number = 42\nconsole.log(answer)' })
    expect(await program.forkline(['--out', 'r.fltrace', 'app.ts'])).toMatchObject({ exitCode: 0, stdout: '42\n' })
    expect(existsSync(program.path('r.fltrace'))).toBe(true)
  })
})

describe('the command that is run', () => {
  const old = { path: '/bin/node', version: 'v20.20.2', stripsTypes: false }
  const able = { path: '/bin/node', version: 'v24.0.0', stripsTypes: true }

  it('is the one that was given, or Node for a script', () => {
    expect(toCommand(['npm', 'test'], '/', able)).toEqual(['npm', 'test'])
    expect(toCommand(['app.mjs', 'a'], '/', old)).toEqual(['/bin/node', 'app.mjs', 'a'])
    expect(toCommand(['app.mts'], '/', able)).toEqual(['/bin/node', 'app.mts'])
  })

  it('is Node with tsx for TypeScript that Node cannot run, where the project has it', () => {
    const program = new Program(build, {})
    expect(() => toCommand(['app.ts'], program.folder, old)).toThrow(
      'Node v20.20.2 cannot run app.ts by itself. Install tsx in the project (`npm install --save-dev tsx`), or use Node 22.18 or later.',
    )
    expect(() => toCommand(['app.tsx'], program.folder, able)).toThrow(
      'Install tsx in the project (`npm install --save-dev tsx`).',
    )
    program.install('tsx', '')
    expect(toCommand(['app.ts'], program.folder, old)).toEqual([
      '/bin/node',
      '--import',
      expect.stringMatching(/^file:.*\/tsx\/index\.js$/u),
      'app.ts',
    ])
  })
})

describe('NODE_OPTIONS', () => {
  it('quotes what Node would take apart', () => {
    expect(withPreload(undefined, '/a/b.cjs')).toBe('--require /a/b.cjs')
    expect(withPreload(' ', String.raw`C:\a\b.cjs`)).toBe(String.raw`--require C:\a\b.cjs`)
    expect(withPreload('--x', String.raw`C:\a b\"c.cjs`)).toBe(String.raw`--x --require "C:\\a b\\\"c.cjs"`)
  })
})

function once(
  act: (child: { kill(signal: NodeJS.Signals): unknown }) => void,
): (child: { kill(signal: NodeJS.Signals): unknown }) => void {
  let done = false
  return (child) => {
    if (!done) act(child)
    done = true
  }
}
