import type { Witness } from './machine.ts'
import { blocksOf, cellOf, type Condition, type Fn, type Program, type Statement } from './program.ts'

/**
 * What the race rules claim to see, and what they leave out on purpose. A mishap that some interleaving shows must be
 * reported, at some level, unless a row here says why not.
 *
 * | shape | reported by |
 * | --- | --- |
 * | a variable, field or property, read, and after an await written from what was read, in one function | `no-stale-write-after-await` |
 * | an entry of a map, read and set by the same key, in one function | `no-stale-write-after-await` |
 * | a check of a variable, field, property, entry or size, and after an await the write that fills it, in one function | `no-check-then-act-across-await` |
 * | a list that concurrent callbacks append to after an await, read by the index of the input | `no-completion-order-result` |
 *
 * | left out | why |
 * | --- | --- |
 * | an entry of a map that is read or checked by another key than it is set by | keys are compared as they are written |
 * | a check of a copy that was made outside of the function which checks it | values are followed through one function |
 * | a list that nobody reads by index | the order is of no use to anyone |
 * | a list that a function inside of the callback appends to | the rule looks at the callback itself |
 * | code under a lock, even if other code changes the place without it | whoever takes a lock has thought about it |
 * | a function whose promise is kept at one of its calls | so has whoever keeps a promise |
 * | a place that another statement may have written between the check and the write, on some path | on that path the check has been acted upon |
 * | a place checked together with another one that is written first, on every path | so a busy flag is set, or whatever serves as one |
 * | a place checked together with another one that is cleared, filled if empty, or written on some path in between | all are taken for the setting of a busy flag |
 * | a write guarded on the way from a `try` to its `finally` | other ways lead there unguarded |
 */
export function isClaimed(program: Program, { site, kind }: Witness): boolean {
  const { fn, path } = placeOf(program, site)
  const statement = path.at(-1)?.statement
  if (statement === undefined || !('cell' in statement)) return false
  if (path.some((step) => step.statement.kind === 'exclusive') || isKept(program, fn)) return false
  switch (kind) {
    case 'lost':
      return statement.kind === 'assign' || (statement.kind === 'set' && isReadByItsKey(statement, fn))
    case 'double':
      return (
        !isClaimedFirst(path, statement.cell)
        && !isCheckedByOuterCopy(path)
        && (statement.kind !== 'set' || isCheckedByItsKey(statement, fn))
      )
    case 'gap':
      return false
    case 'order':
      return (
        !path.some((step) => step.statement.kind === 'nested')
        && program.functions.some(({ pairs }) => pairs === cellOf(program, statement.cell).name)
      )
  }
}

/**
 * Whether a look at the program alone cannot rule a mishap out: an await lies between the write and what reads or checks the
 * same place. Where it can, there is no need to look for an interleaving that shows it.
 */
export function mayHappen(program: Program, { site, kind }: Witness): boolean {
  const { fn, path } = placeOf(program, site)
  const statement = path.at(-1)?.statement
  if (statement === undefined || !('cell' in statement)) return false
  const body = JSON.stringify(fn.body)
  switch (kind) {
    case 'lost': {
      if (!('value' in statement) || typeof statement.value !== 'object') return false
      const value = JSON.stringify(statement.value)
      const isAddition = statement.kind === 'assign' && statement.operator === '+='
      return waits(value)
        ? isAddition || reads(value, statement.cell) || hasLocal(value)
        : hasLocal(value) && reads(body, statement.cell)
    }
    case 'double': {
      const checks = checksBefore(path, statement.cell, reads(body, statement.cell))
      return checks !== undefined && waits(JSON.stringify(checks))
    }
    default:
      return waits(body)
  }
}

function waits(code: string): boolean {
  return /"kind":"(?:io|call|share|exclusive|fanOut|nested)"/u.test(code)
}

function reads(code: string, cell: string): boolean {
  return new RegExp(`"kind":"(?:read|get|size|keepSlot|unpack)",(?:"name":"\\w+",)?"cell":"${cell}"`, 'u').test(code)
}

function hasLocal(code: string): boolean {
  return code.includes('"kind":"local"')
}

/** What comes between the first check of a cell on the way to a statement and the write that ends it; undefined without one. */
function checksBefore(path: readonly Step[], cell: string, mayBeLocal: boolean): readonly unknown[] | undefined {
  const concerns = (statement: Statement): boolean =>
    checksOf(statement).includes(cell)
    || (mayBeLocal && JSON.stringify(conditionOf(statement) ?? '').includes('localThere'))
  let between: unknown[] | undefined
  for (const { statement, before } of path) {
    for (const other of before) {
      between?.push(other)
      if (concerns(other)) between ??= []
    }
    // What is around the write runs again in a loop, and may have run in part where it has failed.
    if (isRepeated(statement)) between?.push(statement)
    if (concerns(statement) || (statement.kind === 'assign' && statement.operator === '??=')) between ??= []
    if ('site' in statement) between?.push(statement)
  }
  return between
}

function isRepeated({ kind }: Statement): boolean {
  return kind === 'repeat' || kind === 'catch' || kind === 'finally'
}

/** A statement on the way from the body of a function to one inside of it, with those before it in its block. */
interface Step {
  readonly statement: Statement
  readonly before: readonly Statement[]
}

function placeOf(program: Program, site: number): { readonly fn: Fn; readonly path: readonly Step[] } {
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

/** Whether a statement has one inside that writes a cell; a write that always happens settles the check for good. */
function mayWrite(statement: Statement, cell: string): boolean {
  if (statement.kind === 'assign' && statement.operator === '??=') return statement.cell === cell
  return blocksOf(statement).some((block) =>
    block.some((inner) => ('site' in inner && inner.cell === cell) || mayWrite(inner, cell)),
  )
}

function looksLikeClaim(statement: Statement): boolean {
  const isFill = statement.kind === 'share' || (statement.kind === 'assign' && statement.operator === '??=')
  const isReset = statement.kind === 'clear' || (statement.kind === 'flag' && !statement.value)
  return (
    isFill
    || isReset
    || blocksOf(statement).some((block) => block.some((inner) => 'site' in inner || looksLikeClaim(inner)))
  )
}

/** The variables that the condition of a statement looks at. */
function checksOf(statement: Statement): readonly string[] {
  const condition = conditionOf(statement)
  return condition === undefined
    ? []
    : [...JSON.stringify(condition).matchAll(/"cell":"(\w+)"/gu)].map(([, cell]) => cell as string)
}

function conditionOf(statement: Statement): Condition | undefined {
  return statement.kind === 'if' ? statement.condition : statement.kind === 'repeat' ? statement.unless : undefined
}

/**
 * Whether another place is written on the way that tells others that this one is being filled: it was checked before, or is
 * written only on some path.
 */
function isClaimedFirst(path: readonly Step[], cell: string): boolean {
  const checked = new Set<string>()
  for (const { statement, before } of path) {
    for (const other of before) {
      if (mayWrite(other, cell) || looksLikeClaim(other)) return true
      if ('site' in other && other.cell !== cell && checked.has(other.cell)) return true
      for (const name of checksOf(other)) checked.add(name)
    }
    for (const name of checksOf(statement)) checked.add(name)
  }
  return false
}

/** Whether a function inside of another one checks a copy that the outer one has made. */
function isCheckedByOuterCopy(path: readonly Step[]): boolean {
  const inner = path.slice(path.findLastIndex(({ statement }) => statement.kind === 'nested') + 1)
  const own = new Set(
    inner.flatMap(({ before }) =>
      before.flatMap((statement) => (statement.kind === 'keepSlot' ? [statement.name] : [])),
    ),
  )
  return inner.some(({ statement, before }) =>
    [...before, statement].some((at) =>
      [...JSON.stringify(conditionOf(at) ?? '').matchAll(/"kind":"localThere","name":"(\w+)"/gu)].some(
        ([, name]) => !own.has(name as string),
      ),
    ),
  )
}

/** Whether all that a function reads of a map, it reads by the key that the statement sets. */
function isReadByItsKey({ cell, key }: Statement & { kind: 'set' }, { body }: Fn): boolean {
  const keys = [...JSON.stringify(body).matchAll(/"kind":"get","cell":"(\w+)","key":(\{[^{}]*\})/gu)]
  return keys.every(([, read, by]) => read !== cell || by === JSON.stringify(key))
}

/** Whether all checks of a map in a function are by the key that the statement sets. */
function isCheckedByItsKey({ cell, key }: Statement & { kind: 'set' }, { body }: Fn): boolean {
  const keys = [...JSON.stringify(body).matchAll(/"kind":"has","cell":"(\w+)","key":(\{[^{}]*\})/gu)]
  return keys.every(([, checked, by]) => checked !== cell || by === JSON.stringify(key))
}

function isKept(program: Program, fn: Fn): boolean {
  const keeps = (block: readonly Statement[]): boolean =>
    block.some(
      (statement) => (statement.kind === 'share' && statement.callee === fn.name) || blocksOf(statement).some(keeps),
    )
  return program.functions.some(({ body }) => keeps(body))
}
