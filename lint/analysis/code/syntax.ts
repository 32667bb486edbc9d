import ts from 'typescript'
import { forEachChild } from './children.ts'

/** A function whose body is code that can be looked into. */
export type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration

/** A table of kinds: to read an enum of TypeScript's costs a call of a getter each time, and every walk asks this of every node. */
function tableOf(...kinds: readonly ts.SyntaxKind[]): readonly boolean[] {
  const table = new Array<boolean>(ts.SyntaxKind.Count).fill(false)
  for (const kind of kinds) table[kind] = true
  return table
}

const FUNCTIONS = tableOf(
  ts.SyntaxKind.ArrowFunction,
  ts.SyntaxKind.FunctionExpression,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.MethodDeclaration,
  ts.SyntaxKind.Constructor,
  ts.SyntaxKind.GetAccessor,
  ts.SyntaxKind.SetAccessor,
)

export function isFunctionNode(node: ts.Node): node is FunctionNode {
  return FUNCTIONS[node.kind] === true
}

export function isFunctionExpression(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node)
}

export function hasModifier(node: ts.Node, kind: ts.ModifierSyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (node.modifiers?.some((modifier) => modifier.kind === kind) ?? false)
}

export function isAsync(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.AsyncKeyword)
}

export function isGenerator(node: FunctionNode): boolean {
  return 'asteriskToken' in node && node.asteriskToken !== undefined
}

/** The expression without the parentheses and type assertions around it. */
export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node
  while (isWrapper(inner)) inner = inner.expression
  return inner
}

const WRAPPERS = tableOf(
  ts.SyntaxKind.ParenthesizedExpression,
  ts.SyntaxKind.AsExpression,
  ts.SyntaxKind.SatisfiesExpression,
  ts.SyntaxKind.NonNullExpression,
  ts.SyntaxKind.TypeAssertionExpression,
)

function isWrapper(
  node: ts.Node,
): node is
  ts.ParenthesizedExpression | ts.AsExpression | ts.SatisfiesExpression | ts.NonNullExpression | ts.TypeAssertion {
  return WRAPPERS[node.kind] === true
}

/** The outermost of the parentheses and type assertions around an expression. */
export function wrapperOf(node: ts.Node): ts.Node {
  let outer = node
  while (isWrapper(outer.parent)) outer = outer.parent
  return outer
}

/** The nearest function around a node, or undefined at the top of the module (class fields count as such). */
export function enclosingFunction(node: ts.Node): FunctionNode | undefined {
  const around = ts.findAncestor(
    node.parent,
    (at) => isFunctionNode(at) || ts.isPropertyDeclaration(at) || ts.isClassStaticBlockDeclaration(at),
  )
  return around && isFunctionNode(around) ? around : undefined
}

/** Whether `await` may stand at this place: in an async function, or at the top of an ES module. */
export function canAwaitAt(node: ts.Node): boolean {
  for (let at: ts.Node = node; !ts.isSourceFile(at.parent); at = at.parent) {
    const parent = at.parent
    if (isFunctionNode(parent)) return isAsync(parent) && 'body' in parent && parent.body === at
    if (ts.isPropertyDeclaration(parent) || ts.isClassStaticBlockDeclaration(parent)) return false
  }
  const file = node.getSourceFile()
  return ts.isExternalModule(file) && !/\.c[jt]s$/u.test(file.fileName)
}

/** `a.b.c` as written, for identifiers, `this` and property accesses; undefined for anything else. */
export function dottedName(node: ts.Expression): string | undefined {
  const inner = unwrap(node)
  if (ts.isIdentifier(inner)) return inner.text
  if (inner.kind === ts.SyntaxKind.ThisKeyword) return 'this'
  if (inner.kind === ts.SyntaxKind.SuperKeyword) return 'super'
  if (ts.isPropertyAccessExpression(inner)) {
    const left = dottedName(inner.expression)
    return left === undefined ? undefined : `${left}.${inner.name.text}`
  }
  return undefined
}

/** The last name of what is called: `c` in `a.b.c()`, `f` in `f()`. */
export function calleeName(call: ts.CallExpression | ts.NewExpression): string | undefined {
  const callee = unwrap(call.expression)
  if (ts.isIdentifier(callee)) return callee.text
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text
  return undefined
}

/** `receiver.name(…)`, also with `?.`. */
export interface MethodCall extends ts.CallExpression {
  readonly expression: ts.PropertyAccessExpression
}

const CALL = ts.SyntaxKind.CallExpression
const PROPERTY_ACCESS = ts.SyntaxKind.PropertyAccessExpression

export function isMethodCall(node: ts.Node, ...names: readonly string[]): node is MethodCall {
  if (node.kind !== CALL) return false
  const callee = (node as ts.CallExpression).expression
  if (callee.kind !== PROPERTY_ACCESS) return false
  return names.length === 0 || names.includes((callee as ts.PropertyAccessExpression).name.text)
}

const COMBINATORS = ['all', 'allSettled', 'any', 'race'] as const

/** The call at the head of a chain of `then`. */
export function headOfChain(call: ts.CallExpression): ts.CallExpression {
  const receiver = isMethodCall(call, 'then', 'finally') ? unwrap(call.expression.expression) : undefined
  return receiver && ts.isCallExpression(receiver) ? headOfChain(receiver) : call
}

/** `Promise.all(…)` and its kin. */
export function isPromiseCombinator(
  node: ts.Node,
  ...names: readonly (typeof COMBINATORS)[number][]
): node is MethodCall {
  return (
    isMethodCall(node, ...(names.length > 0 ? names : COMBINATORS))
    && ts.isIdentifier(node.expression.expression)
    && node.expression.expression.text === 'Promise'
  )
}

/** Whether a node lets other code run before what follows it. */
export function suspends(node: ts.Node): boolean {
  return (
    ts.isAwaitExpression(node)
    || ts.isYieldExpression(node)
    || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)
    || (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing)
  )
}

export function isLoop(node: ts.Node): node is ts.IterationStatement {
  return ts.isIterationStatement(node, false)
}

/** Visits the nodes below `root` in source order, without entering functions or classes other than `root` itself. */
export function forEachOwnNode(root: ts.Node, visit: (node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    visit(node)
    if (isFunctionNode(node) || ts.isClassLike(node)) return
    forEachChild(node, walk)
  }
  forEachChild(root, walk)
}

/** Whether some node below `root` (functions inside it left out) passes the test. */
export function someOwnNode(root: ts.Node, test: (node: ts.Node) => boolean): boolean {
  const walk = (node: ts.Node): boolean => {
    if (test(node)) return true
    if (isFunctionNode(node) || ts.isClassLike(node)) return false
    return forEachChild(node, walk) ?? false
  }
  return forEachChild(root, walk) ?? false
}

/** Whether some node below `root`, functions inside it included, passes the test. */
export function someNode(root: ts.Node, test: (node: ts.Node) => boolean): boolean {
  const walk = (node: ts.Node): boolean => test(node) || (forEachChild(node, walk) ?? false)
  return walk(root)
}

/** The first node of `root`, itself and functions inside it included, that passes the test. */
export function findNode<T extends ts.Node>(
  root: ts.Node | undefined,
  test: (node: ts.Node) => node is T,
): T | undefined
export function findNode(root: ts.Node | undefined, test: (node: ts.Node) => boolean): ts.Node | undefined
export function findNode(root: ts.Node | undefined, test: (node: ts.Node) => boolean): ts.Node | undefined {
  const walk = (node: ts.Node): ts.Node | undefined => (test(node) ? node : forEachChild(node, walk))
  return root && walk(root)
}

export function isWithin(node: ts.Node, ancestor: ts.Node): boolean {
  return ts.findAncestor(node, (at) => at === ancestor) !== undefined
}

/** Whether control leaves a function right after a call or a loop: nothing follows, or only a `return` of nothing. */
export function isLastAct(act: ts.CallExpression | ts.Statement, fn: FunctionNode): boolean {
  if (!fn.body || !ts.isBlock(fn.body)) return true
  const statement = ts.isCallExpression(act) ? wrapperOf(act).parent : act
  for (let at: ts.Node = statement; at !== fn.body; at = at.parent) {
    const { parent } = at
    if (isLoop(parent) || (ts.isTryStatement(parent) && parent.tryBlock === at)) return false
    const next = ts.isBlock(parent) ? parent.statements[parent.statements.indexOf(at as ts.Statement) + 1] : undefined
    if (next) return ts.isReturnStatement(next) && !next.expression
  }
  return true
}

/** The innermost statement that holds a node. */
export function enclosingStatement(node: ts.Node): ts.Statement | undefined {
  return ts.findAncestor(node, (at): at is ts.Statement => ts.isStatement(at) && !ts.isBlock(at))
}

/** The value of a number literal or of a constant product such as `30 * 1000`. */
export function constantNumber(node: ts.Expression): number | undefined {
  const inner = unwrap(node)
  if (ts.isNumericLiteral(inner)) return Number(inner.text)
  if (!ts.isBinaryExpression(inner)) return undefined
  const left = constantNumber(inner.left)
  const right = constantNumber(inner.right)
  if (left === undefined || right === undefined) return undefined
  switch (inner.operatorToken.kind) {
    case ts.SyntaxKind.AsteriskToken:
      return left * right
    case ts.SyntaxKind.PlusToken:
      return left + right
    case ts.SyntaxKind.MinusToken:
      return left - right
    case ts.SyntaxKind.SlashToken:
      return left / right
    default:
      return undefined
  }
}

const ASSIGNMENTS = { first: ts.SyntaxKind.FirstAssignment, last: ts.SyntaxKind.LastAssignment }

export function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node)
    && node.operatorToken.kind >= ASSIGNMENTS.first
    && node.operatorToken.kind <= ASSIGNMENTS.last
  )
}

/** `a ??= b`, `a ||= b`, `a &&= b`: the right side is evaluated, and the left written, only where the old value says so. */
export function isLogicalAssignment(node: ts.BinaryExpression): boolean {
  return (
    node.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken
    || node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken
    || node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken
  )
}

/** A short form of some code for a message: one line, at most 40 characters. */
export function excerpt(node: ts.Node): string {
  const text = node.getText().replace(/\s+/gu, ' ')
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`
}
