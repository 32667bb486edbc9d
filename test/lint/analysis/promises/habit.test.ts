import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { isDroppedByHabit } from '../../../../lint/analysis/promises/habit.ts'
import { calleeName, someNode } from '../../../../lint/analysis/code/syntax.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

const STORE =
  'export declare function save(id: string): Promise<void>\nexport declare function load(): Promise<string>\n'
const IMPORT = "import { load, save } from './store.ts'\n"
const DROPS = "export function f() { save('marked') }"
const AWAITS = "export async function all() { await save('a'); await save('b') }"

test.each([
  ['this is its only call', `${IMPORT}${DROPS}`, '', false],
  ['another function drops it too', `${IMPORT}${DROPS}\nexport function g() { save('a') }`, '', true],
  ['another file drops it too', `${IMPORT}${DROPS}`, `${IMPORT}export function g() { save('a') }`, true],
  ['the same function drops it twice', `${IMPORT}export function f() { save('marked'); save('b') }`, '', false],
  ['others wait for it', `${IMPORT}${DROPS}\nexport function g() { save('a') }`, `${IMPORT}${AWAITS}`, false],
  [
    'a few wait for what many drop',
    `${IMPORT}${DROPS}\nexport const rest = [() => { save('a') }, () => { save('b') }, async () => { await save('c') }]`,
    '',
    true,
  ],
  [
    'a subclass of a generic class drops its method, as others of that class do',
    `${IMPORT}export class Base<T> { item?: T; async tell(text: string) { await save(text) } }
export class Text extends Base<string> { f() { this.tell('marked') } }
export class Other extends Base<number> { g() { this.tell('a') } }`,
    '',
    true,
  ],
  ['only tests drop it', `${IMPORT}${DROPS}`, '', false, `${IMPORT}export function g() { save('a') }`],
  [
    'the others say that nobody waits',
    `${IMPORT}${DROPS}\nexport function g() { void save('a'); save('b').catch(console.error) }`,
    '',
    false,
  ],
  [
    'the other stands in a try for it alone',
    `${IMPORT}${DROPS}\nexport function g() { try { save('a') } catch { console.error('lost') } }`,
    '',
    false,
  ],
  [
    'another function of that name is dropped',
    `${IMPORT}${DROPS}\nexport const rest = { g(save: () => Promise<void>) { save() } }`,
    '',
    false,
  ],
  [
    'a callback starts its own function anew',
    `${IMPORT}async function serve(id: string): Promise<void> { await load(); [id].forEach(() => { serve('marked') }) }\nexport const started = serve('a')`,
    '',
    true,
  ],
  [
    'a function calls itself',
    `${IMPORT}async function next(id: string): Promise<void> { if (await load() === id) next('marked') }\nexport const started = next('a')`,
    '',
    false,
  ],
  [
    'the file drops nearly all that it gets',
    `declare const page: Record<'show' | 'hide' | 'move', () => Promise<void>>\n${IMPORT}${DROPS}\nexport function g() { page.show(); page.hide(); page.move() }`,
    '',
    true,
  ],
])('a call is dropped by habit where %s', (_, code, other, expected, tested = '') => {
  const program = programOf({ 'file.ts': code, 'store.ts': STORE, 'other.ts': other, 'other.test.ts': tested })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  let call: ts.CallExpression | undefined
  if (sourceFile) {
    someNode(sourceFile, (node) => {
      if (ts.isCallExpression(node) && calleeName(node) !== undefined && node.arguments[0]?.getText() === "'marked'")
        call = node
      return call !== undefined
    })
  }
  if (!sourceFile || !call) throw new Error('Expected a call that is given a mark')
  expect(isDroppedByHabit(call, FileAnalysis.of(program, sourceFile))).toBe(expected)
})
