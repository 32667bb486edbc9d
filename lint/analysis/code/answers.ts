import ts from 'typescript'
import { perNode } from './perNode.ts'
import { hasModifier, isFunctionNode, unwrap } from './syntax.ts'

/** What a getter, or a method that takes nothing, gives: a field of its instance, or whether there is something in it. */
export interface Answer {
  readonly field: ts.PropertyAccessExpression
  /** All that is returned: the field itself, `!this.field`, `this.field !== undefined`. */
  readonly returned: ts.Expression
}

/** The answer behind `this.isOpen` and `this.isOpen()`, where the class around them says in one line what that is. */
export function answerOf(raw: ts.Expression): Answer | undefined {
  const node = unwrap(raw)
  const isCall = ts.isCallExpression(node)
  if (isCall && node.arguments.length > 0) return undefined
  const access = isCall ? unwrap(node.expression) : node
  if (!ts.isPropertyAccessExpression(access) || access.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined
  const owner = classAround(access)
  return owner && answersOf(owner).get(isCall ? `${access.name.text}()` : access.name.text)
}

/** The class whose instance `this` is; undefined in functions that have a `this` of their own. */
function classAround(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  const owner = ts.findAncestor(
    node,
    (at) => ts.isClassLike(at) || (isFunctionNode(at) && !ts.isArrowFunction(at) && !ts.isClassElement(at)),
  )
  return owner && ts.isClassLike(owner) ? owner : undefined
}

const answersOf = perNode((owner: ts.ClassLikeDeclaration): ReadonlyMap<string, Answer> => {
  const answers = new Map<string, Answer>()
  for (const member of owner.members) {
    if (!ts.isGetAccessor(member) && !ts.isMethodDeclaration(member)) continue
    if (
      hasModifier(member, ts.SyntaxKind.StaticKeyword)
      || member.parameters.length > 0
      || !member.body
      || member.body.statements.length !== 1
    )
      continue
    const [statement] = member.body.statements
    if (!statement || !ts.isReturnStatement(statement) || !statement.expression) continue
    const returned = unwrap(statement.expression)
    const field = fieldIn(returned)
    if (field)
      answers.set(ts.isGetAccessor(member) ? member.name.getText() : `${member.name.getText()}()`, { field, returned })
  }
  for (const name of [...answers.keys()].filter((name) => leadsInACircle(name, answers))) answers.delete(name)
  return answers
})

/** `get size() { return this.size }`: a mistake, or a class that is still being written. There is no field behind it. */
function leadsInACircle(name: string, answers: ReadonlyMap<string, Answer>): boolean {
  const seen = new Set([name])
  for (let at = answers.get(name); at; at = answers.get(at.field.name.text)) {
    if (seen.has(at.field.name.text)) return true
    seen.add(at.field.name.text)
  }
  return false
}

function fieldIn(raw: ts.Expression): ts.PropertyAccessExpression | undefined {
  const node = unwrap(raw)
  if (ts.isPropertyAccessExpression(node)) return node.expression.kind === ts.SyntaxKind.ThisKeyword ? node : undefined
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return fieldIn(node.operand)
  if (!ts.isBinaryExpression(node) || !EQUALITIES.has(node.operatorToken.kind)) return undefined
  const right = unwrap(node.right)
  const isFixed =
    ts.isLiteralExpression(right) || FIXED.has(right.kind) || (ts.isIdentifier(right) && right.text === 'undefined')
  return isFixed ? fieldIn(node.left) : undefined
}

const FIXED: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
])
const EQUALITIES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
])
