import { blocksOf, type Condition, type Fn, type Program, type Statement } from './program.ts'

/** A statement on the way from the body of a function to one inside of it, with those before it in its block. */
export interface Step {
  readonly statement: Statement
  readonly before: readonly Statement[]
}

/** Where the statement of a number stands: the way to it ends with itself. */
export function placeOf(program: Program, site: number): { readonly fn: Fn; readonly path: readonly Step[] } {
  for (const fn of program.functions) {
    const path = pathTo(site, fn.body)
    if (path) return { fn, path }
  }
  throw new Error(`The program has no statement ${String(site)}`)
}

function pathTo(site: number, block: readonly Statement[]): readonly Step[] | undefined {
  for (const [index, statement] of block.entries()) {
    const before = block.slice(0, index)
    if ('site' in statement && statement.site === site) return [{ statement, before }]
    const paths = blocksOf(statement).map((nested) => pathTo(site, nested))
    const inner = paths.find((path) => path !== undefined)
    // A handler comes behind all, some or none of what it handles.
    const isHandler = (statement.kind === 'finally' || statement.kind === 'catch') && inner === paths[1]
    if (inner) return [{ statement, before: isHandler ? [...before, statement] : before }, ...inner]
  }
  return undefined
}

/** The part of a way that lies in the innermost function: one that stands in another sees none of its checks. */
export function inInnermost(path: readonly Step[]): readonly Step[] {
  return path.slice(path.findLastIndex(({ statement }) => isFunction(statement)) + 1)
}

function isFunction(statement: Statement): boolean {
  return (
    statement.kind === 'nested'
    || statement.kind === 'fanOut'
    || (statement.kind === 'exclusive' && statement.style === 'callback')
  )
}

export function conditionOf(statement: Statement): Condition | undefined {
  return statement.kind === 'if' ? statement.condition : statement.kind === 'repeat' ? statement.unless : undefined
}

/** The variables that the condition of a statement looks at. */
export function checksOf(statement: Statement): readonly string[] {
  return namesIn(conditionOf(statement), /"cell":"(\w+)"/gu)
}

/** The copies that the condition of a statement looks at. */
export function copiesCheckedBy(statement: Statement): readonly string[] {
  return namesIn(conditionOf(statement), /"kind":"localThere","name":"(\w+)"/gu)
}

function namesIn(condition: Condition | undefined, pattern: RegExp): readonly string[] {
  return condition === undefined
    ? []
    : [...JSON.stringify(condition).matchAll(pattern)].map(([, name]) => name as string)
}
