import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FlowRoot } from './flowFacts.ts'
import { perNode } from '../code/perNode.ts'
import {
  forEachOwnNode,
  isAssignment,
  isLogicalAssignment,
  isMethodCall,
  someNode,
  suspends,
  unwrap,
} from '../code/syntax.ts'

/** What a look at the syntax of a function tells, nested functions left out; enough to rule most functions out. */
export interface FunctionScan {
  readonly suspends: boolean
  /** The names of the variables it declares itself, parameters and patterns left out. */
  readonly declared: ReadonlySet<string>
  /** The variables at the roots of what it assigns; `this` for fields, empty for what has no name. */
  readonly assigned: ReadonlySet<string>
  /** The variables at the roots of the collections it changes by a method: `this` for `this.cache.set(…)`. */
  readonly mutated: ReadonlySet<string>
  /** The last names of the methods it calls. */
  readonly methods: ReadonlySet<string>
  /** Whether anything in it depends on a condition. */
  readonly branches: boolean
}

/** Methods that put something into a collection or take something out. */
export const MUTATORS: ReadonlySet<string> = new Set([
  'set',
  'add',
  'push',
  'unshift',
  'delete',
  'clear',
  'pop',
  'shift',
  'splice',
  'fill',
  'copyWithin',
  'sort',
  'reverse',
])

export const scanFunction = perNode((fn: FlowRoot): FunctionScan => {
  const declared = new Set<string>()
  const assigned = new Set<string>()
  const mutated = new Set<string>()
  const methods = new Set<string>()
  let branches = false
  const suspensions: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) {
      // Static blocks and fields, and computed names, run where the class stands.
      for (const member of node.members) {
        if (member.name && ts.isComputedPropertyName(member.name)) forEachOwnNode(member.name, visit)
        if (ts.isClassStaticBlockDeclaration(member) || ts.isPropertyDeclaration(member)) forEachOwnNode(member, visit)
      }
    } else if (suspends(node)) suspensions.push(node)
    else if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) declared.add(node.name.text)
    else if (isAssignment(node)) {
      for (const name of targetRoots(node.left)) assigned.add(name)
      branches ||= isLogicalAssignment(node)
    } else if (isUpdate(node)) assigned.add(rootName(node.operand))
    else if (ts.isDeleteExpression(node)) assigned.add(rootName(node.expression))
    else if (isMethodCall(node)) {
      const name = node.expression.name.text
      methods.add(name)
      if (MUTATORS.has(name)) mutated.add(rootName(node.expression.expression))
    }
    branches ||=
      BRANCHING.has(node.kind) || (ts.isBinaryExpression(node) && SHORT_CIRCUITS.has(node.operatorToken.kind))
  }
  forEachOwnNode(fn, visit)
  return { suspends: suspensions.length > 0, declared, assigned, mutated, methods, branches }
})

/**
 * The variables that a function counts or sets, and never looks at: `running += 1` here, and `running -= 1` there. No check
 * and no value in it comes from them.
 */
export const neverLookedAt = perNode((fn: FlowRoot): ReadonlySet<string> => {
  const set = new Set<string>()
  const lookedAt = new Set<string>()
  const visit = (node: ts.Node): void => {
    const target = ts.isExpressionStatement(node) ? targetOf(unwrap(node.expression)) : undefined
    if (target) {
      set.add(target.name.text)
      if (target.value) visit(target.value)
    } else if (ts.isIdentifier(node)) lookedAt.add(node.text)
    else forEachChild(node, visit)
  }
  forEachChild(fn, visit)
  for (const name of lookedAt) set.delete(name)
  return set
})

/** The variable that is assigned a value, or counted; not one whose old value has to wait for what is added to it. */
function targetOf(node: ts.Expression): { readonly name: ts.Identifier; readonly value?: ts.Expression } | undefined {
  if (isUpdate(node)) {
    const operand = unwrap(node.operand)
    return ts.isIdentifier(operand) ? { name: operand } : undefined
  }
  if (!isAssignment(node) || isLogicalAssignment(node)) return undefined
  const name = unwrap(node.left)
  const waits = node.operatorToken.kind !== ts.SyntaxKind.EqualsToken && someNode(node.right, suspends)
  return ts.isIdentifier(name) && !waits ? { name, value: node.right } : undefined
}

const BRANCHING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ConditionalExpression,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.DoStatement,
])

export const SHORT_CIRCUITS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

function isUpdate(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken
}

function targetRoots(target: ts.Expression): string[] {
  const inner = unwrap(target)
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.flatMap(targetRoots)
  if (!ts.isObjectLiteralExpression(inner)) return [rootName(inner)]
  return inner.properties.flatMap((property) =>
    ts.isPropertyAssignment(property)
      ? targetRoots(property.initializer)
      : ts.isShorthandPropertyAssignment(property)
        ? [property.name.text]
        : [],
  )
}

/** The variable at the root of a path of properties: `a` in `a.b[0].c`. */
export function rootName(node: ts.Expression): string {
  let at = unwrap(node)
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = unwrap(at.expression)
  return ts.isIdentifier(at) ? at.text : at.kind === ts.SyntaxKind.ThisKeyword ? 'this' : ''
}
