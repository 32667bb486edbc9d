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

const FORGETFUL = `
import { createServer } from 'node:http'
const server = createServer((request, response) => { response.end('{}') })
await new Promise(resolve => server.listen(0, resolve))
const url = 'http://127.0.0.1:' + server.address().port
async function load(item) { return (await fetch(url + '/' + item)).json() }
function each(items) { items.forEach(async item => { await load(item) }) }
function loop(items) { for (const item of items) load(item) }
function map(items) { items.map(async item => { await load(item) }) }
function made() { new Promise(resolve => { setTimeout(resolve, 1) }) }
async function joined(items) { Promise.all(items.map(load)) }
async function careful(items) { await Promise.all(items.map(load)); return load('more') }
each([1, 2, 3])
loop([1, 2])
map([1, 2, 3, 4])
made()
await joined([5, 6])
await careful([1, 2, 3])
await new Promise(resolve => setTimeout(resolve, 50))
server.close()
server.closeAllConnections()
`

const CANCELLING = `
const { EventEmitter } = require('node:events')
class Own extends AbortController {}
const main = async () => {
  const controller = new AbortController()
  controller.signal.addEventListener('abort', () => console.log('told', controller.signal.reason))
  function give() { controller.abort('up'); controller.abort('again') }
  give()
  const late = AbortSignal.timeout(5)
  AbortSignal.timeout(100_000)
  await new Promise(resolve => { late.addEventListener('abort', resolve); setTimeout(() => {}, 1000).unref(); setTimeout(() => {}, 30) })
  console.log(late.reason.name)
  new Own().abort()
  for (const attempt of [() => AbortController.prototype.abort.call({}), () => AbortSignal.timeout(-1), () => AbortSignal.timeout('x')]) {
    try { attempt() } catch (error) { console.log(error.name, error.code) }
  }
  console.log(AbortController.prototype.abort.name, AbortController.prototype.abort.length, AbortSignal.timeout.name, AbortSignal.timeout.length)
}
main()`

describe.each(NODES)('$name', (node) => {
  it("records promises that nobody waited for where they were made, and none of Node's own", async ({ skip }) => {
    skip(!isThere(node))
    const program = new Program(build, { 'app.mjs': FORGETFUL })
    const ran = await program.record('app.mjs', { node: node.path, flags: ['--promises'] })
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
    const found = program.summary().findings.filter(({ kind }) => kind === 'never-awaited')
    expect(found.map(({ location, tasks }) => [location?.function, tasks]).sort()).toEqual([
      ['each', 3],
      ['joined', 1],
      ['loop', 2],
      ['made', 1],
      ['map', 4],
    ])
  })

  it('records when signals of the platform abort, and leaves them as they are', async ({ skip }) => {
    skip(!isThere(node))
    const program = new Program(build, { 'app.cjs': CANCELLING })
    const plain = await program.run([node.path, 'app.cjs'])
    expect(plain).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await program.record('app.cjs', { node: node.path })).toEqual(plain)
    const { cancels, scopes, locations, strings } = program.trace()
    const told = Array.from({ length: cancels.length }, (_, row) => [
      locations.at(scopes.location[(cancels.scope[row] ?? 0) - 1] ?? 0)?.function,
      strings.at(cancels.reason[row] ?? 0).split('\n')[0],
    ])
    expect(told.sort()).toEqual([
      ['give', 'up'],
      ['main', ''],
      ['main', expect.stringMatching(/^TimeoutError: /u) as string],
    ])
  })
})
