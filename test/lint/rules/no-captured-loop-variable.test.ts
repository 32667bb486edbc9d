import { rule } from '../../../lint/rules/no-captured-loop-variable.ts'
import { testRule } from '../harness/ruleTester.ts'

const USE = 'declare function use(value: unknown): Promise<void>\n'

testRule(rule, {
  valid: [
    {
      name: 'a count of what was started, beside a count of what is done',
      code: `declare function ask(url: string): Promise<string>
        export function askAll(urls: string[], end: () => void) {
          let started = 0
          let done = 0
          for (const url of urls) { void ask(url).then(() => { if (++done >= started) end() }); started++ } }`,
    },
    {
      name: 'let in the loop head: one for each turn',
      code: `${USE}export function f(n: number) { for (let i = 0; i < n; i++) setTimeout(() => { void use(i) }) }`,
    },
    {
      name: 'const in for…of',
      code: `${USE}export function f(items: string[]) { for (const item of items) void use(item).then(() => use(item)) }`,
    },
    {
      name: 'a const made inside',
      code: `${USE}export function f(n: number) { for (var i = 0; i < n; i++) { const own = i; setTimeout(() => { void use(own) }) } }`,
    },
    {
      name: 'a callback that runs at once',
      code: `${USE}export function f(items: string[][]) { for (var i = 0; i < items.length; i++) { items[i]?.forEach((x) => { void use(x + i) }) } }`,
    },
    {
      name: 'awaited in the same turn',
      code: `${USE}export async function f(n: number) { for (var i = 0; i < n; i++) { await use(i).then(() => use(i)) } }`,
    },
    {
      name: 'handed in as an argument',
      code: `${USE}export function f(n: number) { for (var i = 0; i < n; i++) { (async (own: number) => { await use(own); await use(own) })(i) } }`,
    },
    {
      name: 'read before the first await of an async function called at once',
      code: `${USE}export function f(n: number) { for (var i = 0; i < n; i++) { void (async () => { const own = i; await use(own) })() } }`,
    },
    {
      name: 'the turn that starts it is the last one',
      code: `${USE}export function f(n: number) { for (var i = 0; i < n; i++) { if (i > 2) { setTimeout(() => { void use(i) }); break } } }`,
    },
    {
      name: 'the turn returns it',
      code: `${USE}export function f(n: number) { for (var i = 0; i < n; i++) { return use(i).then(() => i) } return undefined }`,
    },
    {
      name: 'a flag outside that is no value of a turn',
      code: `${USE}export function f(items: string[]) { let stopped = false; for (const item of items) { setTimeout(() => { if (!stopped) void use(item) }); if (item === 'x') stopped = true } }`,
    },
    {
      name: 'a running total outside',
      code: `${USE}export function f(items: string[]) { let total = 0; for (const item of items) { total += item.length; setTimeout(() => { void use(total) }) } }`,
    },
    {
      name: 'a variable outside that the loop does not change',
      code: `${USE}export function f(items: string[]) { let url = 'a'; if (items.length > 3) url = 'b'; for (const item of items) setTimeout(() => { void use(url + item) }) }`,
    },
    { name: 'not in a loop', code: `${USE}export function f() { var i = 0; setTimeout(() => { void use(i) }); i++ }` },
    {
      name: 'a loop in the function, not around it',
      code: `${USE}setTimeout(() => { for (var i = 0; i < 3; i++) void use(i) })`,
    },
    {
      name: 'a property of the same name',
      code: `${USE}export function f(n: number) { for (var i = 0; i < n; i++) setTimeout(() => { void use({ i: 1 }.i) }) }`,
    },
  ],
  invalid: [
    {
      name: 'a count that is compared with what does not count',
      code: `declare function ask(url: string): Promise<number>
        export function askAll(urls: string[], end: () => void) {
          let started = 0
          for (const url of urls) { void ask(url).then((place) => { if (place === started) end() }); started++ } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'var in the loop head, read by a timer',
      code: `${USE}export function f(n: number) {
  for (var i = 0; i < n; i++) {
    setTimeout(() => { void use(i) }, 10)
  }
}`,
      output: `${USE}export function f(n: number) {
  for (let i = 0; i < n; i++) {
    setTimeout(() => { void use(i) }, 10)
  }
}`,
      errors: [
        {
          level: 'certain',
          line: 4,
          column: 33,
          message:
            'This runs after the loop has gone on, and `i` is one variable for all turns: it reads the value of a later turn, most often the last.',
          related: ['Each turn changes it here.'],
        },
      ],
    },
    {
      name: 'var in for…of, in then',
      filename: 'f.js',
      code: `import { use } from './use.js'
export function f(items) {
  for (var item of items) use(item).then(function () { console.log(item) })
}`,
      files: { './use.js': 'export async function use(value) { return value }' },
      output: `import { use } from './use.js'
export function f(items) {
  for (let item of items) use(item).then(function () { console.log(item) })
}`,
      errors: [{ level: 'certain', line: 3 }],
    },
    {
      name: 'var in the body',
      code: `${USE}export function f(items: string[]) {
  for (const item of items) {
    var name = item.trim()
    setImmediate(() => { void use(name) })
  }
}
declare function setImmediate(work: () => void): void`,
      output: `${USE}export function f(items: string[]) {
  for (const item of items) {
    let name = item.trim()
    setImmediate(() => { void use(name) })
  }
}
declare function setImmediate(work: () => void): void`,
      errors: [{ level: 'certain' }],
    },
    {
      name: 'no fix where the variable is read behind the loop',
      code: `${USE}export function f(n: number) {
  for (var i = 0; i < n; i++) setTimeout(() => { void use(i) })
  return i
}`,
      errors: [{ level: 'certain' }],
    },
    {
      name: 'behind the first await of an async function called at once',
      code: `${USE}export function f(n: number) {
  for (var i = 0; i < n; i++) {
    void (async () => { await use('first'); await use(i) })()
  }
}`,
      output: `${USE}export function f(n: number) {
  for (let i = 0; i < n; i++) {
    void (async () => { await use('first'); await use(i) })()
  }
}`,
      errors: [{ level: 'certain', line: 4 }],
    },
    {
      name: 'functions collected to run later',
      code: `${USE}export async function f(n: number) {
  const tasks: (() => Promise<void>)[] = []
  for (var i = 0; i < n; i++) tasks.push(() => use(i))
  for (const task of tasks) await task()
}`,
      output: `${USE}export async function f(n: number) {
  const tasks: (() => Promise<void>)[] = []
  for (let i = 0; i < n; i++) tasks.push(() => use(i))
  for (const task of tasks) await task()
}`,
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'a variable outside that each turn sets from its item',
      code: `${USE}export function f(items: string[]) {
  let current = ''
  for (const item of items) {
    current = item.trim()
    void use(item).then(() => use(current))
  }
}`,
      errors: [{ level: 'likely', line: 6, related: ['Each turn changes it here.'] }],
    },
    {
      name: 'a counter outside of a while loop',
      code: `${USE}export function f(n: number) {
  let i = 0
  while (i < n) {
    setTimeout(() => { void use(i) })
    i++
  }
}`,
      errors: [{ level: 'likely', line: 5 }],
    },
  ],
})
