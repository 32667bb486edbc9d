import { lint } from '@forkline/lint'
import { expect, test } from 'vitest'
import { rule } from '../../../lint/rules/require-abort-signal.ts'
import { absolute, programOf } from '../harness/virtualProject.ts'
import { testRule } from '../harness/ruleTester.ts'

const level = 'possible'
const FAN_OUT =
  'export async function loadAll(urls: string[]) {\n  return Promise.all(urls.map((url) => fetch(url)))\n}'

testRule(rule, {
  valid: [
    {
      name: 'a signal among the parameters',
      level,
      code: 'export async function loadAll(urls: string[], signal?: AbortSignal) {\n  return Promise.all(urls.map((url) => fetch(url, { signal: signal ?? null })))\n}',
    },
    {
      name: 'a signal that is not passed on: another rule says so',
      level,
      code: 'export async function loadAll(urls: string[], signal: AbortSignal) {\n  return Promise.all(urls.map((url) => fetch(url)))\n}',
    },
    {
      name: 'options that hold one',
      level,
      code: 'interface Options { signal?: AbortSignal }\nexport async function loadAll(urls: string[], options: Options) {\n  return Promise.all(urls.map((url) => fetch(url, options)))\n}',
    },
    {
      name: 'a token of another kind',
      level,
      code: 'export async function loadAll(urls: string[], token: { isCancelled: boolean }) {\n  return Promise.all(urls.map((url) => fetch(url + String(token.isCancelled))))\n}',
    },
    {
      name: 'a request, which brings its own',
      level,
      code: 'export async function loadAll(request: Request, urls: string[]) {\n  return Promise.all(urls.map((url) => fetch(url)))\n}',
    },
    {
      name: 'a function of the module',
      level,
      code: 'async function loadAll(urls: string[]) {\n  return Promise.all(urls.map((url) => fetch(url)))\n}\nexport const load = () => loadAll(["a"])',
    },
    {
      name: 'a fixed number',
      level,
      code: 'export async function loadBoth() {\n  return Promise.all(["a", "b"].map((url) => fetch(url)))\n}',
    },
    {
      name: 'nothing leaves the process',
      level,
      code: 'export async function parseAll(texts: string[]) {\n  return Promise.all(texts.map(async (text) => JSON.parse(text) as object))\n}',
    },
    {
      name: 'called by a platform',
      level,
      code: 'export async function handler(urls: string[]) {\n  return Promise.all(urls.map((url) => fetch(url)))\n}',
    },
    {
      name: 'a route',
      level,
      code: 'export const GET = async (urls: string[]) => Promise.all(urls.map((url) => fetch(url)))',
    },
    { name: 'a server action', level, code: `'use server'\n${FAN_OUT}` },
    {
      name: 'parameters that nobody knows',
      level,
      code: 'export async function loadAll(urls: string[], extra: any) {\n  return Promise.all(urls.map((url) => fetch(url, extra)))\n}',
    },
    { name: 'a test', level, filename: 'load.test.ts', code: FAN_OUT },
  ],
  invalid: [
    {
      name: 'a function that fans out',
      level,
      code: FAN_OUT,
      errors: [
        {
          line: 1,
          column: 23,
          level: 'possible',
          message:
            'Who calls `loadAll` cannot call it off: it takes no signal, and what it starts for every item of `urls` runs to the end.',
          related: ['It fans out here.'],
          suggestions: [
            {
              title: 'Take a signal, and pass it on to the call',
              output:
                'export async function loadAll(urls: string[], signal?: AbortSignal) {\n  return Promise.all(urls.map((url) => fetch(url, { signal })))\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'an arrow function, and options that are there',
      level,
      code: 'export const loadAll = async (urls: string[]) => Promise.all(urls.map((url) => fetch(url, { method: "HEAD" })))',
      errors: [
        {
          suggestions: [
            {
              title: 'Take a signal, and pass it on to the call',
              output:
                'export const loadAll = async (urls: string[], signal?: AbortSignal) => Promise.all(urls.map((url) => fetch(url, { method: "HEAD", signal })))',
            },
          ],
        },
      ],
    },
    {
      name: 'the work is a function of the module that takes none itself',
      level,
      code: 'const load = async (url: string) => (await fetch(url)).text()\nexport async function loadAll(urls: string[]) {\n  return Promise.all(urls.map(load))\n}',
      errors: [{ line: 2 }],
    },
    {
      name: 'JavaScript, collected in a loop',
      level,
      filename: 'load.js',
      code: 'export async function loadAll(urls) {\n  const started = []\n  for (const url of urls) started.push(fetch(url))\n  return Promise.all(started)\n}',
      errors: [{ line: 1 }],
    },
    {
      name: 'two fan-outs in one function are one finding',
      level,
      code: 'export async function loadAll(urls: string[], more: string[]) {\n  await Promise.all(urls.map((url) => fetch(url)))\n  return Promise.allSettled(more.map((url) => fetch(url)))\n}',
      errors: [
        {
          suggestions: [
            {
              title: 'Take a signal, and pass it on to the call',
              output:
                'export async function loadAll(urls: string[], more: string[], signal?: AbortSignal) {\n  await Promise.all(urls.map((url) => fetch(url, { signal })))\n  return Promise.allSettled(more.map((url) => fetch(url)))\n}',
            },
          ],
        },
      ],
    },
  ],
})

function findings(rules: Parameters<typeof lint>[2]['rules'], head = ''): number {
  const program = programOf({ 'load.ts': head + FAN_OUT })
  const sourceFile = program.getSourceFile(absolute('load.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold load.ts')
  return lint(program, sourceFile, { level: 'likely', ...(rules && { rules }) }, [rule]).findings.length
}

test('is off until somebody names it, and then reports whatever the level', () => {
  expect(findings(undefined)).toBe(0)
  expect(findings({})).toBe(0)
  expect(findings({ [rule.id]: { severity: 'off' } })).toBe(0)
  expect(findings({ [rule.id]: { severity: 'default' } })).toBe(1)
  expect(findings({ [rule.id]: { severity: 'warn' } })).toBe(1)
  expect(findings({}, `/* eslint forkline/${rule.id}: "error" */\n`)).toBe(1)
})
