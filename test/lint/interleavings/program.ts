/**
 * A small language of async programs: what a class or module of a service does with shared state, and nothing else. A
 * program can be printed as TypeScript, for the linter to read, and run step by step, for its interleavings to be seen.
 */

/** What a shared variable holds, and so how it is declared, checked and filled. */
export type CellKind = 'counter' | 'flag' | 'slot' | 'map' | 'set' | 'list' | 'promise' | 'mutex'

/**
 * Where a shared variable lives:
 * - `module`: a variable of the module;
 * - `field`: a field of the class that holds the functions;
 * - `object`: a property of an object of the module;
 * - `captured`: a variable of the function that starts the fan-out.
 */
export type Home = 'module' | 'field' | 'object' | 'captured'

export interface Cell {
  readonly name: string
  readonly kind: CellKind
  readonly home: Home
  /** Of a lock, what it is; a mutex unless told. */
  readonly lock?: 'semaphore'
}

/** All values are numbers; a slot that is empty counts as zero. */
export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'item' }
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'read'; readonly cell: string }
  | { readonly kind: 'get'; readonly cell: string; readonly key: Expr }
  | { readonly kind: 'size'; readonly cell: string }
  | { readonly kind: 'plus'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'double'; readonly of: Expr }
  | { readonly kind: 'io'; readonly name: IoName; readonly argument: Expr; readonly mayFail: boolean }
  | { readonly kind: 'choose'; readonly condition: Condition; readonly yes: Expr; readonly no: Expr }

/** What the outside world does: `load` finds something, the others leave something behind each time. */
export type IoName = 'load' | 'connect' | 'register'

export type Condition =
  | { readonly kind: 'there'; readonly cell: string; readonly style: 'bare' | 'compared' }
  | { readonly kind: 'localThere'; readonly name: string }
  | { readonly kind: 'has'; readonly cell: string; readonly key: Expr }
  | { readonly kind: 'filled'; readonly cell: string }
  | { readonly kind: 'below'; readonly value: Expr; readonly limit: number }
  | { readonly kind: 'odd' }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }

/** Statements that write carry a number, by which a finding is matched to what runs. */
export type Statement =
  | { readonly kind: 'const'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'unpack'; readonly name: string; readonly cell: string }
  | { readonly kind: 'keepSlot'; readonly name: string; readonly cell: string }
  | {
      readonly kind: 'assign'
      readonly site: number
      readonly cell: string
      readonly operator: '=' | '+=' | '??='
      readonly value: Expr
    }
  | { readonly kind: 'increment'; readonly site: number; readonly cell: string }
  | { readonly kind: 'flag'; readonly site: number; readonly cell: string; readonly value: boolean }
  | { readonly kind: 'clear'; readonly site: number; readonly cell: string }
  | { readonly kind: 'set'; readonly site: number; readonly cell: string; readonly key: Expr; readonly value: Expr }
  | { readonly kind: 'add'; readonly site: number; readonly cell: string; readonly value: Expr }
  | { readonly kind: 'wait'; readonly io: Expr & { kind: 'io' } }
  | {
      readonly kind: 'if'
      readonly condition: Condition
      readonly yes: readonly Statement[]
      readonly no: readonly Statement[]
    }
  | { readonly kind: 'return' }
  | {
      readonly kind: 'repeat'
      readonly times: number
      readonly name: string
      readonly unless: Condition | undefined
      readonly body: readonly Statement[]
    }
  | { readonly kind: 'leave'; readonly how: 'break' | 'continue'; readonly loop?: string }
  | { readonly kind: 'switch'; readonly odd: readonly Statement[]; readonly even: readonly Statement[] }
  | { readonly kind: 'nested'; readonly name: string; readonly body: readonly Statement[] }
  | { readonly kind: 'finally'; readonly body: readonly Statement[]; readonly after: readonly Statement[] }
  | { readonly kind: 'catch'; readonly body: readonly Statement[]; readonly handler: readonly Statement[] }
  | {
      readonly kind: 'exclusive'
      readonly mutex: string
      readonly style: 'callback' | 'release'
      readonly body: readonly Statement[]
    }
  | { readonly kind: 'share'; readonly cell: string; readonly callee: string }
  | { readonly kind: 'call'; readonly callee: string }
  | { readonly kind: 'fanOut'; readonly body: readonly Statement[] }

/**
 * How a function runs its body:
 * - `once`: per call;
 * - `map`, `collected`, `forEach`: once per item, all at the same time;
 * - `limited`: once per item, as many at a time as a limiter allows;
 * - `sequential`: once per item, one after another;
 * - `streamed`: the same, with a wait for each item to come.
 */
export type Shape =
  | { readonly kind: 'once' | 'map' | 'collected' | 'forEach' | 'sequential' | 'streamed' }
  | { readonly kind: 'limited'; readonly limit: number }

export interface Fn {
  readonly name: string
  /** Whether others may call it, at any time; otherwise only the functions of the program do. */
  readonly exported: boolean
  readonly shape: Shape
  readonly body: readonly Statement[]
  /** The list that the function reads by the index of its input when all is done; made by it, filled by its callbacks. */
  readonly pairs: string | undefined
}

export interface Program {
  readonly cells: readonly Cell[]
  readonly functions: readonly Fn[]
  /** Whether the functions are methods of one class, with one instance; fields need it. */
  readonly isClass: boolean
}

export function cellOf(program: Program, name: string): Cell {
  const cell = program.cells.find((candidate) => candidate.name === name)
  if (cell === undefined) throw new Error(`The program has no cell \`${name}\``)
  return cell
}

export function functionOf(program: Program, name: string): Fn {
  const fn = program.functions.find((candidate) => candidate.name === name)
  if (fn === undefined) throw new Error(`The program has no function \`${name}\``)
  return fn
}

/** The statements directly inside a statement, one list for each block. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [statement.yes, statement.no]
    case 'finally':
      return [statement.body, statement.after]
    case 'catch':
      return [statement.body, statement.handler]
    case 'switch':
      return [statement.odd, statement.even]
    case 'repeat':
    case 'exclusive':
    case 'fanOut':
    case 'nested':
      return [statement.body]
    default:
      return []
  }
}

/** Whether control never comes to what follows the block. */
export function leaves(block: readonly Statement[]): boolean {
  const last = block.at(-1)
  return last?.kind === 'return' || last?.kind === 'leave'
}
