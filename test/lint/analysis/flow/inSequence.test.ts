import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { runsInSequence } from '../../../../lint/analysis/flow/inSequence.ts'
import { type FunctionNode, isFunctionNode } from '../../../../lint/analysis/code/syntax.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** Whether the function or method `f` of file.ts runs in sequence, as far as the program shows. */
function isInSequence(code: string, files: Readonly<Record<string, string>> = {}): boolean {
  const program = programOf({ ...files, 'file.ts': code })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let fn: FunctionNode | undefined
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node.name?.getText() === 'f') fn = node
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!fn) throw new Error('Expected a function `f` in the code')
  return runsInSequence(fn, ts.isMethodDeclaration(fn), FileAnalysis.of(program, sourceFile).types)
}

const KEYCHAIN = 'export class Keychain { async f() {} async open() { await this.f() } }'
const USE = 'import { Keychain } from "./file.js"\n'

describe('calls of an instance', () => {
  test.each([
    ['made by the caller', `${USE}export async function build() { const it = new Keychain(); await it.f() }`, true],
    [
      'made by the caller, in a callback that is waited for',
      `${USE}declare function phase(run: () => Promise<void>): Promise<void>
      export async function build() { const it = new Keychain(); await phase(async () => { await it.f() }) }`,
      true,
    ],
    [
      'made by the caller, once, and nobody waits',
      `${USE}export function build() { const it = new Keychain(); it.f().catch(console.error) }`,
      true,
    ],
    [
      'made by the caller, for each of a list at once',
      `${USE}export async function build(all: string[]) { const it = new Keychain(); await Promise.all(all.map(async () => { await it.f() })) }`,
      false,
    ],
    [
      'made by the caller, with every event',
      `${USE}declare const bus: { on(event: string, run: () => Promise<void>): void }
      export function build() { const it = new Keychain(); bus.on('start', async () => { await it.f() }) }`,
      false,
    ],
    [
      'kept in a field that its owner fills, where the owner is made by the caller',
      `${USE}export class Builder { #it = new Keychain(); async prepare() { await this.#it.f() } }
      export async function build() { const builder = new Builder(); await builder.prepare() }`,
      true,
    ],
    [
      'handed in',
      `${USE}export class Builder { constructor(readonly it: Keychain) {} async prepare() { await this.it.f() } }
      export async function build(it: Keychain) { const builder = new Builder(it); await builder.prepare() }`,
      false,
    ],
    ['of the module, at its top', `${USE}const it = new Keychain()\nawait it.f()`, true],
    [
      'of the module, by whoever calls',
      `${USE}const it = new Keychain()\nexport async function build() { await it.f() }`,
      false,
    ],
    [
      'that nobody waits for',
      `${USE}export async function build() { const it = new Keychain(); void it.f(); void it.f() }`,
      false,
    ],
    ['in an example alone', '', false],
  ])('%s: %s', (name, code, expected) => {
    const file = name === 'in an example alone' ? 'examples/a.ts' : 'a.ts'
    const text = code || 'import { Keychain } from "../file.js"\nconst it = new Keychain()\nawait it.f()'
    expect(isInSequence(KEYCHAIN.replace('async open() { await this.f() }', ''), { [file]: text })).toBe(expected)
  })

  test('by another method that nobody calls, which is there for others', () => {
    expect(
      isInSequence(KEYCHAIN, {
        'a.ts': `${USE}export async function build() { const it = new Keychain(); await it.f() }`,
      }),
    ).toBe(false)
  })

  test('by another method, of an instance that its caller makes', () => {
    expect(
      isInSequence(KEYCHAIN, {
        'a.ts': `${USE}export async function build() { const it = new Keychain(); await it.open() }`,
      }),
    ).toBe(true)
  })

  test('by a command, which a process runs once', () => {
    expect(
      isInSequence(
        KEYCHAIN.replace('export class', 'declare class Command {}\nexport class')
          .replace('Keychain', 'Keychain extends Command')
          .replace('open()', 'run()'),
      ),
    ).toBe(true)
  })
})

test('a function whose calls are waited for at the top', () => {
  expect(
    isInSequence('export async function f() {}\nasync function main() { await f(); await f() }\nvoid main()'),
  ).toBe(true)
  expect(
    isInSequence(
      'export async function f() {}\nasync function main() { await f(); await f() }\nvoid main(); void main()',
    ),
  ).toBe(false)
})

test('a function that is handed on', () => {
  expect(
    isInSequence('export async function f() {}\ndeclare function hand(f: unknown): void\nawait f()\nhand(f)'),
  ).toBe(false)
})

test('a function whose one caller is waited for under a lock', () => {
  const locked =
    'declare const mutex: { runExclusive(run: () => Promise<void>): Promise<void> }\nexport async function g() { await mutex.runExclusive(async () => { await f() }) }'
  expect(isInSequence(`export async function f() {}\n${locked}`)).toBe(true)
})
