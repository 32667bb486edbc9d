import { blocksOf, type Fn, type Program, type Statement } from './program.ts'

/** The smallest program that can be reached by taking parts away, such that a property of it stays. */
export function reduce(program: Program, isStill: (program: Program) => boolean): Program {
  let smallest = program
  for (;;) {
    const smaller = candidatesOf(smallest).find(isStill)
    if (smaller === undefined) return smallest
    smallest = smaller
  }
}

function candidatesOf(program: Program): readonly Program[] {
  const { functions, cells } = program
  const called = new Set(functions.flatMap(({ body }) => callees(body)))
  const used = new Set(
    JSON.stringify(functions)
      .match(/"[a-z]+"/gu)
      ?.map((quoted) => quoted.slice(1, -1)),
  )
  return [
    ...functions
      .filter(({ name }) => functions.length > 1 && !called.has(name))
      .map((fn) => ({ ...program, functions: functions.filter((other) => other !== fn) })),
    ...cells
      .filter(({ name }) => !used.has(name))
      .map((cell) => ({ ...program, cells: cells.filter((other) => other !== cell) })),
    ...functions.flatMap((fn) => smallerBlocks(fn.body).map((body) => replaceBody(program, fn, body))),
  ]
}

function replaceBody(program: Program, fn: Fn, body: readonly Statement[]): Program {
  return { ...program, functions: program.functions.map((other) => (other === fn ? { ...fn, body } : other)) }
}

/** The block less one statement, or with one that has shrunk, or with what was inside of it in its place. */
function smallerBlocks(block: readonly Statement[]): readonly (readonly Statement[])[] {
  return block.flatMap((statement, index) => {
    const [before, after] = [block.slice(0, index), block.slice(index + 1)]
    const inside = blocksOf(statement).filter((inner) => inner.length > 0 && !isBinding(statement))
    return [
      [...before, ...after],
      ...inside.map((inner) => [...before, ...inner, ...after]),
      ...smallerStatements(statement).map((smaller) => [...before, smaller, ...after]),
    ]
  })
}

/** Whether the blocks mean something else outside of the statement. */
function isBinding({ kind }: Statement): boolean {
  return kind === 'repeat' || kind === 'exclusive' || kind === 'fanOut' || kind === 'nested' || kind === 'switch'
}

function smallerStatements(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'if':
      return [
        ...smallerBlocks(statement.yes).map((yes) => ({ ...statement, yes })),
        ...smallerBlocks(statement.no).map((no) => ({ ...statement, no })),
      ]
    case 'finally':
      return [
        ...smallerBlocks(statement.body).map((body) => ({ ...statement, body })),
        ...smallerBlocks(statement.after).map((after) => ({ ...statement, after })),
      ]
    case 'catch':
      return [
        ...smallerBlocks(statement.body).map((body) => ({ ...statement, body })),
        ...smallerBlocks(statement.handler).map((handler) => ({ ...statement, handler })),
      ]
    case 'switch':
      return [
        ...smallerBlocks(statement.odd).map((odd) => ({ ...statement, odd })),
        ...smallerBlocks(statement.even).map((even) => ({ ...statement, even })),
      ]
    case 'repeat':
    case 'exclusive':
    case 'fanOut':
    case 'nested':
      return smallerBlocks(statement.body).map((body) => ({ ...statement, body }))
    default:
      return []
  }
}

function callees(block: readonly Statement[]): readonly string[] {
  return block.flatMap((statement) =>
    statement.kind === 'call' || statement.kind === 'share' ? [statement.callee] : blocksOf(statement).flatMap(callees),
  )
}
