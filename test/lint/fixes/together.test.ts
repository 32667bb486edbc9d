import { applyFixes, type Finding, lint } from '@forkline/lint'
import { expect, test } from 'vitest'
import { compilerErrors, programOf } from '../harness/virtualProject.ts'

const DECLARED = `declare function price(item: string): Promise<number>
declare function load(item: string, options?: { signal?: AbortSignal }): Promise<string>
declare function save(item: string): Promise<void>
export {}
`

/** More than any of these needs. */
const PASSES = 5

/** Takes everything of one title at once, as often as there is some left; fails where that does not end, or leaves errors. */
function takeAll(code: string, title: string): string {
  let text = DECLARED + code
  for (let pass = 0; pass < PASSES; pass++) {
    const { program, sourceFile } = fileOf(text)
    const { findings } = lint(program, sourceFile, { level: 'possible' })
    const fixed = applyFixes(
      text,
      findings.map((finding) => only(finding, title)),
    )
    if (fixed.applied.length === 0) return text.slice(DECLARED.length)
    text = fixed.text
    const { syntax, types } = compilerErrors(fileOf(text).program, 'file.ts')
    expect([...syntax, ...types], text).toEqual([])
  }
  throw new Error(`Still something to take after ${String(PASSES)} passes:\n${text}`)
}

function fileOf(text: string) {
  const program = programOf({ 'file.ts': text })
  const sourceFile = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  return { program, sourceFile }
}

function only(finding: Finding, title: string): Finding {
  return { ...finding, fix: [finding.fix, ...finding.suggestions].find((one) => one?.title.startsWith(title)) }
}

const timer = (url: string): string =>
  `  await Promise.race([fetch('${url}'), new Promise((_, reject) => { setTimeout(() => { reject(new Error('late')) }, 5_000) })])\n`

test.each([
  {
    name: 'two awaits that come first',
    title: 'Await first',
    code: `export class Cart {
  total = 0
  weight = 0
  async add(item: string): Promise<void> {
    this.total += await price(item)
    this.weight += await price(item)
  }
}
`,
    names: ['const value = ', 'const value2 = '],
  },
  {
    name: 'two awaits in a block, and one further in',
    title: 'Await first',
    code: `export class Cart {
  total = 0
  async add(item: string): Promise<void> {
    this.total += await price(item)
    if (item !== '') {
      this.total -= await price('')
    }
    this.total *= await price(item)
  }
}
`,
    names: ['const value = '],
  },
  {
    name: 'two timers',
    title: 'Clear the timer',
    code: `export async function both(): Promise<void> {\n${timer('a')}${timer('b')}}\n`,
    names: ['let timer: ', 'let timer2: '],
  },
  {
    name: 'two loops whose calls are collected',
    title: 'Start all calls and wait for them after the loop',
    code: `export async function both(items: string[]): Promise<void> {
  for (const item of items) {
    save(item)
  }
  for (const item of items) {
    save(item + item)
  }
}
`,
    names: ['const started: ', 'const started2: '],
  },
  {
    name: 'two predicates whose answers come first',
    title: 'Wait for all answers first',
    code: `export async function both(items: string[]): Promise<string[]> {
  const cheap = items.filter(async (item) => (await price(item)) < 10)
  const dear = items.filter(async (item) => (await price(item)) > 100)
  return [...cheap, ...dear]
}
`,
    names: ['const answers = ', 'const answers2 = '],
  },
  {
    name: 'two intervals that leave turns out',
    title: 'Leave a turn out',
    code: `export function start(): readonly unknown[] {
  const first = setInterval(async () => {
    await save('a')
  }, 1_000)
  const second = setInterval(async () => {
    await save('b')
  }, 1_000)
  return [first, second]
}
`,
    names: ['let isRunning = ', 'let isRunning2 = '],
  },
  {
    name: 'two joins whose tasks get a signal that aborts when one fails',
    title: 'Give the tasks a signal',
    code: `export async function both(signal: AbortSignal): Promise<void> {
  await Promise.all([load('a', { signal }), load('b', { signal })])
  await Promise.all([load('c', { signal }), load('d', { signal })])
}
`,
    names: ['const siblings = ', 'const siblings2 = '],
  },
  {
    name: 'two listeners without names',
    title: 'Remove the listener',
    code: `export async function both(one: AbortSignal, other: AbortSignal): Promise<void> {
  const end = new AbortController()
  one.addEventListener('abort', () => { end.abort(one.reason) })
  other.addEventListener('abort', () => { end.abort(other.reason) })
  await load('a', { signal: end.signal })
}
`,
    names: ['const onAbort = ', 'const onAbort2 = '],
  },
])('$name, taken at once, do not clash', ({ code, title, names }) => {
  const text = takeAll(code, title)
  for (const name of names) expect(text.split(name), text).toHaveLength(2)
})
