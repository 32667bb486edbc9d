/**
 * Preloaded into a program that is not recorded: counts how often it calls `Promise.all` and its like, with how many
 * promises, and how many functions it hands to p-limit. The counts go to the file that `PATTERN_REPORT` names.
 */
import { writeFileSync } from 'node:fs'
import { Module } from 'node:module'
import { types } from 'node:util'

type Combine = (this: unknown, values: readonly unknown[]) => Promise<unknown>
type Limiter = (concurrency: number) => (work: unknown, ...args: unknown[]) => unknown
type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown

const counts: Record<string, { scopes: number; tasks: number }> = {}

function add(kind: string, scopes: number, tasks: number): void {
  const count = (counts[kind] ??= { scopes: 0, tasks: 0 })
  count.scopes += scopes
  count.tasks += tasks
}

for (const name of ['all', 'allSettled', 'any', 'race'] as const) {
  const original = Reflect.get(Promise, name) as Combine
  Reflect.set(Promise, name, function (this: unknown, values: readonly unknown[]) {
    // The frame behind this one is the caller's: Node's own calls are none of the program's.
    const caller = new Error().stack?.split('\n')[2] ?? ''
    const promises = Array.isArray(values) ? values.filter((value) => types.isPromise(value)).length : 0
    if (promises > 0 && !caller.includes('node:')) add(name, 1, promises)
    return Reflect.apply(original, this, [values])
  })
}

const load = Reflect.get(Module, '_load') as Load
Reflect.set(Module, '_load', function (this: unknown, request: string, ...rest: unknown[]) {
  const loaded = Reflect.apply(load, this, [request, ...rest])
  return request === 'p-limit' ? counted(loaded as Limiter) : loaded
})

function counted(pLimit: Limiter): Limiter {
  return (concurrency) => {
    const limit = pLimit(concurrency)
    add('limiter', 1, 0)
    return (work, ...args) => {
      add('limiter', 0, 1)
      return limit(work, ...args)
    }
  }
}

process.on('exit', () => {
  const file = process.env['PATTERN_REPORT']
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
})
