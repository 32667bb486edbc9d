import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Build, buildTools, isThere, NODES } from './build.ts'
import { Program, withoutNode } from './program.ts'

let build: Build
beforeAll(async () => {
  build = await buildTools()
}, 60_000)
afterAll(() => {
  build.remove()
})

const NAMES = ['all', 'allSettled', 'any', 'race']

/** Says in which turn each combinator is settled, beside others that count turns. */
const TURNS = `
  const seen = []
  const count = async () => { for (let turn = 0; turn < 12; turn++) { await null; seen.push(turn) } }
  const later = value => new Promise(resolve => setTimeout(resolve, 5, value))
  const inputs = [
    [], [1], [Promise.resolve(1), 2], [Promise.reject('no'), Promise.resolve(3)], [Promise.reject('no')],
    [(async () => { await null; return 4 })(), (async () => { await null; await null; throw 'late' })()],
    [{ then: resolve => resolve('thenable') }, Promise.resolve(5)], new Set([Promise.resolve(6)]),
  ]
  const main = async () => {
    count()
    for (const [index, input] of inputs.entries()) {
      for (const name of ${JSON.stringify(NAMES)}) {
        Promise[name](input).then(
          value => seen.push(name + index + JSON.stringify(value)),
          error => seen.push(name + index + '!' + (error.errors ?? error)),
        )
      }
    }
    await later()
    console.log(seen.join(' '))
  }
  process.on('unhandledRejection', error => console.log('unhandled', error))
  main()`

const LOOKS = `
  const { inspect } = require('node:util')
  for (const name of ${JSON.stringify(NAMES)}) {
    const combine = Promise[name]
    console.log(combine.name, combine.length, Reflect.ownKeys(combine), Object.getOwnPropertyDescriptor(Promise, name).enumerable, inspect(combine))
    for (const attempt of [() => combine([]), () => new combine([]), () => combine.call({}, [])]) {
      try { attempt() } catch (error) { console.log(error.constructor.name) }
    }
    Promise[name](5).catch(error => console.log(error.message))
    class Sub extends Promise { static get [Symbol.species]() { console.log('species'); return Promise } }
    const sub = Sub[name]([Sub.resolve(1), Promise.resolve(2)])
    console.log(sub instanceof Sub, Promise[name]([sub]).constructor === Promise)
  }
  const own = Promise.resolve(1)
  own.then = function (...args) { console.log('own then'); return Promise.prototype.then.apply(this, args) }
  Promise.all([own])
  Promise.all([new Proxy(Promise.resolve(1), { get(target, key) { console.log('get', String(key)); return Reflect.get(target, key) } })]).catch(() => {})
  Promise.all([Promise.reject(new Error('seen by nobody'))])`

/** Looks at all that a recorder might touch: V8's settings, the order and number of reads, what stacks are written with. */
const WATCHES = `
  const noticed = []
  const watched = (target, name) => new Proxy(target, {
    get: (of, key) => { noticed.push(name + ' get ' + String(key)); const value = Reflect.get(of, key); return typeof value === 'function' ? value.bind(of) : value },
    has: (of, key) => { noticed.push(name + ' has ' + String(key)); return Reflect.has(of, key) },
    getPrototypeOf: of => { noticed.push(name + ' getPrototypeOf'); return Reflect.getPrototypeOf(of) },
    getOwnPropertyDescriptor: (of, key) => { noticed.push(name + ' own ' + String(key)); return Reflect.getOwnPropertyDescriptor(of, key) },
  })
  const settings = () => JSON.stringify(['prepareStackTrace', 'stackTraceLimit'].map(key => {
    const own = Object.getOwnPropertyDescriptor(Error, key)
    return own && [typeof own.value, own.writable, own.enumerable, own.configurable]
  }))
  const hostile = () => {
    const error = new Error('hostile')
    for (const key of ['name', 'message', 'stack', 'code']) Object.defineProperty(error, key, { get() { noticed.push('error ' + key); return 'read' } })
    return error
  }
  const main = async () => {
    console.log(settings())
    const array = [Promise.resolve(1)]
    Object.defineProperty(array, 1, { get() { noticed.push('element'); return Promise.resolve(2) } })
    const own = [Promise.resolve(3)]
    own[Symbol.iterator] = function* () { noticed.push('iterated'); yield Promise.resolve(4) }
    const revoked = Proxy.revocable([], {})
    revoked.revoke()
    for (const name of ${JSON.stringify(NAMES)}) {
      for (const input of [array, own, watched([Promise.resolve(5)], 'array'), [watched({}, 'value')], revoked.proxy, [Promise.reject(hostile())],
        [Promise.reject(watched(hostile(), 'proxy'))], [Promise.reject(Object.create(watched({}, 'prototype')))]]) {
        await Promise[name](input).then(value => noticed.push(name + ' ok'), error => noticed.push(name + ' failed ' + (typeof error)))
      }
    }
    const late = new Error('late')
    await Promise.all([Promise.reject(late)]).catch(() => {})
    Error.prepareStackTrace = error => 'written late for ' + error.message
    console.log(late.stack)
    delete Error.prepareStackTrace
    console.log(settings())
    delete Error.stackTraceLimit
    await Promise.all([Promise.resolve(6)])
    console.log(settings())
    const then = Promise.prototype.then
    Promise.prototype.then = function (...args) { noticed.push('then'); return Reflect.apply(then, this, args) }
    await Promise.all([Promise.resolve(7)])
    Promise.prototype.then = then
    console.log(noticed.join('\\n'))
  }
  main()`

const STACKS = `
  const fail = async () => { await new Promise(resolve => setTimeout(resolve, 2)); throw new Error('no') }
  const main = async () => {
    for (const name of ['all', 'race', 'any']) {
      try { await Promise[name]([fail()]) } catch (error) { console.log((error.errors?.[0] ?? error).stack) }
    }
  }
  main()`

describe('Promise.all and its like, recorded', () => {
  for (const node of NODES) {
    it.skipIf(!isThere(node))(`settle in the same turn with the same result on ${node.name}`, async () => {
      const program = new Program(build, { 'app.js': TURNS })
      const plain = await program.run([node.path, 'app.js'])
      expect(plain.stdout).toContain('all2[1,2]')
      expect(await program.record('app.js', { node: node.path })).toEqual(plain)
    })

    it.skipIf(!isThere(node))(`look and fail as ever on ${node.name}`, async () => {
      const program = new Program(build, { 'app.js': LOOKS })
      const plain = await program.run([node.path, 'app.js'])
      expect(plain).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('seen by nobody') as unknown })
      expect(await program.record('app.js', { node: node.path })).toEqual(plain)
      expect(program.trace().unhandled.length).toBe(1)
    })
  }

  describe.each(NODES)('on $name', ({ path }) => {
    it.runIf(isThere({ path }))('are not noticed by a program that watches all that they might touch', async () => {
      const program = new Program(build, { 'app.js': WATCHES })
      const plain = await program.run([path, 'app.js'])
      expect(plain.stdout).toContain('written late for late')
      const recorded = await program.record('app.js', { node: path })
      expect(recorded.stdout.split('\n')).toEqual(plain.stdout.split('\n'))
      expect(recorded).toEqual(plain)
    })
  })

  it('leave the stacks of errors whole', async () => {
    const program = new Program(build, { 'app.js': STACKS })
    const plain = await program.run([process.execPath, 'app.js'])
    expect(plain.stdout).toContain('at async Promise.all (index 0)\n    at async main')
    expect(withoutNode(await program.record('app.js'))).toEqual(withoutNode(plain))
  })

  it('are scopes, and what they are given are tasks', async () => {
    const program = new Program(build, { 'app.js': TURNS })
    await program.record('app.js')
    const scopes = program.summary().scopes.map(({ kind, tasks }) => `${kind} ${String(tasks)}`)
    // Of eight inputs six have promises, one of them a set: one, two, one, two, one and one; all with what else is in them.
    for (const name of NAMES) {
      expect(scopes.filter((scope) => scope.startsWith(`${name} `))).toEqual(
        [1, 2, 1, 2, 1, 1].map((tasks) => `${name} ${String(tasks)}`),
      )
    }
  })

  it('leave alone what does not run in a program that froze the language', async () => {
    const program = new Program(build, {
      'freeze.cjs': 'for (const intrinsic of [Promise, Promise.prototype, Error, Object]) Object.freeze(intrinsic)',
      'app.js': 'Promise.all([Promise.resolve(1)]).then(console.log)',
    })
    const run = await program.record('app.js', { env: { NODE_OPTIONS: '--require ./freeze.cjs' } })
    expect(run).toEqual({ exitCode: 0, signal: null, stdout: '[ 1 ]\n', stderr: '' })
  })
})
