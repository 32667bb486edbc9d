import { rule as noAbandonedRaceLoser } from '../../../lint/rules/no-abandoned-race-loser.ts'
import { rule as noAsyncForeach } from '../../../lint/rules/no-async-foreach.ts'
import { rule as noCheckThenActAcrossAwait } from '../../../lint/rules/no-check-then-act-across-await.ts'
import { rule as noFireAndForgetLoop } from '../../../lint/rules/no-fire-and-forget-loop.ts'
import { rule as noOrphanedSiblings } from '../../../lint/rules/no-orphaned-siblings.ts'
import { rule as noStaleResponse } from '../../../lint/rules/no-stale-response.ts'
import { rule as noUnboundedConcurrency } from '../../../lint/rules/no-unbounded-concurrency.ts'
import { rule as requireAbortSignal } from '../../../lint/rules/require-abort-signal.ts'
import { rule as requireFinallyRelease } from '../../../lint/rules/require-finally-release.ts'
import { describeOddCases, type OddCase } from './oddCases.ts'

const CLEAR = 'Clear the timer when the race is over'
const CLEAR_LIMIT = 'Clear the timer when the promise has settled'
const STOP = 'Give the tasks a signal that aborts when one fails'
const FEW_AT_ONCE = 'Run a few at a time with `pool`'

const RACE =
  'await Promise.race([save(1), new Promise<never>((_, reject) => { setTimeout(() => { reject(new Error("late")) }, 9_000) })])'

const CASES: readonly OddCase[] = [
  {
    name: 'a promise that takes its type from the function that returns it',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    code: 'export function f(target: EventTarget): Promise<void> {\n  return new Promise((resolve, reject) => {\n    target.addEventListener("end", () => { resolve() })\n    setTimeout(() => { reject(new Error("late")) }, 9_000)\n  })\n}',
    becomes: 'return new Promise<void>((resolve, reject) => {',
  },
  {
    name: 'a promise that takes its type from a variable',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    code: 'export async function f(target: EventTarget) {\n  const found: string = await new Promise((resolve, reject) => {\n    target.addEventListener("end", () => { resolve("end") })\n    setTimeout(() => { reject(new Error("late")) }, 9_000)\n  })\n  return found\n}',
    becomes: 'await new Promise<string>((resolve, reject) => {',
  },
  {
    name: 'a promise that takes its type from what it is handed to',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    code: 'declare function use(found: Promise<string>): void\nexport function f(target: EventTarget) {\n  use(new Promise((resolve, reject) => {\n    target.addEventListener("end", () => { resolve("end") })\n    setTimeout(() => { reject(new Error("late")) }, 9_000)\n  }))\n}',
    becomes: undefined,
  },
  {
    name: 'a promise of nothing that anybody names',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    code: 'export async function f(target: EventTarget) {\n  await new Promise((resolve, reject) => {\n    target.addEventListener("end", resolve)\n    setTimeout(() => { reject(new Error("late")) }, 9_000)\n  })\n}',
    becomes: 'await new Promise((resolve, reject) => {',
  },
  {
    name: 'a promise in a field, of which each instance has one',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    code: 'export class Link extends EventTarget {\n  ready = new Promise<void>((resolve, reject) => {\n    this.addEventListener("open", () => { resolve() })\n    setTimeout(() => { reject(new Error("late")) }, 9_000)\n  })\n}',
    becomes: undefined,
  },
  {
    name: 'a promise in a function on one line',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    code: 'export async function f(target: EventTarget) { await new Promise<void>((resolve) => { target.addEventListener("end", () => { resolve() }); setTimeout(resolve, 9_000) }) }',
    becomes:
      '{ let timer: ReturnType<typeof setTimeout> | undefined; await new Promise<void>((resolve) => { target.addEventListener("end", () => { resolve() }); timer = setTimeout(resolve, 9_000) }).finally(() => { clearTimeout(timer) }) }',
  },
  {
    name: 'a timer beside one of another function',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    code: 'export const start = () => { const timer = setTimeout(() => { void save(1) }, 1); return timer }\nexport async function f(target: EventTarget) {\n  await new Promise<void>((resolve) => {\n    target.addEventListener("end", () => { resolve() })\n    setTimeout(resolve, 9_000)\n  })\n}',
    becomes: '  let timer: ReturnType<typeof setTimeout> | undefined\n  await new',
  },
  {
    name: 'a statement that begins with a bracket, behind one without a semicolon',
    rule: noAbandonedRaceLoser,
    title: CLEAR,
    code: `export async function f() {\n  console.log(1)\n  ;(${RACE}).trim()\n}`,
    becomes: 'console.log(1)\n  let timer: ReturnType<typeof setTimeout> | undefined\n  ;(await Promise.race(',
  },
  {
    name: 'a statement that begins with a bracket, as the first of its block',
    rule: noAbandonedRaceLoser,
    title: CLEAR,
    code: `export async function f() {\n  (${RACE}).trim()\n}`,
    becomes: '{\n  let timer: ReturnType<typeof setTimeout> | undefined;\n  (await Promise.race(',
  },
  {
    name: 'literals that take their type from where the list of them goes',
    rule: noOrphanedSiblings,
    title: STOP,
    code: 'export async function f(urls: string[], signal: AbortSignal): Promise<{ state: "ok" }[]> {\n  return await Promise.all(urls.map(async (url) => { await fetch(url, { signal }); return { state: "ok" } }))\n}',
    becomes: undefined,
  },
  {
    name: 'literals that nobody expects to be of some type',
    rule: noOrphanedSiblings,
    title: STOP,
    code: 'export async function f(urls: string[], signal: AbortSignal) {\n  const all = await Promise.all(urls.map(async (url) => { await fetch(url, { signal }); return { state: "ok" } }))\n  return all\n}',
    becomes: '.catch((error: unknown) => {',
  },
  {
    name: 'a parameter with the name of what is imported',
    rule: noUnboundedConcurrency,
    title: FEW_AT_ONCE,
    code: 'import { pool } from "@forkline/runtime"\nexport async function f(urls: string[], pool: number) { console.log(pool); return await Promise.all(urls.map((url) => fetch(url))) }\nexport const other = pool({ concurrency: 1 })',
    becomes: 'return await pool2({ concurrency: 8 }).map(urls, (url) => fetch(url))',
  },
  {
    name: 'a variable with the name of a limiter that is imported',
    rule: noUnboundedConcurrency,
    title: 'Run a few at a time with p-map',
    code: 'import pMap from "p-map"\nexport async function f(urls: string[], pMap: number) { console.log(pMap); return await Promise.all(urls.map((url) => fetch(url))) }\nexport const other = () => pMap(items, save)',
    becomes: undefined,
  },
  {
    name: 'a call that would make its line longer than those of the file',
    rule: noUnboundedConcurrency,
    title: FEW_AT_ONCE,
    code: 'export async function f(urls: string[], headers: Headers) {\n  return await Promise.all(\n    urls.map((url) => fetch(url, { headers, method: "HEAD" })),\n  )\n}',
    becomes:
      'return await pool({ concurrency: 8 }).map(urls, (url) =>\n    fetch(url, { headers, method: "HEAD" }),\n  )\n}',
  },
  {
    name: 'a function that was given a signal, which ends the pool as well',
    rule: noUnboundedConcurrency,
    title: FEW_AT_ONCE,
    code: 'export async function f(urls: string[], signal?: AbortSignal) { return await Promise.all(urls.map((url) => fetch(url, { signal }))) }',
    becomes: 'pool({ concurrency: 8, signal }).map(urls, (url) => fetch(url, { signal }))',
  },
  {
    name: 'a function that was given a signal among others things',
    rule: noUnboundedConcurrency,
    title: FEW_AT_ONCE,
    code: 'export async function f(urls: string[], options: { signal: AbortSignal }) { return await Promise.all(urls.map((url) => fetch(url, options))) }',
    becomes: 'pool({ concurrency: 8, signal: options.signal }).map(urls, (url) => fetch(url, options))',
  },
  {
    name: 'a callback that says what `this` is',
    rule: noAsyncForeach,
    title: 'Await each call in turn with `for…of`',
    code: 'export async function f() { items.forEach(async function (this: void, item) { await save(item) }) }',
    becomes: undefined,
  },
  {
    name: 'a script without modules, whose imports are all further down',
    rule: noUnboundedConcurrency,
    title: FEW_AT_ONCE,
    filename: 'file.cjs',
    lib: '',
    code: '/** @param {string[]} urls */\nconst f = async (urls) => await Promise.all(urls.map((url) => fetch(url)))\nconst later = require("node:path")\nmodule.exports = { f, later }',
    becomes: 'const { pool } = require("@forkline/runtime")\n\n/** @param',
  },
  {
    name: 'a checked script, whose new variables have types',
    rule: noAbandonedRaceLoser,
    title: CLEAR_LIMIT,
    filename: 'file.js',
    lib: '',
    code: '/** @param {EventTarget} target */\nexport async function f(target) {\n  await new Promise((resolve, reject) => {\n    target.addEventListener("end", resolve)\n    setTimeout(() => { reject(new Error("late")) }, 9_000)\n  })\n}',
    becomes: '  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer\n  await new Promise(',
  },
  {
    name: 'a checked script, whose comments say what a function takes',
    rule: requireAbortSignal,
    title: 'Take a signal, and pass it on to the call',
    filename: 'file.js',
    lib: '',
    code: '/** @param {string[]} urls */\nexport async function f(urls) { return await Promise.all(urls.map((url) => fetch(url))) }',
    becomes: undefined,
  },
  {
    name: 'an effect that waits a second time, and writes what came again',
    rule: noStaleResponse,
    title: 'Ignore the answer when the effect has run again',
    code: 'declare function useEffect(effect: () => void, inputs: readonly unknown[]): void\ndeclare function useState<T>(first: T): [T, (next: T) => void]\nexport function useRows(query: string) {\n  const [rows, setRows] = useState("")\n  const [more, setMore] = useState("")\n  useEffect(() => {\n    const load = async () => {\n      const found = await save(query)\n      setRows(found)\n      setMore(await save(found + query))\n    }\n    void load()\n  }, [query])\n  return rows + more\n}',
    becomes: undefined,
  },
  {
    name: 'a comment that a tool reads, on the first of the statements that are done once',
    rule: noCheckThenActAcrossAwait,
    title: 'Keep the promise, so that calls at the same time share it',
    code: 'export class Door {\n  isOpen = false\n  async open() {\n    if (this.isOpen) return\n    // eslint-disable-next-line no-console\n    console.log("opening")\n    await save("open")\n    this.isOpen = true\n  }\n}',
    becomes: '??= (async () => {\n      // eslint-disable-next-line no-console\n      console.log("opening")\n',
  },
  {
    name: 'a comment that a tool reads, on the first of the statements that hold something',
    rule: requireFinallyRelease,
    title: 'Give it back in `finally`',
    code: 'declare const lock: { acquire(): Promise<void>; release(): void }\nexport async function f() {\n  await lock.acquire()\n  // @ts-expect-error -- wrong on purpose\n  await save()\n  lock.release()\n}',
    becomes: 'try {\n    // @ts-expect-error -- wrong on purpose\n    await save()\n  } finally {',
  },
  {
    name: 'a queue that begins behind the loop',
    rule: noFireAndForgetLoop,
    title: 'Start all calls and wait for them after the loop',
    code: 'declare const jobs: { add(task: () => Promise<string>): Promise<string>; start(): void }\nexport async function f() {\n  for (const item of items) {\n    jobs.add(() => save(item))\n  }\n  jobs.start()\n  await save(1)\n}',
    becomes: undefined,
  },
  {
    name: 'a queue that has begun before the loop',
    rule: noFireAndForgetLoop,
    title: 'Start all calls and wait for them after the loop',
    code: 'declare const jobs: { add(task: () => Promise<string>): Promise<string>; start(): void }\nexport async function f() {\n  jobs.start()\n  for (const item of items) {\n    jobs.add(() => save(item))\n  }\n  await save(1)\n}',
    becomes: 'started.push(jobs.add(() => save(item)))\n  }\n  await Promise.all(started)\n',
  },
]

describeOddCases('a fix where types and names come from around it', CASES)
