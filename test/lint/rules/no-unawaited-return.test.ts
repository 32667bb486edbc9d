import { rule } from '../../../lint/rules/no-unawaited-return.ts'
import { testRule } from '../harness/ruleTester.ts'

const API = `declare function load(path: string): Promise<string>
declare function check(path: string): void
declare const log: { error(text: string, error?: unknown): void }
declare class Failure extends Error {}
`

testRule(rule, {
  valid: [
    {
      name: 'what is waited for',
      code: `${API}export async function read(path: string) {
  try {
    return await load(path)
  } catch {
    return ''
  }
}`,
      level: 'possible',
    },
    {
      name: 'a promise that has a handler of its own',
      code: `${API}export async function read(path: string) {
  try {
    return load(path).catch(() => '')
  } catch {
    return ''
  }
}`,
      level: 'possible',
    },
    {
      name: 'a callee that handles all its failures',
      code: `${API}async function tried(path: string) {
  try {
    return await load(path)
  } catch {
    return ''
  }
}
export async function read(path: string) {
  try {
    return tried(path)
  } catch {
    return ''
  }
}`,
      level: 'possible',
    },
    {
      name: 'a handler that throws what it has caught',
      code: `${API}export async function read(path: string) {
  try {
    return load(path)
  } catch (error) {
    throw error
  }
}`,
      level: 'possible',
    },
    {
      name: 'a handler that does the same, for what comes before',
      code: `${API}export async function read(path: string, cache: Map<string, Promise<string>>) {
  try {
    check(path)
    if (!cache.has(path)) return load(path)
  } catch {
    return load(path)
  }
  return ''
}`,
      level: 'possible',
    },
    {
      name: 'a function that calls itself: the inner call is inside its own try',
      code: `${API}export async function read(path: string, retries = 0): Promise<string> {
  try {
    return await load(path)
  } catch {
    try {
      return read(path, retries + 1)
    } catch {
      return ''
    }
  } finally {
    retries--
  }
}`,
      level: 'possible',
    },
    {
      name: 'a function that is not async, whose handler is for what is thrown at once',
      code: `${API}export function read(path: string): Promise<string> {
  try {
    return load(path)
  } catch (error) {
    return Promise.reject(error as Error)
  }
}`,
      level: 'possible',
    },
    {
      name: 'an async generator, which waits for what it returns',
      code: `${API}export async function* read(path: string) {
  yield path
  try {
    return load(path)
  } catch {
    return ''
  }
}`,
      level: 'possible',
    },
    {
      name: 'a finally that only tells',
      code: `${API}export async function read(path: string) {
  try {
    return load(path)
  } finally {
    log.error('read')
  }
}`,
      level: 'possible',
    },
    {
      name: 'a return from the handler, which no other handler is around',
      code: `${API}export async function read(path: string) {
  try {
    check(path)
  } catch {
    return load(path)
  }
  return ''
}`,
      level: 'possible',
    },
    {
      name: 'a return inside another function',
      code: `${API}export async function read(paths: string[]) {
  try {
    const loads = paths.map((path) => { return load(path) })
    return await Promise.all(loads)
  } catch {
    return []
  }
}`,
      level: 'possible',
    },
    {
      name: 'a value that is no promise',
      code: `export async function read(text: string): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}`,
      level: 'possible',
    },
    {
      name: 'a promise that was kept elsewhere, and has been waited for maybe',
      code: `${API}export async function read(path: string) {
  const text = load(path)
  try {
    await text
    return text
  } catch {
    return ''
  }
}`,
      level: 'possible',
    },
    {
      name: 'a return that ends before what is held begins',
      code: `${API}declare function open(path: string): Disposable
export async function read(path: string, isEmpty: boolean) {
  if (isEmpty) return load(path)
  using file = open(path)
  return String(file)
}`,
      level: 'possible',
    },
    {
      name: 'a notice to somebody',
      code: `${API}declare function notifyUser(text: string): Promise<void>
declare let busy: boolean
export async function read(path: string) {
  busy = true
  try {
    await load(path)
  } catch {
    return notifyUser('failed')
  } finally {
    busy = false
  }
}`,
      level: 'possible',
    },
  ],
  invalid: [
    {
      name: 'the only thing in the try',
      code: `${API}export async function read(path: string) {
  try {
    return load(path)
  } catch (error) {
    log.error('failed', error)
    return ''
  }
}`,
      errors: [
        {
          line: 7,
          column: 12,
          endColumn: 22,
          level: 'likely',
          message:
            '`return` hands the promise of `load` on before it has settled: the `catch` around it never sees its failure.',
          related: ['This is not reached by a rejection.'],
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export async function read(path: string) {
  try {
    return await load(path)
  } catch (error) {
    log.error('failed', error)
    return ''
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a handler that throws another error, where nothing else can fail',
      code: `${API}export async function read(path: string) {
  try {
    log.error('reads', path)
    return load(path)
  } catch (error) {
    throw new Failure(String(error))
  }
}`,
      errors: [
        {
          line: 8,
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export async function read(path: string) {
  try {
    log.error('reads', path)
    return await load(path)
  } catch (error) {
    throw new Failure(String(error))
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a handler that throws another error, and may be meant for what comes before',
      code: `${API}export async function read(path: string) {
  try {
    check(path)
    return load(path)
  } catch {
    throw new Failure('No such path')
  }
}`,
      level: 'possible',
      errors: [
        {
          line: 8,
          level: 'possible',
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export async function read(path: string) {
  try {
    check(path)
    return await load(path)
  } catch {
    throw new Failure('No such path')
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a loop that was to try again',
      code: `${API}export async function read(path: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      check(path)
      return load(path)
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}`,
      errors: [
        {
          line: 9,
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export async function read(path: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      check(path)
      return await load(path)
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'each way out of a switch, and the branch of a choice that is not waited for',
      code: `${API}export const route = async (method: string, fallback?: string) => {
  try {
    switch (method) {
      case 'GET':
        return load(method)
      default:
        return fallback === undefined ? load('/') : await load(fallback)
    }
  } catch {
    throw new Failure()
  }
}`,
      errors: [
        {
          line: 9,
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export const route = async (method: string, fallback?: string) => {
  try {
    switch (method) {
      case 'GET':
        return await load(method)
      default:
        return fallback === undefined ? load('/') : await load(fallback)
    }
  } catch {
    throw new Failure()
  }
}`,
            },
          ],
        },
        {
          line: 11,
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export const route = async (method: string, fallback?: string) => {
  try {
    switch (method) {
      case 'GET':
        return load(method)
      default:
        return fallback === undefined ? await load('/') : await load(fallback)
    }
  } catch {
    throw new Failure()
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a lock that is given back too early',
      code: `${API}declare const lock: { acquire(): Promise<void>; release(): void }
export async function read(path: string) {
  await lock.acquire()
  try {
    return load(path)
  } finally {
    lock.release()
  }
}`,
      errors: [
        {
          line: 9,
          level: 'likely',
          message:
            '`return` hands the promise of `load` on before it has settled: `lock.release()` in `finally` runs while the work is under way.',
          related: ['This does not wait for the work.'],
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}declare const lock: { acquire(): Promise<void>; release(): void }
export async function read(path: string) {
  await lock.acquire()
  try {
    return await load(path)
  } finally {
    lock.release()
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a busy flag, around a handler that retries',
      code: `${API}export class Reader {
  busy = 0
  async read(path: string): Promise<string> {
    this.busy++
    try {
      check(path)
    } catch {
      return load('/')
    } finally {
      this.busy--
    }
    return ''
  }
}`,
      errors: [
        {
          line: 12,
          level: 'likely',
          message: /`this\.busy--` in `finally`/u,
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export class Reader {
  busy = 0
  async read(path: string): Promise<string> {
    this.busy++
    try {
      check(path)
    } catch {
      return await load('/')
    } finally {
      this.busy--
    }
    return ''
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a resource that is disposed of by then',
      code: `${API}declare function open(path: string): Promise<AsyncDisposable & { text(): Promise<string> }>
export async function read(path: string) {
  await using file = await open(path)
  if (path === '') return file.text().then((text) => text.trim())
  return ''
}`,
      errors: [
        {
          line: 8,
          level: 'likely',
          message:
            '`return` hands the promise of `file.text` on before it has settled: `file` is disposed of while the work is under way.',
          related: ['This is disposed of as soon as the function returns.'],
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}declare function open(path: string): Promise<AsyncDisposable & { text(): Promise<string> }>
export async function read(path: string) {
  await using file = await open(path)
  if (path === '') return await file.text().then((text) => text.trim())
  return ''
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a test, whose runner sees the failure anyhow',
      filename: 'read.test.ts',
      code: `${API}export async function read(path: string) {
  try {
    return load(path)
  } finally {
    check(path)
  }
}`,
      level: 'possible',
      errors: [
        {
          line: 7,
          level: 'possible',
          suggestions: [
            {
              title: 'Wait for it first',
              output: `${API}export async function read(path: string) {
  try {
    return await load(path)
  } finally {
    check(path)
  }
}`,
            },
          ],
        },
      ],
    },
  ],
})
