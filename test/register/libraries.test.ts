import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Build, buildTools, isThere, NODES, ROOT } from './build.ts'
import { Program, withoutNode } from './program.ts'

let build: Build
beforeAll(async () => {
  build = await buildTools()
}, 60_000)
afterAll(() => {
  build.remove()
})

const APP = `
  import pLimit, { limitFunction } from 'p-limit'
  import pMap, { pMapIterable, pMapSkip } from 'p-map'
  import { inspect } from 'node:util'
  const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
  const double = async number => { await sleep(3); return number * 2 }
  const thenable = { get then() { console.log('then'); return resolve => resolve('thenable') } }

  const limit = pLimit(2)
  console.log(await Promise.all([1, 2, 3, 4].map(number => limit(double, number))), await limit.map([5, 6], double))
  console.log(await limit(() => 'plain'), await limit(() => ({ then: resolve => resolve('thenable') })), await limit(() => thenable))
  console.log(Reflect.ownKeys(limit), limit.name, limit.length, limit.activeCount, limit.pendingCount, limit.concurrency)
  console.log(await limitFunction(double, { concurrency: 1 })(21))
  console.log(pLimit.name, pLimit.length, pMap.name, pMap.length, inspect(pMap))
  const blocked = pLimit({ concurrency: 1 })
  blocked(() => sleep(5))
  blocked(double, 1).catch(() => {})
  blocked.clearQueue()

  console.log(await pMap([1, 2, 3], async number => { await sleep(1); return number === 2 ? pMapSkip : number }, { concurrency: 2 }))
  const fail = async () => { await sleep(1); throw new Error('no') }
  const outer = async () => await pMap([1], fail)
  try { await outer() } catch (error) { console.log(error.stack) }
  const cached = Promise.resolve('cached')
  console.log(await pMap([1, 2, 3, 4, 5], number => [number, cached, (async () => number)(), (async () => cached)(), Promise.resolve(sleep(1))][number - 1]))
  await pMap([1], async () => { throw new Error('at once') }).catch(error => console.log(error.message))
  for await (const number of pMapIterable([1, 2], double, { concurrency: 1 })) console.log(number)
  try { pLimit(0) } catch (error) { console.log(error.message) }`

const QUEUE = `
  import PQueue from 'p-queue'
  const queue = new PQueue({ concurrency: 1 })
  console.log(await Promise.all([queue.add(() => 1), queue.add(async () => 2)]), PQueue.name, queue.constructor === PQueue)
  const controller = new AbortController()
  queue.pause()
  queue.add(() => 3, { signal: controller.signal }).catch(error => console.log(error.name))
  controller.abort()
  queue.add(() => 4).catch(() => {})
  queue.clear()
  queue.start()
  console.log(await queue.add(() => 5))`

describe('libraries, recorded', () => {
  for (const node of NODES) {
    it.skipIf(!isThere(node))(`p-limit and p-map do as ever on ${node.name}`, async () => {
      const program = withPackages({ 'app.mjs': APP })
      const plain = await program.run([node.path, 'app.mjs'])
      expect(plain).toMatchObject({ exitCode: 0, stderr: '' })
      expect(withoutNode(await program.record('app.mjs', { node: node.path }))).toEqual(withoutNode(plain))
      const { scopes, tasks, findings } = program.summary()
      expect(
        scopes
          .filter(({ kind }) => kind === 'limiter')
          .map(({ name, limit, tasks, peakActive }) => [name, limit, tasks, peakActive]),
      ).toEqual([
        ['p-limit', 2, 9, 2],
        ['p-limit', 1, 1, 1],
        ['p-limit', 1, 2, 1],
        ['p-map', 2, 3, 2],
        ['p-map', null, 1, 1],
        ['p-map', null, 5, 2],
        ['p-map', null, 1, 1],
        ['p-map', 1, 2, 1],
      ])
      expect(scopes.find(({ name }) => name === 'p-limit')).toMatchObject({
        location: { file: program.path('app.mjs'), line: 9 },
        peakQueued: 4,
      })
      expect(tasks).toMatchObject({ cancelled: 1, failed: 2, leaked: 0 })
      expect(findings.filter(({ kind }) => kind === 'leak')).toEqual([])
    })
  }

  it('p-queue does as ever', async () => {
    const program = withPackages({ 'app.mjs': QUEUE })
    const plain = await program.run([process.execPath, 'app.mjs'])
    expect(plain.stdout).toBe('[ 1, 2 ] PQueue true\nAbortError\n5\n')
    expect(await program.record('app.mjs')).toEqual(plain)
    const { scopes, tasks } = program.summary()
    expect(scopes.find(({ kind }) => kind === 'queue')).toMatchObject({
      name: 'p-queue',
      limit: 1,
      tasks: 5,
      peakActive: 1,
    })
    expect(tasks).toMatchObject({ cancelled: 2, leaked: 0 })
  })

  for (const node of NODES) {
    it.skipIf(!isThere(node))(`are recorded when they are CommonJS too, on ${node.name}`, async () => {
      const program = new Program(build, {
        'app.cjs':
          'const limit = require("p-limit")(1); limit(() => 1).then(console.log); console.log(require("p-limit").default === require("p-limit"))',
        'app.mjs': 'import pLimit from "p-limit"; pLimit(1)(() => 2).then(console.log)',
      })
      program.install(
        'p-limit',
        `
        const pLimit = concurrency => {
          let last = Promise.resolve()
          return work => (last = last.then(work))
        }
        module.exports = pLimit
        module.exports.default = pLimit`,
      )
      expect(await program.forkline(['--out', 'r1.fltrace', '--', node.path, 'app.cjs'])).toMatchObject({
        stdout: 'true\n1\n',
        stderr: '',
      })
      expect(await program.forkline(['--out', 'r22.fltrace', '--', node.path, 'app.mjs'])).toMatchObject({
        stdout: '2\n',
        stderr: '',
      })
      expect(
        program
          .summary()
          .scopes.filter(({ name }) => name === 'p-limit')
          .map(({ tasks }) => tasks),
      ).toEqual([1, 1])
    })
  }

  it('show where their tasks were handed in, for each limiter, however many tasks others had before', async () => {
    const program = withPackages({
      'app.mjs': `
      import pLimit from 'p-limit'
      const busy = pLimit(2)
      const early = () => busy(async () => {})
      await Promise.all(Array.from({ length: 200 }, early))
      const seldom = pLimit(2)
      const late = () => seldom(async () => {})
      await late()`,
    })
    await program.record('app.mjs')
    const { tasks, locations } = program.trace()
    const places = Array.from({ length: tasks.length }, (_, row) => locations.at(tasks.location.at(row))?.function)
    expect(places.filter((place) => place === 'early')).toHaveLength(32 + 3)
    expect(places.filter((place) => place === 'late')).toHaveLength(1)
  })

  it('that are called alike are left alone', async () => {
    const program = new Program(build, { 'app.cjs': 'console.log(require("p-map")(1))' })
    program.install('p-map', 'exports.pMap = 1; module.exports = number => number + 1')
    expect(await program.record('app.cjs')).toMatchObject({ stdout: '2\n', stderr: '' })
  })
})

/** A program that has the packages of this repository. */
function withPackages(files: Readonly<Record<string, string>>): Program {
  const program = new Program(build, files)
  mkdirSync(program.path('node_modules'))
  for (const name of ['p-limit', 'p-map', 'p-queue', 'yocto-queue', 'p-timeout']) {
    symlinkSync(join(ROOT, 'node_modules', name), program.path(`node_modules/${name}`), 'junction')
  }
  writeFileSync(program.path('package.json'), '{ "type": "commonjs" }')
  return program
}
