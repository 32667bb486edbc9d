import { rule } from '../../../lint/rules/no-unbounded-retry.ts'
import { testRule } from '../harness/ruleTester.ts'

const HELPERS = `declare function sleep(ms: number): Promise<void>\ndeclare const log: { warn(x: unknown): void }\n`

testRule(rule, {
  valid: [
    {
      name: 'an attempt asks a person for what it then reads',
      level: 'possible',
      code: `import { readFile } from 'node:fs/promises'
declare function promptAsync(question: string): Promise<string>
async function provideKey(): Promise<string> { const path = await promptAsync('Where is the key?'); return readFile(path, 'utf8') }
export async function f(): Promise<string> { try { return await provideKey() } catch (error) { console.log(error); return f() } }`,
    },
    {
      name: 'the next message is waited for before it is stored',
      code: `declare function store(message: string): Promise<string>
declare const queue: { receive(): Promise<string> }
export async function f() { while (true) { try { return await store(await queue.receive()) } catch {} } }`,
    },
    {
      name: 'a last attempt',
      code: `export async function f(url: string) { for (let n = 0; n < 5; n++) { try { return await fetch(url) } catch {} } return undefined }`,
    },
    {
      name: 'a count in the handler',
      code: `export async function f(url: string) { let n = 0; while (true) { try { return await fetch(url) } catch (e) { if (++n === 5) throw e } } }`,
    },
    {
      name: 'a pause',
      code: `${HELPERS}export async function f(url: string) { while (true) { try { return await fetch(url) } catch { await sleep(100) } } }`,
    },
    {
      name: 'a pause by hand',
      code: `export async function f(url: string) { while (true) { try { return await fetch(url) } catch { await new Promise((go) => setTimeout(go, 100)) } } }`,
    },
    {
      name: 'a signal',
      code: `export async function f(url: string, signal: AbortSignal) { while (true) { try { return await fetch(url, { signal }) } catch { signal.throwIfAborted() } } }`,
    },
    {
      name: 'a deadline',
      code: `export async function f(url: string, deadline: number) { while (Date.now() < deadline) { try { return await fetch(url) } catch {} } return undefined }`,
    },
    {
      name: 'only some errors are tried again',
      code: `export async function f(url: string) { while (true) { try { return await fetch(url) } catch (e) { if (!(e instanceof TypeError)) throw e } } }`,
    },
    {
      name: 'a loop that serves, which success does not end',
      code: `declare function handle(): Promise<void>\n${HELPERS}export async function f() { while (true) { try { await handle() } catch (e) { log.warn(e) } } }`,
    },
    {
      name: 'each of several, none tried again',
      code: `export async function f(urls: string[]) { for (const url of urls) { try { return await fetch(url) } catch {} } return undefined }`,
    },
    {
      name: 'asking a person again',
      code: `declare function promptForName(): Promise<string>\nexport async function f() { while (true) { try { return await promptForName() } catch {} } }`,
    },
    {
      name: 'recursion that counts',
      code: `export async function f(url: string, left: number): Promise<Response> { try { return await fetch(url) } catch { return f(url, left - 1) } }`,
    },
    {
      name: 'recursion once the cause is mended',
      code: `import { mkdirSync } from 'node:fs'\nimport { writeFile } from 'node:fs/promises'\nexport async function f(name: string): Promise<void> { try { await writeFile(name, '') } catch { mkdirSync('x'); return f(name) } }`,
    },
    {
      name: 'recursion with another argument',
      code: `export async function f(url: string): Promise<Response> { try { return await fetch(url) } catch { return f('/mirror') } }`,
    },
    {
      name: 'a refusal, after a pause',
      code: `${HELPERS}export async function f(url: string) { while (true) { try { return await fetch(url) } catch (e: any) { if (e.code === 'ECONNREFUSED') { await sleep(100); continue } throw e } } }`,
    },
    {
      name: 'a refusal, so many times',
      code: `export async function f(url: string) { let retries = 0; while (true) { try { return await fetch(url) } catch (e: any) { if (e.status === 429 && retries++ < 3) continue; throw e } } }`,
    },
    {
      name: 'a conflict, once the newest state is fetched',
      code: `declare function getState(): Promise<string>\nexport async function f(url: string) { let body = ''; while (true) { try { return await fetch(url, { body }) } catch (e: any) { if (e.status === 409) { body = await getState(); continue } throw e } } }`,
    },
    {
      name: 'anything but a refusal',
      code: `export async function f(url: string) { while (true) { try { return await fetch(url) } catch (e: any) { if (e.status !== 429) continue; throw e } } }`,
    },
    {
      name: 'a refusal, after a wait of the project',
      code: `declare function backOff(): Promise<void>\nexport async function f(url: string) { while (true) { try { return await fetch(url) } catch (e: any) { if (e.status === 503) { await backOff(); continue } throw e } } }`,
    },
    {
      name: 'nothing known of what is tried',
      code: `declare function act(): Promise<number>\nexport async function f() { while (true) { try { return await act() } catch {} } }`,
    },
  ],
  invalid: [
    {
      name: 'a timer that is taken back is no pause',
      code: `export async function f(url: string, timer?: NodeJS.Timeout) { let done = false; while (!done) { try { await fetch(url); clearTimeout(timer); done = true } catch {} } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a request whose answer is read in the same breath',
      code: `export async function f(url: string) {
  let answer: unknown
  while (true) {
    try {
      answer = (await (await fetch(url)).json())
      break
    } catch (error) { console.error(error) }
  }
  return answer
}`,
      errors: [{ level: 'likely', line: 3, message: /Whenever `fetch` fails/u }],
    },
    {
      name: 'an endless loop around a request',
      code: `export async function f(url: string) {\n  while (true) {\n    try {\n      return await fetch(url)\n    } catch {}\n  }\n}`,
      errors: [
        {
          level: 'likely',
          line: 2,
          column: 3,
          message: /Whenever `fetch` fails it is called again at once/u,
          related: ['This is what is tried again.'],
          suggestions: [
            {
              title: 'Try up to 5 times with growing pauses, with `retry`',
              output: `import { retry } from '@forkline/runtime'\n\nexport async function f(url: string) {\n  return await retry(() => fetch(url), { attempts: 5, delay: 200 })\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'with a log',
      code: `${HELPERS}export async function f(url: string) { for (;;) { try { return await fetch(url) } catch (e) { log.warn(e) } } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'until a flag is set',
      code: `export async function f(url: string) { let ok = false; while (!ok) { try { await fetch(url); ok = true } catch {} } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'until there is a result',
      code: `export async function f(url: string) { let got: Response | undefined; do { try { got = await fetch(url) } catch {} } while (!got); return got }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'by recursion',
      code: `export async function f(url: string): Promise<Response> { try { return await fetch(url) } catch { return f(url) } }`,
      errors: [{ level: 'likely', line: 1 }],
    },
    {
      name: 'by recursion in a method',
      code: `${HELPERS}export class A { async get(url: string): Promise<Response> { try { return await fetch(url) } catch (e) { log.warn(e); return await this.get(url) } } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a refusal, at once',
      code: `export async function f(url: string) { while (true) { try { return await fetch(url) } catch (e: any) { if (e.code === 'ECONNREFUSED') continue; throw e } } }`,
      errors: [{ level: 'likely', message: /fails with `ECONNREFUSED` it is called again at once/u }],
    },
    {
      name: 'too many requests, answered by one more',
      code: `declare function getState(): Promise<string>\nexport async function f(url: string) { let body = ''; for (;;) { try { return await fetch(url, { body }) } catch (e: any) { if (e.status === 429) { body = await getState(); continue } throw e } } }`,
      errors: [{ level: 'likely', message: /fails with `429`/u }],
    },
    {
      name: 'nothing known of what is tried',
      level: 'possible',
      code: `declare function act(): Promise<number>\nexport async function f() { let x = 0; while (true) { try { x = await act(); return x } catch {} } }`,
      errors: [{ level: 'possible' }],
    },
  ],
})
