import { rule } from '../../../lint/rules/no-completion-order-result.ts'
import { testRule } from '../harness/ruleTester.ts'

const RATE = 'declare function rate(text: string): Promise<number>\n'

testRule(rule, {
  valid: [
    {
      name: 'the first, where nobody knows of several',
      code: `declare function ask(item: string): Promise<string>
export async function first(items: string[]) {
  const found: string[] = []
  await Promise.all(items.map(async (item) => { found.push(await ask(item)) }))
  if (found.length === 0) throw new Error('none')
  return found[0]
}`,
    },
    {
      name: 'a queue of the module, in which each waits its turn',
      code: `declare function ask(item: string): Promise<string>
const jobs: string[] = []
export async function start(items: string[]) { await Promise.all(items.map(async (item) => { jobs.push(await ask(item)) })) }
export function next(): string | undefined { return jobs.length > 0 && jobs[0] !== '' ? jobs.shift() : undefined }`,
    },
    {
      name: 'the first of those found, in a test',
      filename: 'first.test.ts',
      code: `declare function ask(item: string): Promise<string>
export async function first(items: string[]) {
  const found: string[] = []
  await Promise.all(items.map(async (item) => { found.push(await ask(item)) }))
  return found[0]
}`,
    },
    {
      name: 'a helper that runs one at a time, by its options',
      code: `declare function forEachAsync<T>(items: T[], run: (item: T) => Promise<void>, options: { concurrency: number }): Promise<void>
declare function ask(item: string): Promise<string>
export async function first(items: string[]) {
  const found: string[] = []
  await forEachAsync(items, async (item) => { found.push(await ask(item)) }, { concurrency: 1 })
  return found[0]
}`,
    },
    {
      name: 'results returned by the callbacks',
      code: `${RATE}export async function f(texts: string[]) { return Promise.all(texts.map((text) => rate(text))) }`,
    },
    {
      name: 'written by index',
      code: `${RATE}export async function f(texts: string[]) {
        const rates: number[] = []
        await Promise.all(texts.map(async (text, i) => { rates[i] = await rate(text) }))
        return texts.map((text, i) => [text, rates[i]])
      }`,
    },
    {
      name: 'sorted before use',
      code: `${RATE}export async function f(texts: string[]) {
        const rates: number[] = []
        await Promise.all(texts.map(async (text) => { rates.push(await rate(text)) }))
        rates.sort()
        return rates[0]
      }`,
    },
    {
      name: 'only counted or searched',
      code: `${RATE}export async function f(texts: string[]) {
        const rates: number[] = []
        await Promise.all(texts.map(async (text) => { rates.push(await rate(text)) }))
        return rates.length + (rates.includes(3) ? 1 : 0)
      }`,
    },
    {
      name: 'one after another',
      code: `${RATE}export async function f(texts: string[]) { const rates: number[] = []; for (const text of texts) { rates.push(await rate(text)) } return rates[0] }`,
    },
    {
      name: 'pushed before the first await, which is in the order of the input',
      code: `${RATE}export async function f(texts: string[]) {
        const seen: string[] = []
        await Promise.all(texts.map(async (text) => { seen.push(text); await rate(text) }))
        return seen[0]
      }`,
    },
    {
      name: 'behind a wait for one promise that all share: they go on in the order of asking',
      code: `${RATE}let ready: Promise<void> | undefined
      declare function start(): Promise<void>
      export async function f(texts: string[]) {
        const rates: string[] = []
        await Promise.all(texts.map(async (text) => { ready ??= start(); await ready; rates.push(text) }))
        return texts.map((text, i) => [text, rates[i]])
      }
      export async function g(texts: string[], started: { ready: Promise<void> }) {
        const rates: string[] = []
        await Promise.all(texts.map(async (text) => { await (started.ready ??= start()); rates.push(text) }))
        return texts.map((text, i) => [text, rates[i]])
      }`,
    },
    {
      name: 'a list of failures, of which the first is shown',
      code: `${RATE}export async function f(texts: string[]) {
        const errors: unknown[] = []
        await Promise.all(texts.map(async (text) => { try { await rate(text) } catch (error) { errors.push(error) } }))
        if (errors.length > 0) throw errors[0]
      }`,
    },
    {
      name: 'asked only whether something is among them, and told to people',
      level: 'possible',
      code: `${RATE}declare const db: { deleteMany(query: object): Promise<void> }
      declare const logger: { error(text: string): void }
      export async function f(texts: string[]) {
        const done: number[] = []
        await Promise.all(texts.map(async (text) => { done.push(await rate(text)) }))
        try {
          await db.deleteMany({ where: { id: { in: done } } })
        } catch {
          logger.error(\`Could not delete \${done.join(', ')}\`)
          throw new Error('left behind: ' + done.join())
        }
      }`,
    },
    {
      name: 'handed on, with no sign that anyone relies on the order',
      code: `${RATE}export async function f(texts: string[]) {
        const rates: number[] = []
        await Promise.all(texts.map(async (text) => { rates.push(await rate(text)) }))
        return rates
      }`,
    },
  ],
  invalid: [
    {
      name: 'the first of several',
      code: `declare function ask(item: string): Promise<string>
export async function first(items: string[]) {
  const found: string[] = []
  await Promise.all(items.map(async (item) => { found.push(await ask(item)) }))
  if (found.length > 1) console.log('several')
  return found[0]
}`,
      errors: [
        {
          level: 'likely',
          related: ['Here the order matters.'],
          suggestions: [
            {
              title: 'Return the value, so that `Promise.all` keeps the order',
              output: `declare function ask(item: string): Promise<string>
export async function first(items: string[]) {
  const found: string[] = await Promise.all(items.map(async (item) => { return await ask(item) }))
  if (found.length > 1) console.log('several')
  return found[0]
}`,
            },
            {
              title: 'Write by index, so that the order is that of the input',
              output: `declare function ask(item: string): Promise<string>
export async function first(items: string[]) {
  const found: string[] = []
  await Promise.all(items.map(async (item, index) => { found[index] = await ask(item) }))
  if (found.length > 1) console.log('several')
  return found[0]
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'behind a function that takes a lock, from which they may come in order: no more than likely',
      level: 'possible',
      code: `${RATE}declare const mutex: { runExclusive<T>(work: () => Promise<T>): Promise<T> }
async function rateAlone(text: string): Promise<void> { await mutex.runExclusive(() => rate(text)) }
export async function f(texts: string[]) {
  const done: string[] = []
  const started: Promise<void>[] = []
  const work = async (text: string): Promise<void> => { await rateAlone(text); done.push(text) }
  for (const text of texts) started.push(work(text))
  await Promise.all(started)
  return texts.map((text, i) => [text, done[i]])
}`,
      errors: [{ level: 'possible', line: 7 }],
    },
    {
      name: 'a helper that runs several at a time, by its options',
      level: 'possible',
      code: `declare function forEachAsync<T>(items: T[], run: (item: T) => Promise<void>, options: { concurrency: number }): Promise<void>
declare function ask(item: string): Promise<string>
export async function first(items: string[]) {
  const found: string[] = []
  await forEachAsync(items, async (item) => { found.push(await ask(item)) }, { concurrency: 10 })
  return found[0]
}`,
      errors: [{ level: 'possible', line: 5, message: /the order of `items`/u, related: ['Here the order matters.'] }],
    },
    ...[
      ['that each sets anew', 'latest = rate(text); await latest; rates.push(1)'],
      ['that not all wait for', 'if (text) await latest; rates.push(1)'],
      ['and then for its own', 'await latest; await rate(text); rates.push(1)'],
      ['after it has gone in once already', 'rates.push(1); await latest; rates.push(1)'],
      ['again and again', 'for (const part of text) { rates.push(1); await latest; await rate(part) }'],
    ].map(([what, body]) => ({
      level: 'possible' as const,
      name: `behind a wait for a shared promise ${String(what)}`,
      code: `${RATE}let latest: Promise<number> | undefined
export async function f(texts: string[]) {
  const rates: number[] = []
  const started: Promise<void>[] = []
  const work = async (text: string): Promise<void> => { ${String(body)} }
  for (const text of texts) started.push(work(text))
  await Promise.all(started)
  return texts.map((text, i) => [text, rates[i]])
}`,
      errors: [{ level: 'possible' as const, line: 6 }],
    })),
    {
      name: 'paired with the input by index: certain, with two ways out',
      code: `${RATE}export async function f(texts: string[]) {
  const rates: number[] = []
  await Promise.all(texts.map(async (text) => {
    rates.push(await rate(text))
  }))
  return texts.map((text, i) => ({ text, rate: rates[i] }))
}`,
      errors: [
        {
          level: 'certain',
          line: 5,
          message:
            '`rates` gets its items in the order in which the calls end, which differs from run to run and from the order of `texts`.',
          related: ['Here the order matters.'],
          suggestions: [
            {
              title: 'Return the value, so that `Promise.all` keeps the order',
              output: `${RATE}export async function f(texts: string[]) {
  const rates: number[] = await Promise.all(texts.map(async (text) => {
    return await rate(text)
  }))
  return texts.map((text, i) => ({ text, rate: rates[i] }))
}`,
            },
            {
              title: 'Write by index, so that the order is that of the input',
              output: `${RATE}export async function f(texts: string[]) {
  const rates: number[] = []
  await Promise.all(texts.map(async (text, index) => {
    rates[index] = await rate(text)
  }))
  return texts.map((text, i) => ({ text, rate: rates[i] }))
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'read by position: likely, and no rewrite where only some items push',
      level: 'possible',
      code: `${RATE}export async function f(texts: string[]) {
  const rates: number[] = []
  await Promise.all(texts.map(async (text) => {
    if (text === '') return
    rates.push(await rate(text))
  }))
  const [first] = rates
  return first
}`,
      errors: [
        {
          level: 'possible',
          line: 6,
          related: ['Here the order matters.'],
        },
      ],
    },
    {
      name: 'in a function that the callbacks call',
      level: 'possible',
      code: `${RATE}const rates: number[] = []
async function one(text: string) { const value = await rate(text); rates.push(value) }
export async function f(texts: string[]) { await Promise.all(texts.map((text) => one(text))); return rates.join() }`,
      errors: [{ level: 'possible', line: 3, related: ['Here the order matters.'] }],
    },
    {
      name: 'filled batch by batch, where an index would begin anew with each batch',
      level: 'possible',
      code: `${RATE}export async function f(batches: string[][]) {
  const rates: number[] = []
  for (const batch of batches) {
    await Promise.all(batch.map(async (text) => {
      rates.push(await rate(text))
    }))
  }
  return rates[0]
}`,
      errors: [{ level: 'possible', line: 6, related: ['Here the order matters.'] }],
    },
    {
      name: 'under a lock, which may well be handed on in order: only possible',
      level: 'possible',
      code: `${RATE}declare const mutex: { lock(): Promise<() => void> }
export async function f(texts: string[]) {
  const rates: number[] = []
  await Promise.all(texts.map(async (text) => {
    const unlock = await mutex.lock()
    try { rates.push(await rate(text)) } finally { unlock() }
  }))
  return texts.map((text, index) => [text, rates[index]])
}`,
      errors: [{ level: 'possible', line: 7 }],
    },
    {
      name: 'handed on, at the level that asks to look',
      level: 'possible',
      code: `${RATE}export async function f(texts: string[]) {
  const rates: number[] = []
  await Promise.all(texts.map(async (text) => rates.push(await rate(text))))
  return rates
}`,
      errors: [
        {
          level: 'possible',
          related: ['Here the order matters.'],
          suggestions: [
            {
              title: 'Return the value, so that `Promise.all` keeps the order',
              output: `${RATE}export async function f(texts: string[]) {
  const rates: number[] = await Promise.all(texts.map(async (text) => await rate(text)))
  return rates
}`,
            },
          ],
        },
      ],
    },
  ],
})
