import {
  blocksOf,
  type Cell,
  cellOf,
  type Condition,
  type Expr,
  type Fn,
  functionOf,
  type Program,
  type Statement,
} from './program.ts'

export interface Printed {
  readonly text: string
  /** Where each writing statement stands: the offset of what it assigns to, or of the call that changes a collection. */
  readonly sites: ReadonlyMap<number, number>
}

/** The program as a TypeScript module. */
export function print(program: Program): Printed {
  return new Printer(program).run()
}

const TYPES: Readonly<Record<Cell['kind'], readonly [type: string, initial: string]>> = {
  counter: ['number', '1'],
  flag: ['boolean', 'false'],
  slot: ['number | undefined', 'undefined'],
  map: ['Map<number, number>', 'new Map()'],
  set: ['Set<number>', 'new Set()'],
  list: ['number[]', '[]'],
  promise: ['Promise<void> | undefined', 'undefined'],
  mutex: ['Mutex', 'new Mutex()'],
}

function typeOf({ kind, lock }: Cell): string {
  return lock === undefined ? TYPES[kind][0] : 'Semaphore'
}

function initialOf({ kind, lock }: Cell): string {
  return lock === undefined ? TYPES[kind][1] : 'new Semaphore(1)'
}

function labelOf(loop: string): string {
  return `${loop}Loop`
}

/** Whether something in a block leaves a loop by its label. */
function jumpsTo(loop: string, block: readonly Statement[]): boolean {
  return block.some(
    (statement) =>
      (statement.kind === 'leave' && statement.loop === loop)
      || blocksOf(statement).some((inner) => jumpsTo(loop, inner)),
  )
}

const MUTATED: ReadonlySet<Cell['kind']> = new Set(['counter', 'flag', 'slot', 'promise'])

class Printer {
  readonly #program: Program
  readonly #sites = new Map<number, number>()
  #text = ''
  #indent = ''
  #releases = 0

  constructor(program: Program) {
    this.#program = program
  }

  run(): Printed {
    const { cells, functions, isClass } = this.#program
    const locks = new Set(cells.flatMap((cell) => (cell.kind === 'mutex' ? [typeOf(cell)] : [])))
    if (locks.size > 0) this.#line(`import { ${[...locks].sort().join(', ')} } from '@forkline/runtime'`)
    if (functions.some(({ shape }) => shape.kind === 'limited')) this.#line("import pLimit from 'p-limit'")
    this.#line('declare function load(key: number): Promise<number>')
    this.#line('declare function connect(key: number): Promise<number>')
    this.#line('declare function register(key: number): Promise<number>')
    if (functions.some(({ shape }) => shape.kind === 'streamed'))
      this.#line('declare function stream(items: number[]): AsyncIterable<number>')
    this.#line('const double = (value: number): number => value * 2')
    for (const cell of cells) {
      const [type, initial] = [typeOf(cell), initialOf(cell)]
      if (cell.home === 'module')
        this.#line(`${MUTATED.has(cell.kind) ? 'let' : 'const'} ${cell.name}: ${type} = ${initial}`)
    }
    const properties = cells.filter(({ home }) => home === 'object')
    if (properties.length > 0) {
      const typed = properties.map((cell) => `${cell.name}: ${typeOf(cell)}`).join('; ')
      this.#line(
        `const state: { ${typed} } = { ${properties.map((cell) => `${cell.name}: ${initialOf(cell)}`).join(', ')} }`,
      )
    }
    if (isClass) {
      this.#open('export class Service {')
      for (const cell of cells.filter(({ home }) => home === 'field')) {
        const [type, initial] = [typeOf(cell), initialOf(cell)]
        this.#line(`${cell.name}: ${type} = ${initial}`)
      }
    }
    for (const fn of functions) this.#function(fn)
    if (isClass) this.#close()
    return { text: this.#text, sites: this.#sites }
  }

  #line(text: string): void {
    this.#text += `${this.#indent}${text}\n`
  }

  #open(text: string): void {
    this.#line(text)
    this.#indent += '  '
  }

  #close(text = '}'): void {
    this.#indent = this.#indent.slice(2)
    this.#line(text)
  }

  #function({ name, exported, shape, body, pairs }: Fn): void {
    const { isClass, cells } = this.#program
    const prefix = isClass
      ? exported
        ? 'async '
        : 'private async '
      : exported
        ? 'export async function '
        : 'async function '
    const result = pairs === undefined ? 'void' : 'string[]'
    this.#open(`${prefix}${name}(${shape.kind === 'once' ? 'item: number' : 'items: number[]'}): Promise<${result}> {`)
    if (shape.kind !== 'once') {
      for (const cell of cells.filter(({ home }) => home === 'captured')) {
        const [type, initial] = [typeOf(cell), initialOf(cell)]
        this.#line(`${MUTATED.has(cell.kind) ? 'let' : 'const'} ${cell.name}: ${type} = ${initial}`)
      }
    }
    switch (shape.kind) {
      case 'once':
        this.#block(body)
        break
      case 'map':
        this.#open('await Promise.all(items.map(async (item) => {')
        this.#block(body)
        this.#close('}))')
        break
      case 'forEach':
        this.#open('items.forEach(async (item) => {')
        this.#block(body)
        this.#close('})')
        break
      case 'limited':
        this.#line(`const limit = pLimit(${String(shape.limit)})`)
        this.#open('await Promise.all(items.map((item) => limit(async () => {')
        this.#block(body)
        this.#close('})))')
        break
      case 'collected':
        this.#open('const work = async (item: number): Promise<void> => {')
        this.#block(body)
        this.#close()
        this.#line('const started: Promise<void>[] = []')
        this.#line('for (const item of items) started.push(work(item))')
        this.#line('await Promise.all(started)')
        break
      case 'sequential':
      case 'streamed':
        this.#open(
          shape.kind === 'streamed' ? 'for await (const item of stream(items)) {' : 'for (const item of items) {',
        )
        this.#block(body)
        this.#close()
        break
    }
    if (pairs !== undefined) this.#line(`return items.map((item, index) => \`\${item}: \${${pairs}[index]}\`)`)
    this.#close()
  }

  #block(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement)
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'const':
        this.#line(`const ${statement.name} = ${this.#expr(statement.value)}`)
        break
      case 'unpack': {
        const { home } = cellOf(this.#program, statement.cell)
        this.#line(`const { ${statement.cell}: ${statement.name} } = ${home === 'field' ? 'this' : 'state'}`)
        break
      }
      case 'keepSlot':
        this.#line(`const ${statement.name} = ${this.#path(statement.cell)}`)
        break
      case 'assign':
        this.#write(
          statement.site,
          `${this.#path(statement.cell)} ${statement.operator} ${this.#expr(statement.value)}`,
        )
        break
      case 'increment':
        this.#write(statement.site, `${this.#path(statement.cell)}++`)
        break
      case 'flag':
        this.#write(statement.site, `${this.#path(statement.cell)} = ${String(statement.value)}`)
        break
      case 'clear':
        this.#write(statement.site, `${this.#path(statement.cell)} = undefined`)
        break
      case 'set':
        this.#write(
          statement.site,
          `${this.#path(statement.cell)}.set(${this.#expr(statement.key)}, ${this.#expr(statement.value)})`,
        )
        break
      case 'add': {
        const method = cellOf(this.#program, statement.cell).kind === 'list' ? 'push' : 'add'
        this.#write(statement.site, `${this.#path(statement.cell)}.${method}(${this.#expr(statement.value)})`)
        break
      }
      case 'wait':
        this.#line(this.#expr(statement.io))
        break
      case 'return':
        this.#line('return')
        break
      case 'leave':
        this.#line(statement.loop === undefined ? statement.how : `${statement.how} ${labelOf(statement.loop)}`)
        break
      case 'share':
        this.#line(`${this.#path(statement.cell)} ??= ${this.#call(statement.callee)}`)
        this.#line(`await ${this.#path(statement.cell)}`)
        break
      case 'call':
        this.#line(`await ${this.#call(statement.callee)}`)
        break
      default:
        this.#nested(statement)
    }
  }

  #nested(statement: Statement): void {
    switch (statement.kind) {
      case 'if':
        this.#open(`if (${this.#condition(statement.condition)}) {`)
        this.#block(statement.yes)
        if (statement.no.length > 0) {
          this.#indent = this.#indent.slice(2)
          this.#open('} else {')
          this.#block(statement.no)
        }
        this.#close()
        break
      case 'repeat': {
        const { name, times, unless } = statement
        const condition = unless === undefined ? '' : ` && !(${this.#condition(unless)})`
        const label = jumpsTo(name, statement.body) ? `${labelOf(name)}: ` : ''
        this.#open(`${label}for (let ${name} = 0; ${name} < ${String(times)}${condition}; ${name}++) {`)
        this.#block(statement.body)
        this.#close()
        break
      }
      case 'switch':
        this.#open('switch (item % 2) {')
        this.#open('case 1: {')
        this.#block(statement.odd)
        this.#line('break')
        this.#close()
        this.#open('default: {')
        this.#block(statement.even)
        this.#close()
        this.#close()
        break
      case 'nested':
        this.#open(`const ${statement.name} = async (): Promise<void> => {`)
        this.#block(statement.body)
        this.#close()
        this.#line(`await ${statement.name}()`)
        break
      case 'finally':
        this.#tried(statement.body, '} finally {', statement.after)
        break
      case 'catch':
        this.#tried(statement.body, '} catch {', statement.handler)
        break
      case 'exclusive':
        if (statement.style === 'callback') {
          const { lock } = cellOf(this.#program, statement.mutex)
          this.#open(
            `await ${this.#path(statement.mutex)}.${lock === undefined ? 'runExclusive' : 'use'}(async () => {`,
          )
          this.#block(statement.body)
          this.#close('})')
        } else {
          const release = `release${String(++this.#releases)}`
          const { lock } = cellOf(this.#program, statement.mutex)
          this.#line(
            `const ${release} = await ${this.#path(statement.mutex)}.${lock === undefined ? 'lock' : 'acquire'}()`,
          )
          this.#tried(statement.body, '} finally {', [], `${release}()`)
        }
        break
      case 'fanOut':
        this.#open('await Promise.all([1, 2].map(async (item) => {')
        this.#block(statement.body)
        this.#close('}))')
        break
      default:
        throw new Error(`Expected a statement with blocks, got \`${statement.kind}\``)
    }
  }

  #tried(body: readonly Statement[], middle: string, after: readonly Statement[], last?: string): void {
    this.#open('try {')
    this.#block(body)
    this.#indent = this.#indent.slice(2)
    this.#open(middle)
    this.#block(after)
    if (last !== undefined) this.#line(last)
    this.#close()
  }

  #write(site: number, text: string): void {
    this.#sites.set(site, this.#text.length + this.#indent.length)
    this.#line(text)
  }

  #call(callee: string): string {
    return `${this.#program.isClass ? 'this.' : ''}${functionOf(this.#program, callee).name}(item)`
  }

  #path(name: string): string {
    const { home } = cellOf(this.#program, name)
    return home === 'field' ? `this.${name}` : home === 'object' ? `state.${name}` : name
  }

  #expr(expr: Expr): string {
    switch (expr.kind) {
      case 'number':
        return String(expr.value)
      case 'item':
        return 'item'
      case 'local':
        return expr.name
      case 'read': {
        const path = this.#path(expr.cell)
        return cellOf(this.#program, expr.cell).kind === 'slot' ? `(${path} ?? 0)` : path
      }
      case 'get':
        return `(${this.#path(expr.cell)}.get(${this.#expr(expr.key)}) ?? 0)`
      case 'size':
        return `${this.#path(expr.cell)}.${cellOf(this.#program, expr.cell).kind === 'list' ? 'length' : 'size'}`
      case 'plus':
        return `${this.#expr(expr.left)} + ${this.#expr(expr.right)}`
      case 'double':
        return `double(${this.#expr(expr.of)})`
      case 'io':
        return `await ${expr.name}(${this.#expr(expr.argument)})`
      case 'choose':
        return `(${this.#condition(expr.condition)} ? ${this.#expr(expr.yes)} : ${this.#expr(expr.no)})`
    }
  }

  #condition(condition: Condition): string {
    switch (condition.kind) {
      case 'there': {
        const path = this.#path(condition.cell)
        const isFlag = cellOf(this.#program, condition.cell).kind === 'flag'
        return condition.style === 'bare' && isFlag ? path : isFlag ? `${path} === true` : `${path} !== undefined`
      }
      case 'localThere':
        return `${condition.name} !== undefined`
      case 'has':
        return `${this.#path(condition.cell)}.has(${this.#expr(condition.key)})`
      case 'filled':
        return `${this.#path(condition.cell)}.${cellOf(this.#program, condition.cell).kind === 'list' ? 'length' : 'size'} > 0`
      case 'below':
        return `${this.#expr(condition.value)} < ${String(condition.limit)}`
      case 'odd':
        return 'item % 2 === 1'
      case 'not': {
        const { of } = condition
        if (of.kind === 'there' && of.style === 'compared')
          return this.#condition(of).replace('!== undefined', '=== undefined').replace('=== true', '=== false')
        return of.kind === 'has' || (of.kind === 'there' && cellOf(this.#program, of.cell).kind === 'flag')
          ? `!${this.#condition(of)}`
          : `!(${this.#condition(of)})`
      }
      case 'and':
        return `(${this.#condition(condition.left)} && ${this.#condition(condition.right)})`
      case 'or':
        return `(${this.#condition(condition.left)} || ${this.#condition(condition.right)})`
    }
  }
}
