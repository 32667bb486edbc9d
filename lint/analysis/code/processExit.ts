import ts from 'typescript'
import type { References } from './references.ts'
import { dottedName, someOwnNode, suspends, unwrap } from './syntax.ts'

/** Calls that end the process at once, whatever is still under way. */
const EXITS: ReadonlySet<string> = new Set([
  'process.exit',
  'process.abort',
  'process.reallyExit',
  'Deno.exit',
  'Bun.exit',
])

/**
 * The call by which the process ends after a statement, where nothing is waited for in between: what the statement starts is
 * cut off at its first `await`.
 */
export function exitAfter(statement: ts.Statement, references: References): ts.CallExpression | undefined {
  const { parent } = statement
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isCaseOrDefaultClause(parent)) return undefined
  // By name first: hardly any file ends its process.
  const isNear = (use: ts.Identifier): boolean => use.pos >= statement.end && use.end <= parent.end
  if (
    !references.named('exit').some(isNear)
    && !references.named('kill').some(isNear)
    && !references.named('abort').some(isNear)
  )
    return undefined
  const { statements } = parent
  for (const next of statements.slice(statements.indexOf(statement) + 1)) {
    const call = ts.isExpressionStatement(next) ? unwrap(next.expression) : undefined
    if (call && ts.isCallExpression(call) && endsProcess(call)) return call
    if (suspends(next) || someOwnNode(next, suspends) || leaves(next)) return undefined
  }
  return undefined
}

function endsProcess(call: ts.CallExpression): boolean {
  const name = dottedName(call.expression)
  if (name === undefined) return false
  return (
    EXITS.has(name)
    || (name === 'process.kill' && call.arguments[0] !== undefined && dottedName(call.arguments[0]) === 'process.pid')
  )
}

function leaves(statement: ts.Statement): boolean {
  return ts.isReturnStatement(statement) || ts.isThrowStatement(statement) || ts.isBreakOrContinueStatement(statement)
}
