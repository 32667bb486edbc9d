import type { Witness } from './machine.ts'
import { mayHappenAtOnce, settles } from './mayHappen.ts'
import { checksOf, conditionOf, copiesCheckedBy, inInnermost, placeOf, type Step } from './paths.ts'
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
 * | an entry of a map that is read or checked by another key than it is set by | keys are compared as they are written |
 * | a check of a copy that was made outside of the function which checks it | values are followed through one function |
 * | a list that nobody reads by index | the order is of no use to anyone |
 * | a list that a function inside of the callback appends to | the rule looks at the callback itself |
 * | code under a lock, even if other code changes the place without it | whoever takes a lock has thought about it |
 * | a function whose promise is kept at one of its calls | so has whoever keeps a promise |
 * | a place that another statement may have written between the check and the write, on some path | on that path the check has been acted upon |
 * | a check before a loop that only the earlier turns of the loop make stale | they may have written the place as well |
 * | a place that is looked at again after the await, together with others | whoever looks again knows what has become |
 * | a place that is looked at again after the await, within a `try` or a lock that it leaves by | so does he |
 * | a copy that is looked at twice, or besides the place itself | the second look says nothing that the first has not |
 * | a place checked together with another one that is written first, on every path | so a busy flag is set, or whatever serves as one |
 * | a place checked together with another one that is cleared, filled if empty, or written on some path in between | all are taken for the setting of a busy flag |
 * | a write guarded on the way from a `try` to its `finally` | other ways lead there unguarded |
 */
export function isClaimed(program: Program, witness: Witness): boolean {
  const { site, kind } = witness
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
        && !isLookedAtAgain(path, statement.cell)
        && mayHappenAtOnce(program, witness)
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
  const inner = inInnermost(path)
  const own = new Set(
    inner.flatMap(({ before }) =>
      before.flatMap((statement) => (statement.kind === 'keepSlot' ? [statement.name] : [])),
    ),
  )
  return inner.some(({ statement, before }) =>
    [...before, statement].some((at) => copiesCheckedBy(at).some((name) => !own.has(name))),
  )
}

/** Whether a later check on the way asks for the place and for something else at once, or a copy is asked for twice. */
function isLookedAtAgain(path: readonly Step[], cell: string): boolean {
  const checks = inInnermost(path).flatMap(({ statement, before }) => [
    // Who comes out of a loop may have had all its turns, or found the place as the loop wants it.
    ...before
      .flatMap((other) => [other, ...looksToLeaveIn(other)])
      .map((other) => ({ check: other, isVague: other.kind === 'repeat' || !before.includes(other) }))
      .filter(({ check, isVague }) => isVague || settles(check)),
    { check: statement, isVague: false },
  ])
  const [, ...later] = checks.filter(({ check }) => checksOf(check).includes(cell))
  const copies = checks.flatMap(({ check }) => copiesCheckedBy(check))
  return (
    later.some(({ check, isVague }) => isVague || /"kind":"(?:and|or)"/u.test(JSON.stringify(conditionOf(check))))
    || new Set(copies).size < copies.length
    || (copies.length > 0 && checks.some(({ check }) => checksOf(check).includes(cell)))
  )
}

/** The checks within a `try` or a lock by which control may leave the function. */
function looksToLeaveIn(statement: Statement): readonly Statement[] {
  if (statement.kind !== 'finally' && statement.kind !== 'catch' && statement.kind !== 'exclusive') return []
  return blocksOf(statement).flatMap((block) =>
    block.flatMap((inner) => [...(settles(inner) ? [inner] : []), ...looksToLeaveIn(inner)]),
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
