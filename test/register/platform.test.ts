import { summarise, taskLabel } from '@forkline/trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Build, buildTools, isThere, NODES } from './build.ts'
import { Program } from './program.ts'

let build: Build
beforeAll(async () => {
  build = await buildTools()
}, 60_000)
afterAll(() => {
  build.remove()
})

const REQUESTS = `
  const http = require('node:http')
  const server = http.createServer(async (request, response) => {
    await Promise.all([new Promise(resolve => setTimeout(resolve, 5))])
    if (request.url === '/broken') return response.destroy()
    response.statusCode = request.url === '/bad' ? 500 : 200
    response.end(request.url)
  }).listen(0, async () => {
    const { port } = server.address()
    const at = path => 'http://localhost:' + port + path
    for (const path of ['/a?secret=1', '/bad']) console.log(await (await fetch(at(path))).text())
    await fetch(at('/broken')).catch(error => console.log(error.message))
    const controller = new AbortController()
    const aborted = fetch(at('/late'), { signal: controller.signal }).catch(error => console.log(error.name))
    controller.abort()
    await aborted
    await new Promise(resolve => http.get(at('/get'), response => response.resume().on('end', resolve)))
    server.close()
    server.closeAllConnections()
  })`

describe('what Node does, recorded', () => {
  for (const node of NODES) {
    it.skipIf(!isThere(node))(
      `requests are tasks of their server, of fetch and of the client, on ${node.name}`,
      async () => {
        const program = new Program(build, { 'app.js': REQUESTS })
        const plain = await program.run([node.path, 'app.js'])
        expect(plain).toMatchObject({ stderr: '', stdout: '/a?secret=1\n/bad\nfetch failed\nAbortError\n' })
        expect(await program.record('app.js', { node: node.path })).toEqual(plain)
        const { scopes, tasks } = program.summary()
        expect(scopes.find(({ name }) => name?.startsWith('http server :'))?.tasks).toBeGreaterThanOrEqual(4)
        expect(scopes.find(({ kind }) => kind === 'fetch')?.tasks).toBeGreaterThanOrEqual(3)
        expect(scopes.find(({ name }) => name === 'http client')?.tasks).toBe(1)
        expect(tasks.failed).toBeGreaterThanOrEqual(2)
        // What a request is for shows; its query may be nobody else's business.
        const trace = program.trace()
        const labels = Array.from({ length: trace.tasks.length }, (_, task) => taskLabel(trace, task))
        expect(labels.some((label) => label.includes('GET /a'))).toBe(true)
        expect(labels.some((label) => label.includes('secret'))).toBe(false)
        // A `Promise.all` in a handler belongs to its request.
        const all = Array.from({ length: trace.scopes.length }, (_, row) => row).filter(
          (row) => scopes[row]?.kind === 'all',
        )
        expect(all.length).toBeGreaterThanOrEqual(3)
        for (const row of all) expect(taskLabel(trace, (trace.scopes.parent[row] ?? 0) - 1)).toContain('GET /')
      },
    )
  }

  for (const node of NODES) {
    it.skipIf(!isThere(node))(`threads are recorded, as tasks and within, on ${node.name}`, async () => {
      const program = new Program(build, {
        'app.js': `
          const { Worker } = require('node:worker_threads')
          for (const workerData of ['ok', 'throw', 'wait', 'parent']) {
            const worker = new Worker('./worker.js', { workerData })
            worker.on('error', error => console.error(error.message)).on('exit', code => { process.exitCode = 9 })
            if (workerData === 'wait') worker.once('message', () => worker.terminate())
          }`,
        'worker.js': `
          const { parentPort, Worker, workerData } = require('node:worker_threads')
          if (workerData === 'parent') new Worker(__filename, { workerData: 'child' })
          Promise.all([Promise.resolve(1)]).then(() => {
            if (workerData === 'throw') throw new Error('no')
            parentPort.postMessage('here')
            if (workerData === 'wait') setInterval(() => {}, 1e6)
          })`,
      })
      expect(await program.record('app.js', { node: node.path })).toEqual({
        exitCode: 9,
        signal: null,
        stdout: '',
        stderr: 'no\n',
      })
      const trace = program.trace()
      const { scopes } = summarise(trace)
      expect(trace.recordings[0]?.nonsense).toBe(0)
      expect(
        scopes
          .filter(({ kind }) => kind === 'worker')
          .map(({ tasks }) => tasks)
          .sort(),
      ).toEqual([1, 4])
      expect(trace.threads).toHaveLength(6)
      // What a thread does is part of the task that it is.
      const all = Array.from({ length: trace.scopes.length }, (_, row) => row).filter(
        (row) => scopes[row]?.kind === 'all',
      )
      const parents = all.map((row) => taskLabel(trace, (trace.scopes.parent[row] ?? 0) - 1))
      expect(new Set(parents).size).toBe(5)
      for (const parent of parents) expect(parent).toMatch(/^worker \d+$/)
    })
  }

  for (const node of NODES) {
    it.skipIf(!isThere(node))(
      `a thread that ends at once, in a program that does, is recorded on ${node.name}`,
      async () => {
        const program = new Program(build, {
          'app.js': `new (require('node:worker_threads').Worker)('Promise.all([Promise.resolve(1)])', { eval: true })`,
        })
        expect(await program.record('app.js', { node: node.path })).toEqual({
          exitCode: 0,
          signal: null,
          stdout: '',
          stderr: '',
        })
        const { scopes } = program.summary()
        expect(scopes.find(({ kind }) => kind === 'worker')?.tasks).toBe(1)
        expect(scopes.filter(({ kind }) => kind === 'all')).toHaveLength(1)
      },
    )
  }

  for (const node of NODES) {
    it.skipIf(!isThere(node))(
      `who has got a whole answer may hang up before the server has ended it, on ${node.name}`,
      async () => {
        const program = new Program(build, {
          'app.js': `
          const { createServer } = require('node:http')
          const { connect } = require('node:net')
          const server = createServer((request, response) => {
            const whole = request.url !== '/half'
            response.writeHead(request.url === '/failing' ? 500 : 200, { 'content-length': whole ? 4 : 8 })
            response.write('done')
            if (request.url === '/first') response.end()
          })
          const get = (...paths) => new Promise(resolve => {
            const socket = connect(server.address().port)
            const send = () => { socket.write('GET ' + paths.shift() + ' HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n') }
            let text = ''
            socket.on('data', data => {
              text += data
              if (!text.endsWith('done')) return
              text = ''
              if (paths.length > 0) send()
              else socket.destroy()
            }).on('close', resolve)
            send()
          })
          server.listen(0, async () => {
            await get('/whole')
            await get('/half')
            await get('/failing')
            // What went out over a connection before is no part of what comes next.
            await get('/first', '/half')
            server.close()
          })`,
        })
        expect(await program.record('app.js', { node: node.path })).toEqual({
          exitCode: 0,
          signal: null,
          stdout: '',
          stderr: '',
        })
        expect(program.summary().tasks).toMatchObject({ total: 5, ok: 2, failed: 1, cancelled: 2, leaked: 0 })
      },
    )
  }

  it('intervals are scopes, and their runs tasks that may overlap', async () => {
    const program = new Program(build, {
      'app.js': `
        let left = 4
        let release
        const last = new Promise(resolve => { release = resolve })
        const interval = setInterval(async word => {
          if (--left === 0) {
            clearInterval(interval)
            release()
          }
          await last
          if (word === 'word') console.log('done')
        }, 5, 'word')
        console.log(setInterval.name, setInterval.length, require('node:timers').setInterval === setInterval, interval.hasRef())`,
    })
    const plain = await program.run([process.execPath, 'app.js'])
    expect(await program.record('app.js')).toEqual(plain)
    const timer = program.summary().scopes.find(({ kind }) => kind === 'timer')
    expect(timer).toMatchObject({ name: 'setInterval 5 ms', tasks: 4, location: { line: 5 } })
    expect(timer?.peakActive).toBeGreaterThan(1)
  })

  it('rejections that nobody sees end the program as ever, and are recorded', async () => {
    const program = new Program(build, { 'app.js': 'Promise.reject(new Error("lost"))' })
    const plain = await program.run([process.execPath, 'app.js'])
    expect(plain.exitCode).toBe(1)
    expect(await program.record('app.js')).toEqual(plain)
    expect(program.summary().findings).toMatchObject([
      { kind: 'unhandled-rejection', message: expect.stringContaining('lost') as unknown },
    ])
  })

  it('a busy event loop is recorded', async () => {
    const program = new Program(build, {
      'app.js': `setTimeout(() => {
        const until = performance.now() + 200
        while (performance.now() < until);
        setTimeout(() => {}, 60)
      }, 60)`,
    })
    await program.record('app.js')
    const { stalls } = program.trace()
    expect(Math.max(...stalls.duration.subarray(0, stalls.length))).toBeGreaterThan(150)
  })

  it('what is still open when the program ends itself is recorded', async () => {
    const program = new Program(build, {
      'app.js': 'setTimeout(() => {}, 1e6); require("node:net").createServer().listen(0, () => process.exit(2))',
    })
    expect(await program.record('app.js')).toEqual({ exitCode: 2, signal: null, stdout: '', stderr: '' })
    const { alive, strings } = program.trace()
    expect(Array.from(alive.what.subarray(0, alive.length), (what) => strings.at(what)).sort()).toEqual([
      'TCPServerWrap',
      'Timeout',
    ])
  })

  it('every promise is recorded when asked for, and that nobody awaited some', async () => {
    const program = new Program(build, {
      'app.js': `
        const work = async number => { await null; return number }
        work(1)
        work(2)
        ;(async () => { console.log(await work(3)); process.exit(0) })().catch(() => {})`,
    })
    expect(await program.record('app.js', { flags: ['--promises'] })).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '3\n',
      stderr: '',
    })
    const trace = program.trace()
    expect(trace.recordings[0]?.header).toMatchObject({ promises: true })
    expect(program.summary().scopes.find(({ kind }) => kind === 'promises')?.tasks).toBeGreaterThanOrEqual(6)
  })
})
