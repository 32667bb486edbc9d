import { rule } from '../../../lint/rules/no-lost-cancel.ts'
import { testRule } from '../harness/ruleTester.ts'

const load = (before: string): string => `declare function keep(it: unknown): void
export async function load(url: string): Promise<Response> {
  const controller = new AbortController()
  ${before}
  const response = await fetch(url, { signal: controller.signal })
  return response
}`

testRule(rule, {
  valid: [
    { name: 'a controller that is aborted', code: load("process.once('SIGINT', () => { controller.abort() })") },
    { name: 'a controller that is handed on', code: load('keep(controller)') },
    { name: 'an `abort` that is handed on', code: load('keep(controller.abort.bind(controller))') },
    { name: 'a placeholder', code: "export const load = (url: string): Promise<Response> => fetch(url, { signal: new AbortController().signal })" },
    { name: 'a controller that nothing uses', code: 'export async function f() { const controller = new AbortController(); await fetch("/") }' },
    { name: 'a handle that is kept', code: load('const timer = setTimeout(() => { controller.abort() }, 30_000); keep(timer)') },
    { name: 'a timer that does not hold the process', code: load('setTimeout(() => { controller.abort() }, 30_000).unref()') },
    { name: 'a short timer', code: load('setTimeout(() => { controller.abort() }, 100)') },
    { name: 'a timer that does more', code: load('setTimeout(() => { keep(url); controller.abort() }, 30_000)') },
    { name: 'a timer that nothing comes after', code: 'export async function f() { const c = new AbortController(); void fetch("/", { signal: c.signal }); setTimeout(() => { c.abort() }, 5_000) }' },
    { name: 'a field, which others may abort', code: 'export class Job { controller = new AbortController(); run() { return fetch("/", { signal: this.controller.signal }) } }' },
    { name: 'in a test', filename: 'load.test.ts', level: 'possible', code: load('') },
  ],
  invalid: [
    {
      name: 'a controller that only gives out its signal',
      code: load(''),
      errors: [{
        level: 'likely',
        line: 3,
        message: 'Nothing ever aborts `controller`: what is given its signal looks as if it could be cancelled, and cannot.',
        related: ['This signal never aborts.'],
      }],
    },
    { name: 'a deadline whose handle is dropped', code: load('setTimeout(() => { controller.abort() }, 30_000)'), errors: [{ level: 'likely', line: 4, message: /^When the work is done in time, this timer runs on/u }] },
    { name: 'the same without braces, for a time that the caller says', code: load('setTimeout(() => controller.abort(), Number(url))'), errors: [{ line: 4 }] },
    { name: 'in a JavaScript method, as a function', filename: 'file.js', code: 'export class C { async run() { const c = new AbortController(); void setTimeout(function () { c.abort() }, 9e3); await fetch("/", { signal: c.signal }) } }', errors: [{}] },
  ],
})
