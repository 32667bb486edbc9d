import ts from 'typescript'
import { forEachOwnNode, type FunctionNode, isAssignment, isMethodCall, suspends, unwrap } from './syntax.ts'

/** What a look at the syntax of a function tells, nested functions left out; enough to rule most functions out. */
export interface FunctionScan {
  readonly suspends: boolean
  /** The names of the variables it declares itself, parameters and patterns left out. */
  readonly declared: ReadonlySet<string>
  /** The variables at the roots of what it assigns; `this` for fields, empty for what has no name. */
  readonly assigned: ReadonlySet<string>
  /** The last names of the methods it calls. */
  readonly methods: ReadonlySet<string>
}

/** An incremental parse keeps the trees of functions that did not change, so their scans last through edits. */
const scans = new WeakMap<FunctionNode, FunctionScan>()

export function scanFunction(fn: FunctionNode): FunctionScan {
  let scan = scans.get(fn)
  if (!scan) {
    scan = readFunction(fn)
    scans.set(fn, scan)
  }
  return scan
}

function readFunction(fn: FunctionNode): FunctionScan {
  const declared = new Set<string>()
  const assigned = new Set<string>()
  const methods = new Set<string>()
  const suspensions: ts.Node[] = []
  forEachOwnNode(fn, (node) => {
    if (suspends(node)) suspensions.push(node)
    else if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) declared.add(node.name.text)
    else if (isAssignment(node)) for (const name of targetRoots(node.left)) assigned.add(name)
    else if (isUpdate(node)) assigned.add(rootName(node.operand))
    else if (isMethodCall(node)) methods.add(node.expression.name.text)
  })
  return { suspends: suspensions.length > 0, declared, assigned, methods }
}

function isUpdate(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken
}

function targetRoots(target: ts.Expression): string[] {
  const inner = unwrap(target)
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.flatMap(targetRoots)
  if (!ts.isObjectLiteralExpression(inner)) return [rootName(inner)]
  return inner.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) ? targetRoots(property.initializer) : ts.isShorthandPropertyAssignment(property) ? [property.name.text] : [])
}

/** The variable at the root of a path of properties: `a` in `a.b[0].c`. */
export function rootName(node: ts.Expression): string {
  let at = unwrap(node)
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = unwrap(at.expression)
  return ts.isIdentifier(at) ? at.text : at.kind === ts.SyntaxKind.ThisKeyword ? 'this' : ''
}
