import ts from 'typescript'
import { isSaidToRunAlone } from '../analysis/promises/droppedWork.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  canAwaitAt,
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  type MethodCall,
  someNode,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { isAwaitedInVain, runsInHandler, runsUnattended } from '../analysis/code/attendance.ts'
import { readBeforeFilled } from '../analysis/promises/readTooEarly.ts'
import { settlesOnSuccessOnly } from '../analysis/flow/unsettled.ts'
import { canAddAwait } from '../fixes/awaits.ts'
import { losesComment } from '../fixes/comments.ts'
import { boundedMap } from '../fixes/limiter.ts'
import { indentOf, movedText, styleOf } from '../fixes/style.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-async-foreach',
  meta: {
    family: 'fan-out',
    level: 'certain',
    description: 'Disallow async callbacks in `forEach`, which drops the promises they return',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (!isMethodCall(node, 'forEach')) return
        const [argument] = node.arguments
        if (argument === undefined) return
        const callback = asyncCallback(unwrap(argument), analysis)
        if (callback === undefined) return
        const receiver = node.expression.expression
        const isGuessed = isLikeList(receiver, node, analysis)
        if (!isGuessed && !analysis.types.isBuiltinCollection(receiver)) return
        if (analysis.types.expectsPromise(argument)) return
        const { awaits, canReject } = analysis.summaries.of(callback)
        if ((!awaits && isAsync(callback)) || (isGuessed && !canReject)) return
        const consequence = canReject ? 'nothing waits for them and a rejection is unhandled' : 'nothing waits for them'
        const read = readBeforeFilled(callback, node, analysis)
        const level = read ? 'certain' : levelOf(node, callback, canReject, analysis)
        report({
          node: node.expression.name,
          level: isGuessed && level === 'certain' ? 'likely' : level,
          message: `\`forEach\` ignores the promises its async callback returns: the calls for all items of \`${excerpt(receiver)}\` start at once, ${consequence}.`,
          related: read ? [{ node: read, message: 'This is read before the callbacks have filled it.' }] : [],
          // What is not known for a list may not be one to walk another way.
          suggestions: isGuessed ? [] : suggestionsFor(node, argument, analysis),
        })
      },
    }
  },
})

/** Names of what has a `forEach` of its own that waits for its callbacks. */
const WAITING_RECEIVERS = /stream|readable|cursor|queue|pool|async|iter|pipeline|query$/iu

/** Whether nothing is known of what is walked, and what the walk gives is dropped: then it is most likely a list. */
function isLikeList(receiver: ts.Expression, walk: ts.CallExpression, analysis: FileAnalysis): boolean {
  if (!ts.isExpressionStatement(wrapperOf(walk).parent) || runsInHandler(walk)) return false
  if (!canAwaitAt(walk) && !isAwaitedInVain(walk, analysis.references)) return false
  return analysis.types.isUntyped(receiver) && !WAITING_RECEIVERS.test(receiver.getText())
}

function asyncCallback(callback: ts.Expression, analysis: FileAnalysis): FunctionNode | undefined {
  if (isFunctionExpression(callback)) return isAsync(callback) ? callback : undefined
  if (!ts.isIdentifier(callback) && !ts.isPropertyAccessExpression(callback)) return undefined
  const fn = analysis.types.functionOf(callback)
  return fn && isAsync(fn) ? fn : undefined
}

function levelOf(node: ts.CallExpression, callback: FunctionNode, canReject: boolean, analysis: FileAnalysis): Level {
  const { role, references } = analysis
  if (runsUnattended(node) || isSaidToRunAlone(node, analysis)) return 'possible'
  // The last thing that a script does: the process waits for it, and a failure ends it either way.
  if (role === 'build' && isLastStatement(node)) return 'possible'
  // Nobody could wait there, and to let the work run is often all that is wanted.
  if (!canAwaitAt(node))
    return isAwaitedInVain(node, references) || (canReject && settlesOnSuccessOnly(callback)) ? 'likely' : 'possible'
  return canReject || !isLastStatement(node) ? 'certain' : 'likely'
}

function isLastStatement(node: ts.Node): boolean {
  const statement = wrapperOf(node).parent
  const body = enclosingFunction(node)?.body ?? node.getSourceFile()
  return (ts.isBlock(body) || ts.isSourceFile(body)) && body.statements.at(-1) === statement
}

function suggestionsFor(node: MethodCall, callback: ts.Expression, analysis: FileAnalysis): readonly Fix[] {
  if (node.questionDotToken ?? node.expression.questionDotToken) return []
  if (!canAddAwait(node, analysis) || !ts.isExpressionStatement(wrapperOf(node).parent)) return []
  const fixes: Fix[] = []
  const oneByOne = forOf(node, callback, analysis)
  if (oneByOne) fixes.push(oneByOne)
  if (node.arguments.length === 1 && analysis.types.isArray(node.expression.expression)) {
    fixes.push(allAtOnce(node))
    const bounded = aFewAtOnce(node, callback, analysis)
    if (bounded) fixes.push(bounded)
  }
  return fixes
}

function allAtOnce(node: MethodCall): Fix {
  return {
    title: 'Wait for all calls with `Promise.all`',
    edits: () => [
      { start: node.getStart(), end: node.getStart(), text: 'await Promise.all(' },
      { start: node.expression.name.getStart(), end: node.expression.name.end, text: 'map' },
      { start: node.end, end: node.end, text: ')' },
    ],
  }
}

function aFewAtOnce(node: MethodCall, callback: ts.Expression, analysis: FileAnalysis): Fix | undefined {
  const inner = unwrap(callback)
  const map = boundedMap(analysis, node, isFunctionExpression(inner) && inner.parameters.length <= 1)
  if (!map || losesComment(node, [node.expression.expression, callback])) return undefined
  return {
    title: `Wait for all calls, a few at a time, with ${map.by}`,
    edits: () => map.replace(node, node.expression.expression.getText(), callback, 'await '),
  }
}

/** `for (const item of items) { … }`, where the callback's body can stand there unchanged. */
function forOf(node: MethodCall, argument: ts.Expression, analysis: FileAnalysis): Fix | undefined {
  const callback = unwrap(argument)
  if (!isFunctionExpression(callback) || node.arguments.length > 1 || callback.asteriskToken) return undefined
  const [item, index, ...rest] = callback.parameters
  if (
    item === undefined
    || rest.length > 0
    || callback.typeParameters
    || callback.parameters.some(
      ({ initializer, dotDotDotToken, name }) => initializer ?? dotDotDotToken ?? name.getText() === 'this',
    )
  )
    return undefined
  const receiver = node.expression.expression
  if (analysis.types.typeName(receiver)?.endsWith('Map')) return undefined
  if (index && !analysis.types.isArray(receiver)) return undefined
  if (
    ts.isFunctionExpression(callback)
    && someNode(
      callback.body,
      (at) => at.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(at) && at.text === 'arguments'),
    )
  )
    return undefined
  const statement = wrapperOf(node).parent
  const bound = callback.parameters.flatMap(({ name }) => namesIn(name))
  // `for (const node of node.children)` reads the new `node`, before it is there.
  if (someNode(receiver, (at) => ts.isIdentifier(at) && bound.some(({ text }) => text === at.text))) return undefined
  if (losesComment(statement, [receiver, ...callback.parameters.map(({ name }) => name), callback.body]))
    return undefined
  const body = bodyText(callback, indentOf(statement), analysis)
  if (body === undefined) return undefined
  const keyword = bound.some((name) => analysis.references.of(name).some(isChange)) ? 'let' : 'const'
  return {
    title: 'Await each call in turn with `for…of`',
    edits: () => {
      const list = receiver.getText()
      const head = index
        ? `${keyword} [${index.name.getText()}, ${item.name.getText()}] of ${list}.entries()`
        : `${keyword} ${item.name.getText()} of ${list}`
      return [{ start: statement.getStart(), end: statement.end, text: `for (${head}) ${body}` }]
    },
  }
}

/** The callback's body as a loop body: `return` ends a turn, so it becomes `continue`; one that gives a value does not. */
function bodyText(
  callback: ts.ArrowFunction | ts.FunctionExpression,
  indent: string,
  analysis: FileAnalysis,
): string | undefined {
  const { body } = callback
  if (!ts.isBlock(body)) {
    // What the callback gives its caller to wait for, the loop must wait for itself.
    const isDone = ts.isAwaitExpression(unwrap(body)) || analysis.types.thenable(body) === 'never'
    const value = movedText(body, indent)
    const text = isDone ? value : ts.isLeftHandSideExpression(body) ? `await ${value}` : `await (${value})`
    return `{ ${text}${styleOf(analysis.sourceFile).semicolon} }`
  }
  const returns: ts.ReturnStatement[] = []
  forEachOwnNode(body, (at) => {
    if (ts.isReturnStatement(at)) returns.push(at)
  })
  // Inside an inner loop `continue` would mean that loop's next turn.
  const isInInnerLoop = (at: ts.Node): boolean =>
    ts.findAncestor(at.parent, (outer) => outer === body || ts.isIterationStatement(outer, false)) !== body
  if (returns.some((at) => at.expression !== undefined || isInInnerLoop(at))) return undefined
  return movedText(body, indent, new Set(returns.map((at) => at.getStart())))
}

function namesIn(name: ts.BindingName): readonly ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)))
}

/** Whether a use gives a variable another value. */
function isChange(use: ts.Identifier): boolean {
  const { parent } = use
  if (isAssignment(parent)) return parent.left === use
  if (ts.isPostfixUnaryExpression(parent)) return true
  return (
    ts.isPrefixUnaryExpression(parent)
    && (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)
  )
}
