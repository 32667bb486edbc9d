import { rule as noAbandonedRaceLoser } from '../../../lint/rules/no-abandoned-race-loser.ts'
import { rule as checkSignalInLoop } from '../../../lint/rules/check-signal-in-loop.ts'
import { rule as forwardAbortSignal } from '../../../lint/rules/forward-abort-signal.ts'
import { rule as noAsyncForeach } from '../../../lint/rules/no-async-foreach.ts'
import { rule as noAsyncPredicate } from '../../../lint/rules/no-async-predicate.ts'
import { rule as noCheckThenActAcrossAwait } from '../../../lint/rules/no-check-then-act-across-await.ts'
import { rule as noCompletionOrderResult } from '../../../lint/rules/no-completion-order-result.ts'
import { rule as noDroppedPromiseArray } from '../../../lint/rules/no-dropped-promise-array.ts'
import { rule as noFloatingFanOut } from '../../../lint/rules/no-floating-fan-out.ts'
import { rule as noFireAndForgetLoop } from '../../../lint/rules/no-fire-and-forget-loop.ts'
import { rule as noIneffectiveLimiter } from '../../../lint/rules/no-ineffective-limiter.ts'
import { rule as noLateAwait } from '../../../lint/rules/no-late-await.ts'
import { rule as noOverlappingInterval } from '../../../lint/rules/no-overlapping-interval.ts'
import { rule as noStaleWriteAfterAwait } from '../../../lint/rules/no-stale-write-after-await.ts'
import { rule as noUnboundedConcurrency } from '../../../lint/rules/no-unbounded-concurrency.ts'
import { rule as noUnboundedRetry } from '../../../lint/rules/no-unbounded-retry.ts'
import { rule as noUnjoinedPromise } from '../../../lint/rules/no-unjoined-promise.ts'
import { rule as requireAbortSignal } from '../../../lint/rules/require-abort-signal.ts'
import { rule as requireFinallyRelease } from '../../../lint/rules/require-finally-release.ts'
import { describeOddCases, type OddCase } from './oddCases.ts'

const IN_TURN = 'Await each call in turn with `for…of`'
const FEW = 'Wait for all calls, a few at a time, with `pool`'
const ALL = 'Wait for all of them with `Promise.all`'
const ANSWERS = 'Wait for all answers first'
const RETURN = 'Return the value, so that `Promise.all` keeps the order'
const FINALLY = 'Give it back in `finally`'
const CLEAR = 'Clear the timer when the race is over'

const CASES: readonly OddCase[] = [
  {
    name: 'a callback whose item has the name of what holds the items',
    rule: noAsyncForeach,
    title: IN_TURN,
    becomes: undefined,
    code: 'interface Leaf { children: Leaf[] }\nexport async function f(leaf: Leaf) { leaf.children.forEach(async (leaf) => { await save(leaf) }) }',
  },
  {
    name: 'a callback that changes its item',
    rule: noAsyncForeach,
    title: IN_TURN,
    code: 'export async function f() { items.forEach(async (item) => { item = item.trim(); await save(item) }) }',
    becomes: 'for (let item of items) { item = item.trim(); await save(item) }',
  },
  {
    name: 'a callback whose expression begins on a line of its own',
    rule: noUnboundedConcurrency,
    title: 'Run a few at a time with `pool`',
    code: 'export async function read(urls: string[]) {\n  return await Promise.all(\n    urls.map((url) =>\n      fetch(url, {\n        method: "HEAD",\n      }),\n    ),\n  )\n}',
    becomes:
      'return await pool({ concurrency: 8 }).map(urls, (url) =>\n    fetch(url, {\n      method: "HEAD",\n    }),\n  )',
  },
  {
    name: 'a call that another rule is told to overlook',
    rule: noFloatingFanOut,
    title: 'Wait for it',
    code: 'export async function store() {\n  // eslint-disable-next-line @typescript-eslint/no-floating-promises\n  save(1)\n  await save(2)\n}',
    becomes: 'store() {\n  await save(1)\n  await save(2)\n}',
  },
  {
    name: 'a call whose failure is nobody’s business',
    rule: noFloatingFanOut,
    title: 'Let it run, and ignore its failure',
    code: 'export function stop() {\n  try {\n    save(1)\n  } catch {\n    // gone already\n  }\n}',
    becomes: '    void save(1).catch(() => {})\n',
  },
  {
    name: 'a chain on lines of its own',
    rule: noFloatingFanOut,
    title: 'Let it run, and handle its failure',
    code: 'export async function store() {\n  save(1)\n    .then((id) => id.length)\n    .then((length) => save(length))\n  await save(2)\n}',
    becomes:
      '  void save(1)\n    .then((id) => id.length)\n    .then((length) => save(length))\n    .catch(console.error)\n',
  },
  {
    name: 'a time limit over the turns of a loop, which the first race must not end',
    rule: noAbandonedRaceLoser,
    title: CLEAR,
    becomes: undefined,
    code: 'declare function isUp(): Promise<boolean>\nexport async function untilUp() {\n  const late = new Promise<never>((_, reject) => { setTimeout(() => { reject(new Error("late")) }, 30_000) })\n  for (;;) {\n    try {\n      await Promise.race([isUp(), late])\n      return\n    } catch (error) {\n      if (!String(error).includes("refused")) throw error\n    }\n  }\n}',
  },
  {
    name: 'a time limit of each turn',
    rule: noAbandonedRaceLoser,
    title: CLEAR,
    code: 'declare function isUp(): Promise<boolean>\nexport async function untilUp() {\n  for (;;) {\n    const late = new Promise<never>((_, reject) => { setTimeout(() => { reject(new Error("late")) }, 30_000) })\n    if (await Promise.race([isUp(), late])) return\n  }\n}',
    becomes: 'if (await Promise.race([isUp(), late]).finally(() => { clearTimeout(timer) })) return',
  },
  {
    name: 'a flag that must not be set where the work says that it fails',
    rule: noCheckThenActAcrossAwait,
    title: 'Set `this.greeted` before the `await`',
    becomes: undefined,
    code: 'export class Door {\n  greeted = false\n  async greet() {\n    if (this.greeted) return\n    const text = await save("hello")\n    if (text === "") throw new Error("Nobody is there")\n    this.greeted = true\n  }\n}',
  },
  {
    name: 'a flag that may be set before',
    rule: noCheckThenActAcrossAwait,
    title: 'Set `this.greeted` before the `await`',
    code: 'export class Door {\n  greeted = false\n  async greet() {\n    if (this.greeted) return\n    await save("hello")\n    this.greeted = true\n  }\n}',
    becomes: 'if (this.greeted) return\n    this.greeted = true\n    await save("hello")\n  }',
  },
  {
    name: 'a callback with type parameters',
    rule: noAsyncForeach,
    title: IN_TURN,
    becomes: undefined,
    code: 'export async function f() { items.forEach(async <T>(item: T) => { await save(item) }) }',
  },
  {
    name: 'a callback on lines of its own, with returns',
    rule: noAsyncForeach,
    title: IN_TURN,
    code: 'export async function f() {\n  items.forEach(\n    async (item) => {\n      if (item === "return") return // return\n      await save(`\n      return`)\n    },\n  )\n}',
    becomes:
      '  for (const item of items) {\n    if (item === "return") continue // return\n    await save(`\n      return`)\n  }\n}',
  },
  {
    name: 'a comment before the callback would be lost',
    rule: noAsyncForeach,
    title: FEW,
    becomes: undefined,
    code: 'export async function f() { items.forEach(/* all */ async (item) => { await save(item) }) }',
  },
  {
    name: 'items that may be missing',
    rule: noDroppedPromiseArray,
    title: 'fix',
    code: 'export async function f(list?: string[]) { await list?.map(async (x) => save(x)) }',
    becomes: 'await Promise.all(list?.map(async (x) => save(x)) ?? [])',
  },
  {
    name: 'a variable that says what it holds',
    rule: noDroppedPromiseArray,
    title: ALL,
    becomes: undefined,
    code: 'export async function f() { const started: Promise<string>[] = items.map(async (x) => save(x)); console.log(started.length) }',
  },
  {
    name: 'a question that is asked only sometimes',
    rule: noAsyncPredicate,
    title: ANSWERS,
    becomes: undefined,
    code: 'export async function f(all: boolean) { const open = all || items.filter(async (x) => (await save(x)) === "x"); return open }',
  },
  {
    name: 'a comment that a tool reads stays with its line',
    rule: noAsyncPredicate,
    title: ANSWERS,
    code: 'export async function f() {\n  // @ts-expect-error -- wrong on purpose\n  const open: number = items.filter(async (x) => (await save(x)) === "x")\n  return open\n}',
    becomes:
      '=== "x"))\n  // @ts-expect-error -- wrong on purpose\n  const open: number = items.filter((_, index) => answers[index])',
  },
  {
    name: 'a comment behind the loop',
    rule: noFireAndForgetLoop,
    title: 'Start all calls and wait for them after the loop',
    code: 'export async function f() {\n  for (const x of items) {\n    save(x)\n  } // all of them\n}',
    becomes: '} // all of them\n  await Promise.all(started)\n}',
  },
  {
    name: 'promises of a kind of their own',
    rule: noFireAndForgetLoop,
    title: 'Start all calls and wait for them after the loop',
    code: 'declare function ask(x: string): { then: PromiseLike<string>["then"] }\nexport async function f() {\n  for (const x of items) {\n    ask(x)\n  }\n}',
    becomes: 'const started: PromiseLike<unknown>[] = []',
  },
  {
    name: 'a variable that says that it holds a promise',
    rule: noUnjoinedPromise,
    title: 'Wait for it here',
    becomes: undefined,
    code: 'export async function f() { const saved: Promise<string> = save(1) }',
  },
  {
    name: 'an object as the pushed value of an arrow function',
    rule: noCompletionOrderResult,
    title: RETURN,
    code: 'export async function f() { const found: { x: string }[] = []; await Promise.all(items.map(async (x) => found.push({ x: await save(x) }))); return found[0] }',
    becomes: 'items.map(async (x) => ({ x: await save(x) }))',
  },
  {
    name: 'several values pushed at once',
    rule: noCompletionOrderResult,
    title: RETURN,
    becomes: undefined,
    code: 'export async function f() { const found: string[] = []; await Promise.all(items.map(async (x) => { const all = await save(x); found.push(...all.split(" ")) })); return found[0] }',
  },
  {
    name: 'a callback that says that it gives nothing',
    rule: noCompletionOrderResult,
    title: RETURN,
    becomes: undefined,
    code: 'export async function f() { const found: string[] = []; await Promise.all(items.map(async (x): Promise<void> => { found.push(await save(x)) })); return found[0] }',
  },
  {
    name: 'a variable that is set again',
    rule: noCompletionOrderResult,
    title: RETURN,
    code: 'export async function f() { let found: string[] = []; await Promise.all(items.map(async (x) => { found.push(await save(x)) })); found = found.slice(1); return found[0] }',
    becomes: 'let found: string[] = await Promise.all(',
  },
  {
    name: 'a timer of the window',
    rule: noAbandonedRaceLoser,
    title: CLEAR,
    code: 'export async function f() { return await Promise.race([save(1), new Promise<never>((_, reject) => { window.setTimeout(() => { reject(new Error("late")) }, 9000) })]) }',
    becomes: '.finally(() => { window.clearTimeout(timer) })',
  },
  {
    name: 'an await in parentheses',
    rule: noStaleWriteAfterAwait,
    title: 'Await first, then read `total`',
    code: 'let total = 0\nexport async function f() {\n  await Promise.all(items.map(async (x) => {\n    total += (await save(x)).length\n  }))\n  return total\n}',
    becomes: 'const value = await save(x)\n    total += value.length',
  },
  {
    name: 'a value that comes whole out of the wait',
    rule: noStaleWriteAfterAwait,
    title: 'Await first, then read `known`',
    becomes: undefined,
    code: 'let known = ""\nexport async function f() {\n  await Promise.all(items.map(async (x) => {\n    known = await save(known + x)\n  }))\n  return known\n}',
  },
  {
    name: 'no options but a comment',
    rule: forwardAbortSignal,
    title: 'fix',
    code: 'export async function f(signal: AbortSignal) { await fetch("x", { /* as it is */ }) }',
    becomes: '{ signal /* as it is */ }',
  },
  {
    name: 'a comment on the line of the brace',
    rule: checkSignalInLoop,
    title: 'Stop here when `signal` is aborted',
    code: 'declare function sleep(ms: number): Promise<void>\nexport async function f(signal: AbortSignal) {\n  while (items.length > 0) { // until all are gone\n    await sleep(1_000)\n  }\n}',
    becomes: '{ // until all are gone\n    signal.throwIfAborted()\n    await',
  },
  {
    name: 'an empty handler with a comment',
    rule: checkSignalInLoop,
    title: 'Stop here when `signal` is aborted',
    code: 'export async function f(signal: AbortSignal) {\n  for (;;) {\n    try { await fetch("x", { signal }) } catch { /* again */ }\n  }\n}',
    becomes: 'catch { /* again */ signal.throwIfAborted() }',
  },
  {
    name: 'comments behind what is done and what is given back',
    rule: requireFinallyRelease,
    title: FINALLY,
    code: 'declare const lock: { acquire(): Promise<void>; release(): void }\nexport async function f() {\n  await lock.acquire()\n  await save(1) /* done */\n  lock.release() // given\n}',
    becomes: 'try {\n    await save(1) /* done */\n  } finally {\n    lock.release() // given\n  }\n}',
  },
  {
    name: 'a resource that is released at the end of the block',
    rule: requireFinallyRelease,
    title: FINALLY,
    becomes: undefined,
    code: 'declare const lock: { acquire(): Promise<void>; release(): void }\ndeclare function open(): Disposable\nexport async function f() { await lock.acquire(); using file = open(); await save(file); lock.release() }',
  },
  {
    name: 'a turn of an interval below a comment that a tool reads',
    rule: noOverlappingInterval,
    title: 'Leave a turn out while the last one still runs',
    code: 'export function f() {\n  // @ts-expect-error -- wrong on purpose\n  const timer: string = setInterval(async () => { await save(1) }, 100)\n  return timer\n}',
    becomes: '  let isRunning = false\n  // @ts-expect-error -- wrong on purpose\n  const timer',
  },
  {
    name: 'a handler of the same name as its argument',
    rule: noFloatingFanOut,
    title: 'Pass the failure on',
    code: 'export function f() { return new Promise<string>((resolve, error) => { save(1).then(resolve) }) }',
    becomes: '.catch((reason: unknown) => { error(reason) })',
  },
  {
    name: 'a thenable without `catch`',
    rule: noFloatingFanOut,
    title: 'Let it run, and handle its failure',
    becomes: undefined,
    code: 'declare function ask(): { then: PromiseLike<string>["then"] }\nexport async function f() { try { ask(); await save(1) } catch { console.log(1) } }',
  },
  {
    name: 'a comment among what goes',
    rule: noCompletionOrderResult,
    title: RETURN,
    becomes: undefined,
    code: 'export async function f() { const found: string[] = []; await Promise.all(items.map(async (x) => { found.push(/* first */ await save(x)) })); return found[0] }',
  },
  {
    name: 'a flag with a comment on its line',
    rule: noCheckThenActAcrossAwait,
    title: 'Set `sent` before the `await`',
    becomes: undefined,
    code: 'let sent = false\nexport async function f() {\n  if (sent) return\n  await save(1)\n  sent = true // once\n}',
  },
  {
    name: 'two promises, one with a comment',
    rule: noLateAwait,
    title: 'Wait for both with `Promise.all`',
    becomes: undefined,
    code: 'export async function f() {\n  const one = save(1)\n  const two = save(2)\n  const a = await /* first */ one\n  const b = await two\n  return [a, b]\n}',
  },
  {
    name: 'a limiter in a function with a comment above',
    rule: noIneffectiveLimiter,
    title: 'Make it once, at the top of the module',
    code: 'import pLimit from "p-limit"\n// Says hello.\nexport async function f() {\n  const limit = pLimit(2)\n  await limit(() => save(1))\n}',
    becomes: 'const limit = pLimit(2)\n// Says hello.\nexport async function f() {\n  await limit',
  },
  {
    name: 'parameters on lines of their own',
    rule: requireAbortSignal,
    title: 'Take a signal, and pass it on to the call',
    code: 'export async function f(\n  urls: string[], // where\n) {\n  await Promise.all(urls.map((url) => fetch(url)))\n}',
    becomes: '  urls: string[], // where\n  signal?: AbortSignal,\n) {',
  },
  {
    name: 'overloads',
    rule: requireAbortSignal,
    title: 'Take a signal, and pass it on to the call',
    becomes: undefined,
    code: 'export function f(urls: string[]): Promise<void>\nexport async function f(urls: string[]) { await Promise.all(urls.map((url) => fetch(url))) }',
  },
  {
    name: 'a comment between the items and the callback',
    rule: noUnboundedConcurrency,
    title: 'Run a few at a time with `pool`',
    becomes: undefined,
    code: 'export async function f(urls: string[]) {\n  return await Promise.all(\n    // All of them.\n    urls.map((url) => fetch(url)),\n  )\n}',
  },
  {
    name: 'an async callback without braces, for a limiter',
    rule: noUnboundedConcurrency,
    title: 'Run a few at a time with `limit`',
    code: 'import pLimit from "p-limit"\nconst limit = pLimit(2)\nexport async function f(urls: string[]) { return await Promise.all(urls.map(async (url) => await fetch(url))) }\nexport async function g() { await limit(() => save(1)) }',
    becomes: 'async (url) => limit(async () => await fetch(url))',
  },
  {
    name: 'a method with the name of what is imported',
    rule: noUnboundedRetry,
    title: 'Try up to 5 times with growing pauses, with `retry`',
    code: 'export class Job {\n  async retry() {\n    for (;;) {\n      try { return await fetch("x") } catch {}\n    }\n  }\n}',
    becomes: 'return await retry(() => fetch("x"), { attempts: 5, delay: 200 })',
  },
]

describeOddCases('a fix of odd code', CASES)
