import { rule } from '../../../lint/rules/no-orphaned-siblings.ts'
import { testRule } from '../harness/ruleTester.ts'

const level = 'possible'
const HEAD = `declare function load(id: string, signal?: AbortSignal): Promise<string>
declare function save(id: string, signal?: AbortSignal): Promise<void>
declare function step(): Promise<void>
async function pump(signal: AbortSignal) { while (!signal.aborted) await step() }
`

testRule(rule, {
  valid: [
    {
      name: 'nothing takes a signal',
      level,
      code: `${HEAD}export async function f() { await Promise.all([load("a"), load("b")]) }`,
    },
    {
      name: 'a test',
      level,
      filename: 'load.test.ts',
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.all([load("a", signal), load("b", signal)]) }`,
    },
    {
      name: 'one task has a signal',
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.all([load("a", signal), load("b")]) }`,
    },
    {
      name: 'allSettled waits for all',
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.allSettled([load("a", signal), load("b", signal)]) }`,
    },
    {
      name: 'writes that should finish',
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.all([save("a", signal), save("b", signal)]) }`,
    },
    {
      name: 'one read beside a write',
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.all([load("a", signal), save("b", signal)]) }`,
    },
    {
      name: 'requests that change something',
      level,
      code: 'export async function f(urls: string[], signal: AbortSignal) { await Promise.all([fetch("a", { method: "POST", signal }), fetch("b", { method: "PUT", signal })]) }',
    },
    {
      name: 'no task can fail',
      level,
      code: `${HEAD}const calm = async (signal: AbortSignal) => { try { await load("a", signal) } catch {} }\nexport async function f(signal: AbortSignal) { await Promise.all([calm(signal), calm(signal)]) }`,
    },
    {
      name: 'each failure is handled where it happens',
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.all([load("a", signal).catch(() => ""), load("b", signal).catch(() => "")]) }`,
    },
    {
      name: 'aborted in catch',
      level,
      code: `${HEAD}export async function f() {\n  const controller = new AbortController()\n  try { await Promise.all([load("a", controller.signal), load("b", controller.signal)]) } catch (error) { controller.abort(); throw error }\n}`,
    },
    {
      name: 'aborted in finally',
      level,
      code: `${HEAD}export async function f() {\n  const controller = new AbortController()\n  try { await Promise.all([load("a", controller.signal), load("b", controller.signal)]) } finally { controller.abort() }\n}`,
    },
    {
      name: 'aborted by the rejection',
      level,
      code: `${HEAD}export async function f() {\n  const controller = new AbortController()\n  await Promise.all([load("a", controller.signal), load("b", controller.signal)]).catch((error) => { controller.abort(); throw error })\n}`,
    },
    {
      name: "aborted in finally, beside the caller's",
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) {\n  const own = new AbortController()\n  const joinedSignal = AbortSignal.any([signal, own.signal])\n  try { await Promise.all([load("a", joinedSignal), load("b", joinedSignal)]) } finally { own.abort() }\n}`,
    },
    {
      name: 'aborted in finally, by a name of its own',
      level,
      code: `${HEAD}export async function f() {\n  const own = new AbortController()\n  const stop = own.signal\n  try { await Promise.all([load("a", stop), load("b", stop)]) } finally { own.abort() }\n}`,
    },
    {
      name: 'aborted in finally, taken out of its controller',
      level,
      code: `${HEAD}export async function f() {\n  const own = new AbortController()\n  const { signal } = own\n  try { await Promise.all([load("a", signal), load("b", signal)]) } finally { own.abort() }\n}`,
    },
    {
      name: 'a controller that somebody else has too',
      level,
      code: `${HEAD}export async function f(keep: (controller: AbortController) => void) {\n  const controller = new AbortController()\n  keep(controller)\n  await Promise.all([load("a", controller.signal), load("b", controller.signal)])\n}`,
    },
    {
      name: 'in a group, which aborts the rest',
      level,
      code: `${HEAD}import { group } from '@forkline/runtime'\nexport async function f() { const g = group(); g.go(async (task) => { await Promise.all([load("a", task.signal), load("b", task.signal)]) }); await g.wait() }`,
    },
    {
      name: 'a signal that is only looked at',
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.all([load(signal.aborted ? "a" : "b"), load(signal.aborted ? "c" : "d")]) }`,
    },
    {
      name: 'two signals',
      level,
      code: `${HEAD}export async function f(a: AbortSignal, b: AbortSignal) { await Promise.all([load("a", a), load("b", b)]) }`,
    },
    {
      name: 'nobody waits here',
      level,
      code: `${HEAD}export function f(signal: AbortSignal) { void Promise.all([load("a", signal), load("b", signal)]) }`,
    },
    {
      name: "a caller's signal and work that ends: possible only",
      code: `${HEAD}export async function f(signal: AbortSignal) { await Promise.all([load("a", signal), load("b", signal)]) }`,
    },
  ],
  invalid: [
    {
      name: "a deadline beside the caller's is all that aborts",
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) {\n  const own = new AbortController()\n  setTimeout(() => { own.abort() }, 5_000)\n  const joinedSignal = AbortSignal.any([signal, own.signal])\n  await Promise.all([load("a", joinedSignal), load("b", joinedSignal)])\n}`,
      errors: [
        {
          line: 9,
          suggestions: [
            {
              title: 'Give the tasks a signal that aborts when one fails',
              output: `${HEAD}export async function f(signal: AbortSignal) {
  const own = new AbortController()
  setTimeout(() => { own.abort() }, 5_000)
  const joinedSignal = AbortSignal.any([signal, own.signal])
  const siblings = new AbortController()
  const siblingSignal = AbortSignal.any([joinedSignal, siblings.signal])
  await Promise.all([load("a", siblingSignal), load("b", siblingSignal)]).catch((error: unknown) => { siblings.abort(error); throw error })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a deadline is all that aborts',
      code: `${HEAD}export async function f() {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  try {
    return await Promise.all([load('a', controller.signal), load('b', controller.signal)])
  } finally {
    clearTimeout(timer)
  }
}`,
      errors: [
        {
          line: 9,
          level: 'likely',
          message:
            'When one task fails, `Promise.all` rejects at once, and the others run on to their end: nothing aborts `controller.signal`, which they obey.',
          related: ['This goes on after another has failed.', 'This goes on after another has failed.'],
          suggestions: [
            {
              title: 'Abort `controller` when one fails',
              output: `${HEAD}export async function f() {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  try {
    return await Promise.all([load('a', controller.signal), load('b', controller.signal)]).catch((error: unknown) => { controller.abort(error); throw error })
  } finally {
    clearTimeout(timer)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'work without an end',
      code: `${HEAD}export async function f(signal: AbortSignal) {
  await Promise.all([pump(signal), load('a', signal)])
}`,
      errors: [
        {
          level: 'likely',
          message:
            'When another task fails, `pump(signal)` goes on for as long as nobody aborts `signal`, and nobody waits for it any more.',
          suggestions: [
            {
              title: 'Give the tasks a signal that aborts when one fails',
              output: `${HEAD}export async function f(signal: AbortSignal) {
  const siblings = new AbortController()
  const siblingSignal = AbortSignal.any([signal, siblings.signal])
  await Promise.all([pump(siblingSignal), load('a', siblingSignal)]).catch((error: unknown) => { siblings.abort(error); throw error })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an option in short form',
      level,
      code: `export async function f(signal: AbortSignal): Promise<unknown> {
  return Promise.all([fetch('a', { signal }), fetch('b', { signal })])
}`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Give the tasks a signal that aborts when one fails',
              output: `export async function f(signal: AbortSignal): Promise<unknown> {
  const siblings = new AbortController()
  const siblingSignal = AbortSignal.any([signal, siblings.signal])
  return Promise.all([fetch('a', { signal: siblingSignal }), fetch('b', { signal: siblingSignal })]).catch((error: unknown) => { siblings.abort(error); throw error })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'one task for each item',
      level,
      code: `${HEAD}export async function f(ids: string[], signal: AbortSignal) {
  return Promise.all(ids.map((id) => load(id, signal)))
}`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Give the tasks a signal that aborts when one fails',
              output: `${HEAD}export async function f(ids: string[], signal: AbortSignal) {
  const siblings = new AbortController()
  const siblingSignal = AbortSignal.any([signal, siblings.signal])
  return Promise.all(ids.map((id) => load(id, siblingSignal))).catch((error: unknown) => { siblings.abort(error); throw error })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'started before, and joined later',
      level,
      code: `${HEAD}export async function f(signal: AbortSignal) {\n  const a = load('a', signal)\n  const b = load('b', signal)\n  await Promise.all([a, b])\n}`,
      errors: [{ line: 8, level: 'possible' }],
    },
    {
      name: 'a signal that may be missing',
      level,
      code: `${HEAD}export async function f(signal?: AbortSignal) { await Promise.all([load('a', signal), load('b', signal)]) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'an arrow function in JavaScript',
      filename: 'a.js',
      code: `const load = async (id, signal) => (await fetch(id, { signal })).text()
export const f = async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 10)
  return await Promise.all([load('a', stop.signal), load('b', stop.signal)])
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Abort `stop` when one fails',
              output: `const load = async (id, signal) => (await fetch(id, { signal })).text()
export const f = async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 10)
  return await Promise.all([load('a', stop.signal), load('b', stop.signal)]).catch((error) => { stop.abort(error); throw error })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a loop that only an abort leaves',
      code: `${HEAD}async function serve(signal: AbortSignal) { for (;;) { if (signal.aborted) return; await step() } }
export class Box { async start(signal: AbortSignal) { await Promise.all([serve(signal), load('a', signal)]) } }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Give the tasks a signal that aborts when one fails',
              output: `${HEAD}async function serve(signal: AbortSignal) { for (;;) { if (signal.aborted) return; await step() } }
export class Box { async start(signal: AbortSignal) { const siblings = new AbortController(); const siblingSignal = AbortSignal.any([signal, siblings.signal]); await Promise.all([serve(siblingSignal), load('a', siblingSignal)]).catch((error: unknown) => { siblings.abort(error); throw error }) } }`,
            },
          ],
        },
      ],
    },
  ],
})
