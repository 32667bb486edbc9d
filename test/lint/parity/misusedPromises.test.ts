/** typescript-eslint's `no-misused-promises` and `strict-void-return`, which overlap. */
import { describeParity } from './parity.ts'

const API =
  'declare function save(row: string): Promise<void>\ndeclare function isOpen(row: string): Promise<boolean>\n'

describeParity('no-misused-promises and strict-void-return', [
  {
    name: 'an async callback for forEach',
    verdict: 'must',
    why: 'forEach waits for nobody',
    by: ['no-async-foreach', 'certain'],
    code: [
      `${API}export async function f(rows: string[]) { rows.forEach(async (row) => { await save(row) }) }`,
      `${API}export async function f(rows: Set<string>) { rows.forEach(async function (row) { await save(row) }) }`,
      `${API}export async function f(rows: Map<string, string>) { rows.forEach(async (row) => { await save(row) }) }`,
    ],
  },
  {
    name: 'an async predicate',
    verdict: 'must',
    why: 'a promise is truthy, so that every item passes',
    by: ['no-async-predicate', 'certain'],
    code: [
      `${API}export const f = (rows: string[]) => rows.filter(async (row) => isOpen(row))`,
      `${API}export const f = (rows: string[]) => rows.some(async (row) => isOpen(row))`,
      `${API}export const f = (rows: string[]) => rows.every(async (row) => isOpen(row))`,
      `${API}export const f = (rows: string[]) => rows.find(async (row) => isOpen(row))`,
      `${API}export const f = (rows: string[]) => rows.findIndex((row) => isOpen(row))`,
    ],
  },
  {
    name: 'an async callback for setInterval',
    verdict: 'must',
    why: 'the next run begins whether or not the last has ended',
    by: ['no-overlapping-interval', 'likely'],
    code: [`${API}export function f() { setInterval(async () => { await save('a') }, 100) }`],
  },
  {
    name: 'callbacks whose promise is waited for',
    verdict: 'must not',
    why: 'the type of the parameter says so',
    code: [
      `${API}export const f = async (rows: string[]) => { await Promise.all(rows.slice(0, 3).map(async (row) => { await save(row) })) }`,
      `${API}declare const rows: { forEach(each: (row: string) => Promise<void>): Promise<void> }\nexport const f = async () => { await rows.forEach(async (row) => { await save(row) }) }`,
      `${API}declare const rows: { filter(each: (row: string) => Promise<boolean>): Promise<string[]> }\nexport const f = async () => rows.filter(async (row) => isOpen(row))`,
    ],
  },
  {
    name: 'callbacks that give a value where none is asked for',
    verdict: 'must not',
    why: 'a number that nobody reads does no harm; theirs, strict-void-return, reports any value',
    code: [
      'declare function each(callback: () => void): void\neach(() => 1)',
      'const seen = new Set<string>()\nexport const f = (rows: string[]) => { rows.forEach((row) => seen.add(row)) }',
    ],
  },
  {
    name: 'a promise as a condition',
    verdict: 'out of scope',
    why: 'the compiler reports it (TS2801, with strictNullChecks)',
    code: [
      `${API}export const f = () => { if (isOpen('a')) console.log('always') }`,
      `${API}export const f = () => (isOpen('a') ? 1 : 2)`,
    ],
  },
  {
    name: 'an async function where a type asks for one that gives nothing: handlers, attributes, properties, methods',
    verdict: 'out of scope',
    why: 'that an event starts work is what handlers are for; what goes wrong inside them is for the other rules',
    code: [
      `${API}document.addEventListener('click', async () => { await save('a') })`,
      `${API}interface Plugin { close: () => void }\nexport const plugin: Plugin = { close: async () => { await save('a') } }`,
      `${API}class Base { close(): void { console.log('closed') } }\nexport class Store extends Base { override async close() { await save('a') } }`,
    ],
  },
  {
    name: 'an async function as an attribute in JSX',
    verdict: 'out of scope',
    why: 'the same, for views',
    filename: 'view.tsx',
    code: [
      `${API}declare namespace JSX { interface IntrinsicElements { button: { onClick: () => void } } interface Element { key: string } }\nexport const view = () => <button onClick={async () => { await save('a') }} />`,
    ],
  },
  {
    name: 'a promise that is spread',
    verdict: 'out of scope',
    why: 'not a question of concurrency; the result has a type that shows it',
    code: ['declare const p: Promise<{ a: number }>\nexport const f = () => ({ ...p })'],
  },
])
