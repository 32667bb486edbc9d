import ts from 'typescript'
import { enclosingFunction } from '../code/syntax.ts'

const OPEN_WORK = /\b(?:TODO|FIXME|XXX|HACK)\b/u

/** A limit that is spoken of, and what it is to limit; or a way to set one. */
const LIMIT_OF_MANY =
  /\b(?:limit|throttl|bound|restrict|reduc|control|cap\b)\w*\W+(?:\w+\W+){0,4}?(?:parallel|concurren|simultaneous|at once|at a time|in flight)|\b(?:parallel|concurren)\w*\W+(?:\w+\W+){0,2}?limit|\bp-(?:limit|map|queue)\b|\bin (?:batches|chunks)\b/iu

/**
 * Whether a comment above the statement of a call, or above one of those in the function before it that hold what the call is
 * given, says that a limit is still to be set: `// TODO: limit how many run at once`.
 */
export function admitsNoLimit(...calls: readonly ts.Node[]): boolean {
  return calls.some((call) => {
    const fn = enclosingFunction(call)
    const statement = ts.findAncestor(call, (at) => at === fn || (ts.isStatement(at) && !ts.isBlock(at)))
    if (statement === undefined || statement === fn) return false
    const { text } = call.getSourceFile()
    const above = text.slice(statement.getFullStart(), statement.getStart())
    return OPEN_WORK.test(above) && LIMIT_OF_MANY.test(above)
  })
}
