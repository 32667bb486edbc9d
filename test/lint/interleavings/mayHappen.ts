import type { Witness } from './machine.ts'
import { checksOf, inInnermost, placeOf, type Step } from './paths.ts'
import { blocksOf, leaves, type Program, type Statement } from './program.ts'

/**
 * Whether a look at the program alone cannot rule a mishap out: an await lies between the write and what reads or checks the
 * same place. Where it can, there is no need to look for an interleaving that shows it, which takes far longer.
 */
export function mayHappen(program: Program, witness: Witness): boolean {
  return mayHappenIn('any turn', program, witness)
}

/** Whether the mishap may happen the first time that control comes to the write, in the first turn of all loops around it. */
export function mayHappenAtOnce(program: Program, witness: Witness): boolean {
  return mayHappenIn('first turn', program, witness)
}

/** In which turns of a loop the write may be that the check or read stands before. */
type Turns = 'any turn' | 'first turn'

function mayHappenIn(turns: Turns, program: Program, { site, kind }: Witness): boolean {
  const { fn, path } = placeOf(program, site)
  const statement = path.at(-1)?.statement
  if (statement === undefined || !('cell' in statement)) return false
  const copies = (): ReadonlySet<string> => copiesOf(statement.cell, fn.body)
  switch (kind) {
    case 'lost':
      return mayLose(statement, inInnermost(path), copies, turns)
    case 'double':
      return fills(statement) && mayRepeat(statement, inInnermost(path), copies(), turns)
    default:
      return waits(JSON.stringify(fn.body))
  }
}

function mayLose(
  statement: Statement & { cell: string },
  path: readonly Step[],
  copies: () => ReadonlySet<string>,
  turns: Turns,
): boolean {
  if (!('value' in statement) || typeof statement.value !== 'object') return false
  const value = JSON.stringify(statement.value)
  // In JSON, what is evaluated first stands first.
  const isRead = statement.kind === 'assign' && statement.operator === '+=' ? 0 : reads(value, statement.cell)
  if (isRead >= 0 && waits(value.slice(isRead))) return true
  if (!localsIn(value).some((name) => copies().has(name))) return false
  return waits(JSON.stringify(behind(path, turns, (other) => 'name' in other && copies().has(other.name))))
}

/** Whether a statement can make true what was checked, as against taking it back or counting. */
function fills(statement: Statement): boolean {
  return statement.kind !== 'clear' && statement.kind !== 'increment' && (statement.kind !== 'flag' || statement.value)
}

function mayRepeat(
  write: Statement & { cell: string },
  path: readonly Step[],
  copies: ReadonlySet<string>,
  turns: Turns,
): boolean {
  const isOwnCheck = write.kind === 'assign' && write.operator === '??='
  const between = behind(
    path,
    turns,
    (statement, isAround) => {
      if (statement === write) return isOwnCheck
      if (statement.kind === 'keepSlot') return copies.has(statement.name)
      return (isAround || settles(statement)) && checksOf(statement).includes(write.cell)
    },
    (statement) => copies.size === 0 && writes(statement, write.cell),
  )
  return waits(JSON.stringify(between)) && (isOwnCheck || !isCheckedAnew(write, path))
}

/** Whether a statement always writes a variable, which settles what was checked of it. */
function writes(statement: Statement, cell: string): boolean {
  return (
    'site' in statement && statement.cell === cell && !(statement.kind === 'assign' && statement.operator === '??=')
  )
}

/** Whether the write stands in the branch of a check of the same place, with no wait in between. */
function isCheckedAnew({ cell }: Statement & { cell: string }, path: readonly Step[]): boolean {
  const last = path.at(-1) as Step
  const around = path.at(-2)?.statement
  if (
    around?.kind !== 'if'
    || !checksOf(around).includes(cell)
    || /"kind":"(?:and|or|below|localThere)"/u.test(JSON.stringify(around.condition))
  )
    return false
  const code = JSON.stringify([...last.before, last.statement])
  return !waits(code) && code.split(`"cell":"${cell}"`).length === 2
}

/** Whether control comes to what follows by one way only: what the statement checks still holds there. */
export function settles(statement: Statement): boolean {
  return statement.kind === 'if' && (leaves(statement.yes) || leaves(statement.no))
}

/**
 * What may run from the first statement of a kind that lies on a way, or beside it, up to the end of the way; from the first
 * behind the last one that puts an end to it.
 */
function behind(
  path: readonly Step[],
  turns: Turns,
  begins: (statement: Statement, isAround: boolean) => boolean,
  ends: (statement: Statement) => boolean = () => false,
): readonly unknown[] {
  let between: unknown[] | undefined
  for (const { statement, before } of path) {
    for (const other of before) {
      if (ends(other)) between = undefined
      if (begins(other, false)) between ??= []
      between?.push(other)
    }
    if (mayComeBetween(statement) && !(turns === 'first turn' && statement.kind === 'repeat')) between?.push(statement)
    if (begins(statement, true)) between ??= []
    if ('site' in statement) between?.push(statement)
  }
  return between ?? []
}

/** What is around the write runs again in a loop, may have run in part where it has failed, and waits for a lock. */
function mayComeBetween({ kind }: Statement): boolean {
  return kind === 'repeat' || kind === 'catch' || kind === 'finally' || kind === 'exclusive'
}

function waits(code: string): boolean {
  return /"kind":"(?:io|call|share|exclusive|fanOut|nested)"/u.test(code)
}

/** Where the code of an expression or statement reads a variable first; negative where it does not. */
function reads(code: string, cell: string): number {
  return code.search(new RegExp(`"kind":"(?:read|get|size|keepSlot|unpack)",(?:"name":"\\w+",)?"cell":"${cell}"`, 'u'))
}

function localsIn(code: string): readonly string[] {
  return [...code.matchAll(/"kind":"local","name":"(\w+)"/gu)].map(([, name]) => name as string)
}

/** The constants of a block that hold what was read of a variable, or come from one that does. */
function copiesOf(cell: string, block: readonly Statement[], known: Set<string> = new Set()): ReadonlySet<string> {
  for (const statement of block) {
    if (statement.kind === 'const' || statement.kind === 'keepSlot' || statement.kind === 'unpack') {
      const code = JSON.stringify(statement)
      if (reads(code, cell) >= 0 || localsIn(code).some((name) => known.has(name))) known.add(statement.name)
    }
    for (const inner of blocksOf(statement)) copiesOf(cell, inner, known)
  }
  return known
}
