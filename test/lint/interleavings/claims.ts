import type { Witness } from './machine.ts'
import { blocksOf, cellOf, type Fn, type Program, type Statement } from './program.ts'

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
 * | an entry of a map that is read by another key than it is set by | keys are compared as they are written |
 * | a list that nobody reads by index | the order is of no use to anyone |
 * | code under a lock, even if other code changes the place without it | whoever takes a lock has thought about it |
 * | a function whose promise is kept at one of its calls | so has whoever keeps a promise |
 * | a place that another statement may have written between the check and the write, on some path | on that path the check has been acted upon |
 * | a place checked together with another one that is cleared, filled if empty, or written on some path in between | all are taken for the setting of a busy flag |
 * | a write guarded on the way from a `try` to its `finally` | other ways lead there unguarded |
 */
export function claimOf(program: Program, { site, kind }: Witness): string | undefined {
  const { fn, path } = placeOf(program, site)
  const statement = path.at(-1)?.statement
  if (statement === undefined || !('cell' in statement)) return undefined
  if (path.some((step) => step.statement.kind === 'exclusive') || isKept(program, fn)) return undefined
  switch (kind) {
    case 'lost':
      return statement.kind === 'assign' || (statement.kind === 'set' && isReadByItsKey(statement, fn)) ? 'no-stale-write-after-await' : undefined
    case 'double':
      return path.some(({ before }) => before.some((other) => mayWrite(other, statement.cell) || looksLikeClaim(other))) ? undefined : 'no-check-then-act-across-await'
    case 'gap':
      return undefined
    case 'order':
      return program.functions.some(({ pairs }) => pairs === cellOf(program, statement.cell).name) ? 'no-completion-order-result' : undefined
  }
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
  return blocksOf(statement).some((block) => block.some((inner) => ('site' in inner && inner.cell === cell) || mayWrite(inner, cell)))
}

function looksLikeClaim(statement: Statement): boolean {
  const isFill = statement.kind === 'share' || (statement.kind === 'assign' && statement.operator === '??=')
  const isReset = statement.kind === 'clear' || (statement.kind === 'flag' && !statement.value)
  return isFill || isReset || blocksOf(statement).some((block) => block.some((inner) => 'site' in inner || looksLikeClaim(inner)))
}

/** Whether all that a function reads of a map, it reads by the key that the statement sets. */
function isReadByItsKey({ cell, key }: Statement & { kind: 'set' }, { body }: Fn): boolean {
  const keys = [...JSON.stringify(body).matchAll(/"kind":"get","cell":"(\w+)","key":(\{[^{}]*\})/gu)]
  return keys.every(([, read, by]) => read !== cell || by === JSON.stringify(key))
}

function isKept(program: Program, fn: Fn): boolean {
  const keeps = (block: readonly Statement[]): boolean =>
    block.some((statement) => (statement.kind === 'share' && statement.callee === fn.name) || blocksOf(statement).some(keeps))
  return program.functions.some(({ body }) => keeps(body))
}
