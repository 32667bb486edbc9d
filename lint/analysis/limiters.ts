import ts from 'typescript'
import { importOrigin, rootIdentifier } from './imports.ts'
import { knowledgeOf, LIMITER_METHODS, LIMITER_NAMES } from './knowledge.ts'
import { dottedName, isFunctionExpression, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/**
 * Whether a call hands work to something that bounds or serialises it: `limit(() => …)`, `queue.add(…)`,
 * `mutex.runExclusive(…)`, `pMap(items, fn, { concurrency })`.
 */
export function isLimiterCall(call: ts.CallExpression, types: TypeQuestions): boolean {
  const callee = unwrap(call.expression)
  const takesWork = call.arguments.some((argument) => isFunctionExpression(unwrap(argument)) || ts.isIdentifier(unwrap(argument)))
  if (ts.isPropertyAccessExpression(callee) && LIMITER_METHODS.has(callee.name.text)) return true
  if (!takesWork) return false
  const root = rootIdentifier(callee)
  if (root && isLimiterName(root, types)) return true
  const name = ts.isPropertyAccessExpression(callee) ? dottedName(callee.expression) : dottedName(callee)
  return name !== undefined && LIMITER_NAMES.test(name.slice(name.lastIndexOf('.') + 1))
}

function isLimiterName(name: ts.Identifier, types: TypeQuestions): boolean {
  if (isLimiterImport(name, types)) return true
  for (const declaration of types.localSymbol(name)?.declarations ?? []) {
    if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) continue
    const made = unwrap(declaration.initializer)
    if (!ts.isCallExpression(made) && !ts.isNewExpression(made)) continue
    const root = rootIdentifier(made.expression)
    if (root && isLimiterImport(root, types)) return true
  }
  return false
}

function isLimiterImport(name: ts.Identifier, types: TypeQuestions): boolean {
  const origin = importOrigin(name, types)
  const limiters = origin && knowledgeOf(origin.specifier)?.limiters
  return limiters !== undefined && (limiters.includes('*') || limiters.includes(origin?.exported ?? ''))
}
