import * as runtime from '@forkline/runtime'
import pLimit from 'p-limit'
import ts from 'typescript'
import { setImmediate } from 'node:timers/promises'
import type { Calls } from './explore.ts'
import { answerOf } from './evaluator.ts'
import { print } from './print.ts'
import type { IoName, Program } from './program.ts'

/** The functions and state of a program that has been loaded, as the code that is added to it gives them. */
interface Loaded {
  readonly call: (name: string, items: readonly number[]) => Promise<unknown>
  readonly snapshot: () => Readonly<Record<string, unknown>>
}

/**
 * Runs a program as JavaScript, letting its operations end in the order of the choices: what the interpreter says must
 * come out as it does here.
 */
export async function runInEngine(
  program: Program,
  calls: Calls,
  choices: readonly number[],
): Promise<Readonly<Record<string, unknown>>> {
  const pending: (() => void)[] = []
  let started = 0
  const operation =
    (name: IoName) =>
    async (key: number): Promise<number> => {
      const answer = answerOf(name, key, ++started)
      return new Promise((resolve) => {
        pending.push(() => {
          resolve(answer)
        })
      })
    }
  const find = operation('load')
  const stream = async function* (items: readonly number[]): AsyncGenerator<number> {
    for (const item of items) {
      await find(item)
      yield item
    }
  }
  const { call, snapshot } = load(program, {
    load: find,
    connect: operation('connect'),
    register: operation('register'),
    stream,
  })
  for (const { name, items } of calls) void call(name, items)
  await setImmediate()
  for (const choice of choices) {
    const [end] = pending.splice(choice, 1)
    if (end === undefined) throw new Error(`The engine has no operation ${String(choice)} under way`)
    end()
    await setImmediate()
  }
  if (pending.length > 0) throw new Error(`The engine has ${String(pending.length)} operations more under way`)
  return snapshot()
}

function load(program: Program, operations: Readonly<Record<string, unknown>>): Loaded {
  const { functions, cells, isClass } = program
  const outside = cells.filter(({ home, kind }) => home !== 'captured' && kind !== 'mutex' && kind !== 'promise')
  const owner = { module: '', object: 'state.', field: 'service.', captured: '' }
  const held = outside.map(({ name, kind, home }) => {
    const path = `${owner[home]}${name}`
    if (kind === 'map') return `${name}: sorted([...${path}])`
    if (kind === 'set') return `${name}: sorted([...${path}].map((value) => [value, value]))`
    return kind === 'list' ? `${name}: ${path}.length` : `${name}: ${path}`
  })
  const called = functions
    .filter(({ exported }) => exported)
    .map(
      ({ name, shape }) =>
        `${name}: (items) => ${isClass ? 'service.' : ''}${name}(${shape.kind === 'once' ? 'items[0]' : 'items'})`,
    )
  const source = `${print(program)
    .text.replace(/^import .*$/gmu, '')
    .replace(/^export /gmu, '')}
${isClass ? 'const service = new Service()' : ''}
const sorted = (entries) => entries.sort(([a], [b]) => a - b)
const functions = { ${called.join(', ')} }
return { call: (name, items) => functions[name](items), snapshot: () => ({ ${held.join(', ')} }) }`
  const { outputText } = ts.transpileModule(`function program() {\n${source}\n}`, {
    compilerOptions: { target: ts.ScriptTarget.ESNext },
  })
  const names = ['pLimit', 'Mutex', 'Semaphore', ...Object.keys(operations)]
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- to run what was generated is the purpose
  const run = new Function(...names, `${outputText}\nreturn program()`) as (...values: unknown[]) => Loaded
  return run(pLimit, runtime.Mutex, runtime.Semaphore, ...Object.values(operations))
}
