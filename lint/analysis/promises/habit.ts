import ts from 'typescript'
import { runsUnattended } from '../code/attendance.ts'
import { droppedCalls } from './droppedWork.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { callsInProgram, usesInProgram } from '../code/programCallers.ts'
import { handlesRejection } from '../flow/promiseFate.ts'
import { handlerForAlone } from './reliance.ts'
import {
  enclosingFunction,
  type FunctionNode,
  isAsync,
  isLastAct,
  isWithin,
  someNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** What becomes of the promises that one function gives, over the whole program, tests left out. */
interface Habit {
  /** Functions that drop what it gives. Dropped twice in one of them it is one mistake, or one decision. */
  readonly droppedIn: number
  /** Calls that are awaited, returned, kept or handed on. */
  readonly used: number
  /** Places that hand the function on, or may mean another of the same name. */
  readonly unclear: number
}

/**
 * What the authors do with what a function of this name gives, here and elsewhere. Where it is dropped wherever it is
 * called, this is how it is used; where it is awaited everywhere else, the one drop is a slip. Undefined where the program
 * speaks of the name too often.
 */
function habitOf(name: ts.MemberName, types: TypeQuestions): Habit | undefined {
  const symbol = types.symbol(name)
  const uses = symbol && usesInProgram(name.text, name.getSourceFile(), types)
  if (!uses) return undefined
  const droppers = new Set<FunctionNode | ts.SourceFile>()
  let used = 0
  let unclear = 0
  for (const use of uses) {
    const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const other = wrapperOf(callee).parent
    const found = types.symbol(use)
    const isSame = found !== undefined && isSameMember(found, symbol)
    if (!isSame || !ts.isCallExpression(other) || unwrap(other.expression) !== callee) {
      if (isSame || found === undefined) unclear++
      continue
    }
    const fate = fateOfCall(other)
    if (fate === 'used') used++
    // Whoever writes a `try` for a call alone means to see it fail: that drop is a slip.
    if (fate === 'dropped' && !handlerForAlone(other)) droppers.add(enclosingFunction(other) ?? other.getSourceFile())
  }
  return { droppedIn: droppers.size, used, unclear }
}

/** A member of a generic class has a symbol for each type that the class is used with. */
function isSameMember(one: ts.Symbol, two: ts.Symbol): boolean {
  return one === two || (one.valueDeclaration !== undefined && one.valueDeclaration === two.valueDeclaration)
}

/**
 * Whether dropping this call is how it is done here: the function is dropped in several places and hardly ever waited for, it
 * starts itself anew, or the file drops nearly every promise that it gets.
 */
export function isDroppedByHabit(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  if (startsItselfAnew(call, analysis.types) || waitsForHardlyAnything(analysis)) return true
  const name = nameOf(call)
  const habit = name && habitOf(name, analysis.types)
  return habit !== undefined && habit.droppedIn > 1 && habit.droppedIn > 2 * habit.used
}

/**
 * Whether dropping this call is a slip: the program waits for the same function wherever else it calls it, and often enough
 * to call that its rule. That a rule of the code holds everywhere but once is evidence without any specification (Engler and
 * others, "Bugs as deviant behavior", 2001).
 */
export function isSlip(call: ts.CallExpression, { types }: FileAnalysis): boolean {
  const name = nameOf(call)
  const habit = name && habitOf(name, types)
  return habit !== undefined && habit.droppedIn <= 1 && habit.unclear === 0 && habit.used >= MANY_WAITS
}

/** Calls that are waited for before they make a rule of the code. */
const MANY_WAITS = 3

/** Whether the whole program drops a call in many places, and hardly ever does anything else with it. */
export function isDroppedEverywhere(call: ts.CallExpression, { types }: FileAnalysis): boolean {
  const name = nameOf(call)
  const habit = name && habitOf(name, types)
  return habit !== undefined && habit.droppedIn >= MANY_DROPPERS && habit.droppedIn > 4 * habit.used
}

/** So many functions that drop the same call agree on it. */
const MANY_DROPPERS = 6

/**
 * Whether nobody can tell when a call or a loop is done: it is the last act of an async function that is dropped itself
 * wherever the program calls it, or of one that the program only has timers call.
 */
export function endsForNobody(act: ts.CallExpression | ts.Statement, { types }: FileAnalysis): boolean {
  const fn = enclosingFunction(act)
  if (!fn || !isLastAct(act, fn)) return false
  if (!isAsync(fn)) {
    const found = callsInProgram(fn, types)
    return found !== undefined && found.isAll && found.calls.length > 0 && found.calls.every(runsUnattended)
  }
  const name = fn.name ?? (ts.isVariableDeclaration(fn.parent) ? fn.parent.name : undefined)
  const habit = name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? habitOf(name, types) : undefined
  return habit !== undefined && habit.droppedIn > 0 && habit.used === 0 && habit.unclear === 0
}

/** `async function serve() { … socket.on('close', () => { serve() }) }`: a function that has a callback start it again. */
function startsItselfAnew(call: ts.CallExpression, types: TypeQuestions): boolean {
  const callee = types.functionOf(call.expression)
  return callee !== undefined && isWithin(call, callee) && enclosingFunction(call) !== callee
}

/** A file that drops fewer promises than these has no style of its own. */
const MANY_DROPS = 4

const styles = new WeakMap<FileAnalysis, boolean>()

function waitsForHardlyAnything(analysis: FileAnalysis): boolean {
  let answer = styles.get(analysis)
  if (answer === undefined) {
    let dropped = 0
    let awaited = 0
    someNode(analysis.sourceFile, (node) => {
      if (ts.isAwaitExpression(node)) awaited++
      else if (ts.isExpressionStatement(node))
        dropped += droppedCalls(node).filter((call) => analysis.types.thenable(call) === 'always').length
      return false
    })
    answer = dropped >= MANY_DROPS && dropped > 4 * awaited
    styles.set(analysis, answer)
  }
  return answer
}

function nameOf(call: ts.CallExpression): ts.MemberName | undefined {
  const callee = unwrap(call.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? name : undefined
}

/** What becomes of what a call gives; under `void` or with a handler of its own, somebody thought of it, and waits for nothing. */
function fateOfCall(call: ts.CallExpression): 'dropped' | 'detached' | 'used' {
  const { parent } = wrapperOf(call)
  if (ts.isVoidExpression(parent)) return 'detached'
  if (ts.isExpressionStatement(parent)) return 'dropped'
  const chained =
    ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent) ? parent.parent : undefined
  if (!chained || chained.expression !== parent) return 'used'
  return ts.isExpressionStatement(wrapperOf(chained).parent) && handlesRejection(chained) ? 'detached' : 'used'
}
