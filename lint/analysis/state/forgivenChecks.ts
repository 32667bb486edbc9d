import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import type { Guard, Write } from '../flow/flowFacts.ts'
import { isNothing } from '../flow/guardMeaning.ts'
import type { Location } from '../flow/locations.ts'
import {
  type FunctionNode,
  isAssignment,
  isFunctionNode,
  isMethodCall,
  isWithin,
  someOwnNode,
  unwrap,
} from '../code/syntax.ts'
import { endOf, isInCatch, valueOf } from './writes.ts'

/** What a second run would do. */
export interface Harm {
  readonly effect: ts.Node | undefined
  /** Whether it replaces a value that must be released. */
  readonly isLeak: boolean
}

/**
 * Whether it is said, or done, in the function that a check may be out of date by the time of the write: a second run is
 * forbidden, is said to do no harm, makes way for a newer one, replaces what expires anyhow, ends what has ended, has an
 * object of its own, only notes that something has failed, adds to a pool, or stands behind a check that never fails.
 */
export function isForgiven(
  write: Write,
  guard: Guard,
  fn: FunctionNode,
  analysis: FileAnalysis,
  { effect, isLeak }: Harm,
): boolean {
  return (
    forbidsSecondCall(guard, write, fn)
    || isInCatch(write.node)
    || expires(write)
    || (isEndMark(write) && analysis.region(fn) === undefined)
    || isRow(fn, write.location)
    || isSaidIdempotent(guard, write, fn)
    || isStillCurrent(guard, write, fn, analysis)
    || picksFromPool(guard, write, analysis)
    || isDoneInAnyCase(guard, effect)
    || goesThroughList(guard, fn, analysis)
    || (!isLeak && letsGo(guard, write, fn, analysis))
    || isAlwaysThere(guard, analysis)
  )
}

/** Words by which the author says that a second run does no harm. */
const IDEMPOTENT =
  /\bidempotent|(?:safe|fine|harmless) to (?:call|run) (?:\w+ )?(?:twice|again|repeatedly|more than once|many times|multiple times)/iu

/** Said above the function, or between the check and the write. */
function isSaidIdempotent({ condition }: Guard, write: Write, fn: FunctionNode): boolean {
  const { text } = fn.getSourceFile()
  return IDEMPOTENT.test(text.slice(fn.pos, fn.getStart())) || IDEMPOTENT.test(text.slice(condition.end, endOf(write)))
}

/** `if (this.attempt !== attempt) throw …` between the last `await` and the write: whoever was overtaken in between leaves. */
function isStillCurrent({ condition }: Guard, write: Write, fn: FunctionNode, analysis: FileAnalysis): boolean {
  const { suspensions } = analysis.flow(fn)
  return (
    fn.body !== undefined
    && someOwnNode(fn.body, (node) => {
      if (!ts.isIfStatement(node) || node.pos < condition.end || node.end > write.node.pos) return false
      const asked = unwrap(node.expression)
      if (!ts.isBinaryExpression(asked) || asked.operatorToken.kind !== ts.SyntaxKind.ExclamationEqualsEqualsToken)
        return false
      const sides = [unwrap(asked.left), unwrap(asked.right)]
      const isOwn =
        sides.some((side) => ts.isPropertyAccessExpression(side) && side.expression.kind === ts.SyntaxKind.ThisKeyword)
        && sides.some(ts.isIdentifier)
      const last = ts.isBlock(node.thenStatement) ? node.thenStatement.statements.at(-1) : node.thenStatement
      const leaves = last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
      return isOwn && leaves && !suspensions.some((at) => at.pos >= node.end && at.end <= write.node.pos)
    })
  )
}

/** `cache.set(key, { value, expiresAt })`: what is kept for a while is made anew again and again. */
function expires(write: Write): boolean {
  const value = valueOf(write)
  const kept = value && unwrap(value)
  return (
    kept !== undefined
    && ts.isObjectLiteralExpression(kept)
    && kept.properties.some(
      ({ name }) =>
        name !== undefined && /^(?:expir\w*|ttl\w*|(?:fetched|cached|stale|stored)(?:At|Time))$/iu.test(name.getText()),
    )
  )
}

/**
 * `if (this.instance) throw …` in `initialize`, `if (this.connected) throw …` before `this.connected = true`, and
 * `if (this.names.has(name)) throw …` before the name is registered: a second call is a mistake of the caller, who is told.
 */
function forbidsSecondCall({ condition }: Guard, { mutation, node }: Write, fn: FunctionNode): boolean {
  const isSetUp = /^(?:init|setup|setUp|bootstrap|configure)/u.test(fn.name?.getText() ?? '')
  if (!mutation && !isSetUp && !(isFlagSet(node) && DONE.test(node.getText()))) return false
  const check = checkOf(condition)
  if (check === undefined) return false
  const last = ts.isBlock(check.thenStatement) ? check.thenStatement.statements.at(-1) : check.thenStatement
  return last !== undefined && ts.isThrowStatement(last)
}

/** Flags that stay set once something has been done. */
const DONE = /(?:connected|opened|joined|bound|loaded|attached|registered|initiali[sz]ed)$/iu

function isFlagSet({ parent }: ts.Expression): boolean {
  return isAssignment(parent) && parent.right.kind === ts.SyntaxKind.TrueKeyword
}

/** `for (const item of items) { if (this.done.has(item)) continue; …; this.done.add(item) }`: each comes after the one before. */
function goesThroughList({ condition }: Guard, fn: FunctionNode, analysis: FileAnalysis): boolean {
  const check = checkOf(condition)
  if (check === undefined || analysis.region(fn) !== undefined) return false
  const last = ts.isBlock(check.thenStatement) ? check.thenStatement.statements.at(-1) : check.thenStatement
  return last !== undefined && ts.isContinueStatement(last)
}

/** `if (this.timer) { clearTimeout(this.timer); this.timer = undefined }`: what is there is let go, and the function goes on. */
function letsGo({ condition }: Guard, { location, node }: Write, fn: FunctionNode, analysis: FileAnalysis): boolean {
  const check = checkOf(condition)
  return (
    check !== undefined
    && !isWithin(node, check)
    && analysis
      .flow(fn)
      .writes.some(
        (other) =>
          other.location.key === location.key
          && isWithin(other.node, check.thenStatement)
          && isAssignment(other.node.parent)
          && isNothing(other.node.parent.right),
      )
  )
}

/** `this.closed = true`: what is ended twice is most often ended all the same, and each owner ends it once. */
function isEndMark({ node, mutation }: Write): boolean {
  return !mutation && isFlagSet(node) && END_MARKS.test(node.getText())
}

const END_MARKS =
  /(?:destroyed|disposed|closed|clean(?:ed)?(?:Up)?|stopped|released|terminated|shut(?:ting)?Down|torn\w*|ended|finished|finali[sz]ed|exited|killed|revoked|deleted|removed)$/iu

/** `if (this.shown) { show(message); return }` before `await show(message, button)`: what is repeated is done behind the check, too. */
function isDoneInAnyCase({ condition }: Guard, effect: ts.Node | undefined): boolean {
  const check = checkOf(condition)
  if (check === undefined || effect === undefined || !ts.isCallExpression(effect)) return false
  const name = effect.expression.getText()
  return (
    !isWithin(effect, check)
    && someOwnNode(check.thenStatement, (node) => ts.isCallExpression(node) && node.expression.getText() === name)
  )
}

/** The `if` that asks a condition. */
function checkOf(condition: ts.Expression): ts.IfStatement | undefined {
  const check = ts.findAncestor(condition, (at) => (isFunctionNode(at) ? 'quit' : ts.isIfStatement(at)))
  return check && ts.isIfStatement(check) && isWithin(condition, check.expression) ? check : undefined
}

/** `workers.find((worker) => !worker.busy)` before `workers.push(…)`: as many are made as are busy, and that is the point. */
function picksFromPool({ condition }: Guard, { mutation }: Write, { types }: FileAnalysis): boolean {
  const name = unwrap(condition)
  if (!mutation || !ts.isIdentifier(name)) return false
  const declaration = types.localSymbol(name)?.valueDeclaration
  const found =
    declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
      ? unwrap(declaration.initializer)
      : undefined
  if (found === undefined || !isMethodCall(found, 'find')) return false
  const asked = found.arguments[0] && unwrap(found.arguments[0])
  const answer = asked && ts.isArrowFunction(asked) && !ts.isBlock(asked.body) ? unwrap(asked.body) : undefined
  return answer !== undefined && (ts.isPropertyAccessExpression(answer) || ts.isPrefixUnaryExpression(answer))
}

/** `if (!this.list)` of `list: string[] = []`: a place that holds something from the start is not filled behind this check. */
function isAlwaysThere({ condition }: Guard, { types }: FileAnalysis): boolean {
  const place = unwrap(condition)
  if (!ts.isPropertyAccessExpression(place) && !ts.isIdentifier(place)) return false
  const declaration = types.symbol(ts.isIdentifier(place) ? place : place.name)?.valueDeclaration
  if (declaration === undefined || !ts.isPropertyDeclaration(declaration) || !declaration.initializer) return false
  const first = unwrap(declaration.initializer)
  const isThere = ts.isArrayLiteralExpression(first) || ts.isObjectLiteralExpression(first) || ts.isNewExpression(first)
  return (
    isThere && declaration.type !== undefined && !/\b(?:undefined|null|any|unknown)\b/u.test(declaration.type.getText())
  )
}

/** What one request has read from a database, others read for themselves: fields of a record are no state of the process. */
function isRow(fn: FunctionNode, { ownership }: Location): boolean {
  const owner = ownership === 'this' ? ts.findAncestor(fn, ts.isClassLike) : undefined
  return owner?.heritageClauses?.some((clause) => ROWS.test(clause.getText())) ?? false
}

const ROWS = /^extends\s+(?:\w+\.)*(?:(?:Id|Paranoid|Base)?Model|(?:Base|Timestamped)?Entity|ActiveRecord\w*)\b/u
