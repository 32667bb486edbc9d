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

describe.each(NODES.filter(isThere))('on $name', ({ path: node }) => {
  it('a program that brings loaders runs as ever, and what they do is not recorded', async () => {
    const program = new Program(build, {
      'hooks.mjs': `export async function load(url, context, next) {
        await Promise.all([Promise.resolve(1)])
        const result = await next(url, context)
        return url.endsWith('app.mjs') ? { ...result, source: String(result.source).replace('before', 'after') } : result
      }`,
      'register.mjs': 'import { register } from "node:module"; register("./hooks.mjs", import.meta.url)',
      'app.mjs': 'import "./other.cjs"; await Promise.allSettled([Promise.resolve(1)]); console.log("before")',
      'other.cjs': 'console.log("CommonJS")',
    })
    const command = [node, '--import', './register.mjs', 'app.mjs']
    const plain = await program.run(command)
    expect(plain).toMatchObject({ exitCode: 0, stdout: 'CommonJS\nafter\n' })
    expect(await program.forkline(['--out', 'r.fltrace', '--', ...command], { node })).toEqual(plain)
    const { scopes, findings } = program.summary()
    expect(scopes.map(({ kind }) => kind)).toEqual(['allSettled'])
    expect(findings.filter(({ kind }) => kind === 'leak')).toEqual([])
  })

  it('a thread that does not hold the program up ends with it, and is no leak, but where the program exits', async () => {
    const program = new Program(build, {
      'app.js': `const { Worker } = require('node:worker_threads')
        const worker = new Worker('require("node:worker_threads").parentPort.on("message", () => {})', { eval: true })
        worker.on('online', () => {
          worker.unref()
          if (process.argv[2] === 'exit') process.exit()
        })`,
    })
    const leaks = async (how: string): Promise<unknown[]> => {
      await program.forkline(['--out', `${how}.fltrace`, '--', node, 'app.js', how], { node })
      const { tasks, findings } = program.summaryOf(`${how}.fltrace`)
      return [tasks.leaked, tasks.cancelled, findings.filter(({ kind }) => kind === 'leak').length]
    }
    expect(await leaks('by itself')).toEqual([0, 1, 0])
    expect(await leaks('exit')).toEqual([1, 0, 1])
  })
})
