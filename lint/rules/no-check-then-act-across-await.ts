import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { Guard, Write } from '../analysis/flow/flowFacts.ts'
import { neverLookedAt, scanFunction } from '../analysis/flow/functionScan.ts'
import { RELEASE_METHODS } from '../analysis/knowledge/effectNames.ts'
import { addedAgainIn } from '../analysis/state/addedAgain.ts'
import { isForgiven } from '../analysis/state/forgivenChecks.ts'
import { guardedUntil, meaningOf } from '../analysis/flow/guardMeaning.ts'
import { isHandedOn } from '../analysis/flow/handedOn.ts'
import { runsInSequence } from '../analysis/flow/inSequence.ts'
import { mayLetButOneIn } from '../analysis/state/itemChecks.ts'
import { hasLastingEffect, lastingEffectIn, leavesStanding } from '../analysis/flow/lastingEffect.ts'
import { type LateFill, lateFillsOf } from '../analysis/state/lateFill.ts'
import { locationOf } from '../analysis/flow/locations.ts'
import { callsInProgram } from '../analysis/code/programCallers.ts'
import { isCommandLine } from '../analysis/code/programImports.ts'
import {
  holdsTimer,
  isGivenBackInFile,
  isLetGoWithOwner,
  isMadeHere,
  isReleasedInFile,
  isResource,
} from '../analysis/code/resources.ts'
import { isSerialised } from '../analysis/flow/serialised.ts'
import {
  calleeName,
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isAsync,
  isFunctionNode,
  isMethodCall,
  isWithin,
  someNode,
  unwrap,
} from '../analysis/code/syntax.ts'
import type { TypeQuestions } from '../analysis/code/typeQuestions.ts'
import { asksForAnother, asksForWritten, isFlag, isLateMark, restOf, switchedOnBy } from '../analysis/state/marks.ts'
import { endOf, fills, isInCatch, isSameEntry, valueOf } from '../analysis/state/writes.ts'
import { claimFirst } from '../fixes/claimFirst.ts'
import { keepPromise } from '../fixes/keepPromise.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-check-then-act-across-await',
  meta: {
    family: 'race',
    level: 'likely',
    description: 'Disallow acting on a check of shared state that an `await` has made stale',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    const checkFunction = (fn: FunctionNode): void => {
      if (!isAsync(fn) || !mayRace(fn)) return
      for (const write of analysis.flow(fn).writes) {
        // The newest check is what the program knows last.
        const guard = write.lapsed.findLast((candidate) => isSameEntry(candidate, write))
        if (guard === undefined) continue
        const level = levelOf(write, guard, fn, analysis)
        if (level === undefined) continue
        report({
          node: write.node,
          level: level.level,
          message: messageFor(write, guard, level.effect, sharedPromiseIn(write) !== undefined),
          related: [{ node: guard.condition, message: 'The check that is no longer true by then.' }],
          suggestions: suggestionsFor(write, guard, level.effect, fn, analysis),
        })
      }
    }
    const checkCalls = (statement: ts.IfStatement): void => {
      const fn = enclosingFunction(statement)
      if (fn === undefined || !isAsync(fn)) return
      for (const fill of lateFillsOf(statement, fn, analysis)) {
        const { guard, call, callee, write } = fill
        // `this.db = await this.open()`, where `open` sets it as well, is the write of this function.
        if (
          analysis
            .flow(fn)
            .writes.some(({ node, location }) => location.key === write.location.key && isWithin(call, node.parent))
        )
          continue
        if (
          isSerialised(fn, guard.condition, analysis.references, analysis.types)
          || isSerialised(callee, write.node, analysis.references, analysis.types)
        )
          continue
        const hasEffect =
          (hasLastingEffect(call, analysis.types) || leakIn(write, analysis) !== undefined)
          && !isEmptiedBy(fn, fill, analysis)
        const name = calleeName(call) ?? excerpt(call)
        report({
          node: call,
          level:
            hasEffect
            && analysis.role === 'product'
            && (analysis.region(fn) !== undefined
              || !(
                isCommandLine(analysis.types.files)
                || runsInSequence(fn, write.location.ownership === 'this', analysis.types)
              ))
              ? 'likely'
              : 'possible',
          message: `\`${excerpt(write.node)}\` is checked here, but \`${name}\` sets it only after an \`await\`: calls that come in between pass the same check, and each of them runs \`${name}\`.`,
          related: [
            { node: guard.condition, message: 'The check that is no longer true by then.' },
            { node: write.node, message: 'Only here the next check comes out otherwise.' },
          ],
        })
      }
    }
    return {
      [ts.SyntaxKind.IfStatement]: checkCalls,
      [ts.SyntaxKind.ArrowFunction]: checkFunction,
      [ts.SyntaxKind.FunctionExpression]: checkFunction,
      [ts.SyntaxKind.FunctionDeclaration]: checkFunction,
      [ts.SyntaxKind.MethodDeclaration]: checkFunction,
    }
  },
})

function suggestionsFor(
  write: Write,
  guard: Guard,
  effect: ts.Node | undefined,
  fn: FunctionNode,
  analysis: FileAnalysis,
): readonly Fix[] {
  // Who shares the promise still does each for itself what comes after it.
  const isAfter = effect !== undefined && effect.pos >= endOf(write)
  return [
    claimFirst(write.node, guard.condition),
    isAfter ? undefined : keepPromise(write, guard, fn, analysis),
  ].filter((fix) => fix !== undefined)
}

/** `if (!this.open) await this.connect(); …; this.open = false`: what it opens it closes, so that it means to have it alone. */
function isEmptiedBy(fn: FunctionNode, { write }: LateFill, analysis: FileAnalysis): boolean {
  return analysis
    .flow(fn)
    .writes.some(
      (other) =>
        other.location.key === write.location.key && !other.mutation && !fills(other) && !isInCatch(other.node),
    )
}

/** Cheap test first: something is awaited, something decided, and what is changed and looked at is no variable of its own. */
function mayRace(fn: FunctionNode): boolean {
  const { suspends, branches, assigned, mutated, declared } = scanFunction(fn)
  if (!suspends || !branches) return false
  const isChecked = (name: string): boolean => mutated.has(name) || !neverLookedAt(fn).has(name)
  return [...assigned, ...mutated].some((name) => !declared.has(name) && isChecked(name))
}

interface Verdict {
  readonly level: Level
  /** The call that a second activation repeats to no good. */
  readonly effect: ts.Node | undefined
}

function levelOf(write: Write, guard: Guard, fn: FunctionNode, analysis: FileAnalysis): Verdict | undefined {
  if (!fills(write)) return undefined
  if (write.mutation && !isCollectionCall(write.mutation, analysis)) return undefined
  if (isSerialised(fn, guard.condition, analysis.references, analysis.types)) return undefined
  const region = analysis.region(fn)
  const { location } = write
  const isShared =
    location.symbol === undefined
    || location.ownership === 'module'
    || isOutside(location.symbol, region?.callback ?? fn)
  const isLate = isLateMark(write, guard, fn, analysis)
  const isMissing =
    meaningOf(guard) === 'absent'
    || asksForWritten(guard, write)
    || asksForAnother(guard, write)
    || (isLate && restOf(guard, write) !== undefined)
  if (!isShared || !isMissing || write.claimedFrom < guard.condition.pos)
    return { level: 'possible', effect: undefined }
  const end = endOf(write)
  if (waitsForNothing(guard, end, fn, analysis)) return { level: 'possible', effect: undefined }
  const walk =
    region?.kind === 'fan-out' && write.mutation && analysis.role === 'product' ? walkAfter(write, fn) : undefined
  if (walk) return { level: 'likely', effect: walk }
  const leak = leakIn(write, analysis)
  const effect =
    lastingEffectIn(fn, guard.condition.getStart(), end, analysis.types)
    ?? leak
    ?? sharedPromiseIn(write)
    ?? lastingEffectIn(fn, end, goesOnUntil(guard, write), analysis.types)
    ?? (isFlag(write, guard)
      ? addedAgainIn(fn, guard.condition.getStart(), goesOnUntil(guard, write), analysis.types)
      : undefined)
    ?? switchedOnBy(write, guard, fn, analysis)
  // A folder of samples or tools, by its name, may hold a part of the product; a mark that comes too late is wrong in any.
  const isInUse = analysis.role === 'product' || (analysis.role === 'build' && isLate && location.ownership === 'this')
  if (!isInUse || (effect === undefined && !isLate)) return { level: 'possible', effect }
  if (
    location.ownership === 'parameter'
    || isForgiven(write, guard, fn, analysis, { effect, isLeak: leak !== undefined })
  )
    return { level: 'possible', effect }
  const isForAll = region?.kind === 'fan-out' && location.computedKeys.length === 0 && !write.mutation
  if (
    isForAll
    && !isAlsoWritten(write, fn, analysis)
    && !mayLetButOneIn(write.node, fn, region, analysis.types, guard.condition)
  )
    return { level: 'certain', effect }
  const isAlone =
    location.ownership === 'captured' && region === undefined && !isHandedOn(fn, analysis.references, analysis.types)
  const isHarmless = leak === undefined && !isLate && !isFlag(write, guard) && isOnlyValue(effect, write, analysis)
  const isApart = isAlone || (region === undefined && !isHarmless && comesOnce(fn, write, isLate, analysis))
  return { level: isHarmless || isApart ? 'possible' : 'likely', effect }
}

/** Up to where code runs after a write, and only past the check: not behind a block with the write that leaves. */
function goesOnUntil(guard: Guard, { node }: Write): number {
  const until = guardedUntil(guard, node)
  const left = ts.findAncestor(node, (at) => {
    if (isFunctionNode(at) || at.end >= until) return 'quit'
    const last = ts.isBlock(at) ? at.statements.at(-1) : undefined
    return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
  })
  return left?.end ?? until
}

/** `this.site ??= await createSite()`: a second value as good as the first, of which one is dropped; nobody is harmed. */
function isOnlyValue(effect: ts.Node | undefined, write: Write, { types }: FileAnalysis): boolean {
  return (
    effect !== undefined && ts.isCallExpression(effect) && effect.end <= endOf(write) && !leavesStanding(effect, types)
  )
}

/**
 * Whether the program shows, or lets expect, that a run of a function is over when the next one begins: by all its calls, as
 * part of a command line, or as what sets up its owner, who calls it but once. The whole program is the last thing to ask.
 */
function comesOnce(fn: FunctionNode, write: Write, isLate: boolean, { types }: FileAnalysis): boolean {
  return (
    (!isLate && (isSetUp(fn, write, types) || isCommandLine(types.files)))
    || runsInSequence(fn, write.location.ownership === 'this', types)
  )
}

/** `async initialize() { …; this.initialized = true }`, with a flag for nobody else: no more than one call is to be seen. */
function isSetUp(fn: FunctionNode, { node, mutation }: Write, types: TypeQuestions): boolean {
  if (mutation || !SET_UP.test(fn.name?.getText() ?? '')) return false
  if (!isAssignment(node.parent) || node.parent.right.kind !== ts.SyntaxKind.TrueKeyword) return false
  return (callsInProgram(fn, types)?.calls.length ?? 0) < 2
}

const SET_UP = /^[_#]*(?:init|initiali[sz]e|set[uU]p|boot|bootstrap|configure)(?:Async)?$/u

/** `await this.now()` of a function that gives no promise: nothing comes in between that was not waiting already. */
function waitsForNothing(guard: Guard, end: number, fn: FunctionNode, analysis: FileAnalysis): boolean {
  return analysis
    .flow(fn)
    .suspensions.filter((at) => at.end > guard.condition.end && at.pos < end)
    .every((at) => ts.isAwaitExpression(at) && analysis.types.thenable(at.expression) === 'never')
}

/** `if (seen.has(node)) return; await …; seen.set(node, …); await walk(children)` for all at once: whoever passes walks all below it too. */
function walkAfter(write: Write, fn: FunctionNode): ts.CallExpression | undefined {
  const around = new Set<string>()
  for (let at = enclosingFunction(fn); at; at = enclosingFunction(at)) if (at.name) around.add(at.name.getText())
  let walk: ts.CallExpression | undefined
  forEachOwnNode(fn, (node) => {
    if (
      !walk
      && ts.isCallExpression(node)
      && node.pos >= endOf(write)
      && around.has(calleeName(node) ?? '')
      && isOfSame(node)
    )
      walk = node
  })
  return walk

  /** `walk(…)` and `this.walk(…)`, as against a method of some other object by this name. */
  function isOfSame({ expression }: ts.CallExpression): boolean {
    return (
      ts.isIdentifier(expression)
      || (ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword)
    )
  }
}

/** So many calls deep is looked for what a function writes by way of others. */
const MAX_DEPTH = 3

/** Whether the function, or one that is called in it, writes the place elsewhere too: it may empty it again, or have filled it before. */
function isAlsoWritten(write: Write, fn: FunctionNode, { types }: FileAnalysis): boolean {
  const seen = new Set<FunctionNode>()
  const isWrittenIn = (owner: FunctionNode | undefined, depth: number): boolean => {
    if (owner?.body === undefined || seen.has(owner) || depth > MAX_DEPTH) return false
    seen.add(owner)
    return someNode(owner.body, (at) => {
      if (ts.isCallExpression(at)) return isWrittenIn(types.functionOf(at.expression), depth + 1)
      return isAssignment(at) && at.left !== write.node && locationOf(at.left, owner, types)?.key === write.location.key
    })
  }
  return isWrittenIn(fn, 0)
}

/** Commands of a database or cache client have the same names, and are no state of this process. */
function isCollectionCall(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  return isMethodCall(call) && analysis.types.isBuiltinCollection(call.expression.expression)
}

/** Whether a variable is declared outside the function whose activations overlap: each of them sees the same one. */
function isOutside(symbol: ts.Symbol, callback: FunctionNode): boolean {
  const declaration = symbol.valueDeclaration
  return declaration === undefined || !isWithin(declaration, callback)
}

/** `this.server.dispose(); this.server = createServer()`, with no wait between: whatever is there by then is let go. */
function isLetGoBefore({ node, mutation }: Write, analysis: FileAnalysis): boolean {
  const fn = enclosingFunction(node)
  if (fn === undefined || mutation) return false
  const { calls, suspensions } = analysis.flow(fn)
  return calls.some(
    ({ node: call }) =>
      call.end <= node.pos
      && isMethodCall(call, ...RELEASE_METHODS)
      && call.expression.expression.getText() === node.getText()
      && !suspensions.some((at) => at.pos >= call.end && at.end <= node.parent.end),
  )
}

/** The value written, where it holds something that must be released: the one it replaces never is. */
function leakIn(write: Write, analysis: FileAnalysis): ts.Node | undefined {
  const value = valueOf(write)
  const place = write.location.text.split('.').at(-1) ?? ''
  if (value === undefined || isLetGoBefore(write, analysis)) return undefined
  if (isResource(value, place, analysis.types) || holdsTimer(value, analysis.types)) return value
  if (write.mutation) return undefined
  const { references, types } = analysis
  const isClosed = isMadeHere(value, types) && isReleasedInFile(write.node, references, types)
  const isTaken = ts.isAwaitExpression(unwrap(value)) && isGivenBackInFile(write.node, references, types)
  return isClosed || isTaken || (isMadeHere(value, types) && isLetGoWithOwner(write.node)) ? value : undefined
}

/** `this.opening = new Promise(…)`: a promise is kept for others to find, and too late. */
function sharedPromiseIn(write: Write): ts.Node | undefined {
  const value = valueOf(write)
  const made = value && unwrap(value)
  return made && ts.isNewExpression(made) && made.expression.getText() === 'Promise' ? made : undefined
}

function messageFor(write: Write, guard: Guard, effect: ts.Node | undefined, isShared: boolean): string {
  const place = guard.read.location.text.replace(/\s+/gu, ' ')
  const name = !isShared && effect && ts.isCallExpression(effect) ? calleeName(effect) : undefined
  const outcome =
    name !== undefined
      ? `each of them runs \`${name}\``
      : effect
        ? isShared
          ? `each of them starts its own, though it is kept for all`
          : `each of them makes one (\`${excerpt(effect)}\`) and all but the last are lost`
        : 'each of them does the work, and the last one wins'
  return `\`${place}\` is checked before an \`await\` and ${write.mutation ? 'changed' : 'set'} only after it: calls that come in between pass the same check, and ${outcome}.`
}
