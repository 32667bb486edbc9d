import ts from 'typescript'
import {
  enclosingFunction,
  headOfChain,
  isAsync,
  isFunctionNode,
  isGenerator,
  isLoop,
  isMethodCall,
  isWithin,
  someOwnNode,
  unwrap,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'
import { isNotice } from './droppedWork.ts'

/** What is meant for the work that a `return` in it starts, and has run, or is out of reach, before that work is done. */
export type Guard =
  | { readonly kind: 'catch'; readonly clause: ts.CatchClause; readonly tried: ts.Block }
  | { readonly kind: 'finally'; readonly block: ts.Block }
  | { readonly kind: 'using'; readonly declaration: ts.VariableDeclaration }

/**
 * The guards of a `return` of an async function, innermost first. An async generator waits for what it returns by itself; a
 * function that is not async hands the promise on as it is, and its `catch` may be for what is thrown at once.
 */
export function guardsOf(statement: ts.ReturnStatement): readonly Guard[] {
  const fn = enclosingFunction(statement)
  if (!fn || !isAsync(fn) || isGenerator(fn)) return []
  const guards: Guard[] = []
  for (let at: ts.Node = statement; at !== fn; at = at.parent) {
    const { parent } = at
    if (ts.isTryStatement(parent)) guards.push(...guardsOfTry(parent, at))
    if (ts.isBlock(parent)) guards.push(...usedBefore(parent, at))
  }
  return guards
}

function guardsOfTry({ tryBlock, catchClause, finallyBlock }: ts.TryStatement, from: ts.Node): Guard[] {
  const guards: Guard[] = []
  if (from === tryBlock && catchClause) guards.push({ kind: 'catch', clause: catchClause, tried: tryBlock })
  if (from !== finallyBlock && finallyBlock) guards.push({ kind: 'finally', block: finallyBlock })
  return guards
}

/** `using file = …` and `await using file = …` above a statement, in the same block. */
function usedBefore(block: ts.Block, statement: ts.Node): Guard[] {
  return block.statements
    .filter((other): other is ts.VariableStatement => ts.isVariableStatement(other) && other.end <= statement.pos)
    .flatMap(({ declarationList }) =>
      (declarationList.flags & ts.NodeFlags.Using) !== 0 ? declarationList.declarations : [],
    )
    .map((declaration) => ({ kind: 'using', declaration }))
}

/** The promises of work that a result may be: `ok ? await read() : readAgain()` is the second alone. */
export function promisesIn(result: ts.Expression, types: TypeQuestions): readonly ts.Expression[] {
  const node = unwrap(result)
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap((one) => promisesIn(one, types))
  if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind))
    return [node.left, node.right].flatMap((one) => promisesIn(one, types))
  if (isMethodCall(node, 'resolve', 'reject') && node.expression.expression.getText() === 'Promise')
    return node.expression.name.text === 'resolve' ? node.arguments.flatMap((value) => promisesIn(value, types)) : []
  const isStarted = ts.isCallExpression(node) || ts.isNewExpression(node)
  return isStarted && types.thenable(node) === 'always' ? [node] : []
}

function isChoice(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.QuestionQuestionToken
    || kind === ts.SyntaxKind.BarBarToken
    || kind === ts.SyntaxKind.AmpersandAmpersandToken
  )
}

/**
 * What a handler does with a failure: nothing (`throw error` alone), it goes on without (`answers`), or it tells some
 * failures from others, or throws another (`throws`).
 */
export function handlingOf({ block, variableDeclaration }: ts.CatchClause): 'nothing' | 'answers' | 'throws' {
  const [first] = block.statements
  const name = variableDeclaration?.name.getText()
  if (first && ts.isThrowStatement(first) && first.expression.getText() === name) return 'nothing'
  return someOwnNode(block, isGivingUp) ? 'throws' : 'answers'
}

function isGivingUp(node: ts.Node): boolean {
  return (
    ts.isThrowStatement(node)
    || (ts.isCallExpression(node) && /^(?:Promise\.reject|process\.exit)$/u.test(node.expression.getText()))
  )
}

/** Whether something else could fail in a block before the `return`, so that the handler may be meant for that. */
export function isOtherAtRisk(tried: ts.Block, statement: ts.ReturnStatement, started: ts.Expression): boolean {
  // What another `return` starts is that one's own affair.
  const isReturned = (node: ts.Node): boolean =>
    ts.findAncestor(node, (at) => (at === tried ? 'quit' : ts.isReturnStatement(at))) !== undefined
  const isBefore = (node: ts.Node): boolean => node.pos < statement.pos && !isReturned(node)
  const chain = ts.isCallExpression(started) ? headOfChain(started) : started
  return someOwnNode(tried, (node) => canThrow(node) && isBefore(node)) || someOwnNode(chain, canThrow)
}

function canThrow(node: ts.Node): boolean {
  return (
    ts.isAwaitExpression(node)
    || ts.isNewExpression(node)
    || ts.isThrowStatement(node)
    || (ts.isCallExpression(node) && !isNotice(node))
  )
}

/** `return load(url, retries + 1)` inside `load`: the work goes through the same guard once more. */
export function isCallOfOwn(started: ts.Expression, types: TypeQuestions): boolean {
  const called = ts.isCallExpression(started) ? types.functionOf(started.expression) : undefined
  return called !== undefined && isWithin(started, called)
}

/** `try { return build(cwd) } catch { return build(cwd) }`: the handler is for what comes before the first. */
export function isHandledAlike(started: ts.Expression, { block }: ts.CatchClause): boolean {
  const text = started.getText()
  return someOwnNode(block, (node) => ts.isReturnStatement(node) && node.expression?.getText() === text)
}

/** Whether a loop goes round again when a handler has run. */
export function isTriedAgain({ parent, block }: ts.CatchClause): boolean {
  const loop = ts.findAncestor(parent, (at) => isFunctionNode(at) || isLoop(at))
  return (
    loop !== undefined
    && isLoop(loop)
    && !someOwnNode(block, (node) => ts.isReturnStatement(node) || ts.isBreakStatement(node))
  )
}
