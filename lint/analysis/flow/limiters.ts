import ts from 'typescript'
import { importOrigin, rootIdentifier } from '../code/imports.ts'
import { LIMITER_METHODS } from '../knowledge/names.ts'
import { dottedName, forEachOwnNode, isFunctionExpression, unwrap } from '../code/syntax.ts'
import type { PackageKnowledge } from '../knowledge/packages/model.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Whether a call hands work to something that bounds or serialises it: `limit(() => …)`, `queue.add(…)`,
 * `mutex.runExclusive(…)`, `pMap(items, fn, { concurrency })`.
 */
export function isLimiterCall(call: ts.CallExpression, types: TypeQuestions): boolean {
  const callee = unwrap(call.expression)
  const name = dottedName(callee)
  if (name !== undefined && types.knowledge.isBounding(name)) return true
  if (ts.isPropertyAccessExpression(callee) && LIMITER_METHODS.has(callee.name.text)) return true
  if (!call.arguments.some((argument) => isWork(unwrap(argument)))) return false
  const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : callee
  if (limiterOf(receiver, types) ?? limiterOf(callee, types)) return true
  const names = [name, dottedName(receiver)]
  return names.some((candidate) => candidate !== undefined && types.knowledge.isLimiter(candidate))
}

function isWork(argument: ts.Expression): boolean {
  return isFunctionExpression(argument) || ts.isIdentifier(argument)
}

/** What made a limiter: a call or `new` of a package that the table knows. */
export interface MadeLimiter {
  readonly made: ts.CallExpression | ts.NewExpression
  readonly knowledge: PackageKnowledge
  /** The exported name that made it. */
  readonly exported: string
}

/** The limiter, queue or lock that an expression stands for: made here, kept in a variable or a field, or the export itself. */
export function limiterOf(expression: ts.Expression, types: TypeQuestions): MadeLimiter | true | undefined {
  const node = unwrap(expression)
  if (ts.isIdentifier(node) && roleOf(node, types)) return true
  const made = madeBy(node, types)
  if (made) return made
  const name = ts.isPropertyAccessExpression(node) ? node.name : node
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) {
    const root = rootIdentifier(node)
    return root && roleOf(root, types) ? true : undefined
  }
  for (const declaration of types.symbol(name)?.declarations ?? []) {
    const value = valueOf(declaration)
    const limiter = value && madeBy(unwrap(value), types)
    if (limiter) return limiter
  }
  const root = rootIdentifier(node)
  return root && roleOf(root, types) ? true : undefined
}

/** What a variable or field is made by: its initialiser, or what the constructor assigns. */
function valueOf(declaration: ts.Declaration): ts.Expression | undefined {
  if (ts.isVariableDeclaration(declaration)) return declaration.initializer
  if (!ts.isPropertyDeclaration(declaration)) return undefined
  if (declaration.initializer) return declaration.initializer
  const constructor = ts.isClassLike(declaration.parent)
    ? declaration.parent.members.find(ts.isConstructorDeclaration)
    : undefined
  let value: ts.Expression | undefined
  if (constructor?.body) {
    const name = `this.${declaration.name.getText()}`
    forEachOwnNode(constructor.body, (node) => {
      if (
        ts.isBinaryExpression(node)
        && node.operatorToken.kind === ts.SyntaxKind.EqualsToken
        && node.left.getText() === name
      )
        value ??= node.right
    })
  }
  return value
}

function madeBy(node: ts.Expression, types: TypeQuestions): MadeLimiter | undefined {
  const made = ts.isBinaryExpression(node) ? unwrap(node.right) : node
  if (!ts.isCallExpression(made) && !ts.isNewExpression(made)) return undefined
  const maker = unwrap(made.expression)
  const isExport = ts.isIdentifier(maker) || (ts.isPropertyAccessExpression(maker) && ts.isIdentifier(maker.expression))
  const root = isExport ? rootIdentifier(maker) : undefined
  const role = root && roleOf(root, types, ts.isPropertyAccessExpression(maker) ? maker.name.text : undefined)
  return role && { made, ...role }
}

/** The role of an imported name, or of a member where the whole module was imported. */
function roleOf(
  name: ts.Identifier,
  types: TypeQuestions,
  member?: string,
): { knowledge: PackageKnowledge; exported: string } | undefined {
  const origin = importOrigin(name, types)
  const knowledge = origin && types.knowledge.of(origin.specifier)
  if (!origin || !knowledge) return undefined
  const roles = [...(knowledge.limiters ?? []), ...(knowledge.locks ?? [])]
  const exported = [origin.exported, ...(member === undefined ? [] : [member])].find(
    (candidate) => roles.includes('*') || roles.includes(candidate),
  )
  if (exported !== undefined) return { knowledge, exported }
  return origin.exported === '*' && member === undefined && roles.length > 0
    ? { knowledge, exported: origin.exported }
    : undefined
}
