import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { preferredSlot, slotsOf } from '../analysis/cancellation/signalSlots.ts'
import {
  dottedName,
  enclosingFunction,
  enclosingStatement,
  isFunctionNode,
  isLoop,
  isWithin,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import type { Wait } from '../analysis/cancellation/timers.ts'
import type { Fix, TextEdit } from '../model.ts'
import { losesComment } from './comments.ts'
import { leansOnPlace, promisedType } from './context.ts'
import { insertBefore } from './insertBefore.ts'
import { isChecked } from './scripts.ts'
import { freeName, holdScope, scopeOf } from './names.ts'
import { passSignal } from './signalArgument.ts'
import { braces, indentOf, styleOf } from './style.ts'

/** Ways to end the timer of a race with the race, the smallest change first. */
export function raceTimerFixes(race: ts.CallExpression, wait: Wait, analysis: FileAnalysis): Fix[] {
  const fixes: Fix[] = []
  const holder = firstStatement(race, wait)
  if (holder && !leansOnPlace(race)) {
    const clear =
      wait.kind === 'timer' ? clearEdits(race, wait, holder, analysis) : abortEdits(race, wait, holder, analysis)
    if (clear)
      fixes.push({
        title: wait.kind === 'timer' ? 'Clear the timer when the race is over' : 'Abort the wait when the race is over',
        edits: () => clear,
      })
  }
  const instead = timeoutInstead(race, wait, analysis)
  if (instead) fixes.push(instead)
  return fixes
}

/** The same for a promise with a time limit written into it. */
export function limitTimerFixes(made: ts.NewExpression, timer: ts.CallExpression, analysis: FileAnalysis): Fix[] {
  const wait: Wait = {
    call: timer,
    kind: 'timer',
    delay: timer.arguments[1],
    milliseconds: undefined,
    variable: undefined,
  }
  const holder = firstStatement(made, wait)
  const clear = holder && clearEdits(made, wait, holder, analysis)
  const type = promisedType(made, analysis)
  if (!clear || type === undefined) return []
  const typed = { start: made.expression.end, end: made.expression.end, text: type }
  return [{ title: 'Clear the timer when the promise has settled', edits: () => [...clear, typed] }]
}

/** The statement before which a variable can be declared that both the timer and the end of the race can see. */
function firstStatement(race: ts.Expression, wait: Wait): ts.Statement | undefined {
  const first = enclosingStatement(wait.variable ?? race)
  const last = enclosingStatement(race)
  if (!first || !last || !isInList(first) || isInField(race, last)) return undefined
  if (enclosingFunction(first) !== enclosingFunction(race) || !isWithin(last, first.parent)) return undefined
  // The first race to end would take the time limit of all later ones away.
  return ts.findAncestor(last, (at) => at === first.parent || isLoop(at)) === first.parent ? first : undefined
}

/** Whether each instance of a class makes one, in a field: a variable beside the class would be there for all of them. */
function isInField(race: ts.Expression, statement: ts.Statement): boolean {
  return ts.findAncestor(race, (at) => at === statement || ts.isClassElement(at)) !== statement
}

function isInList(statement: ts.Statement): boolean {
  const { parent } = statement
  return ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isModuleBlock(parent)
}

function clearEdits(
  race: ts.Expression,
  wait: Wait,
  holder: ts.Statement,
  analysis: FileAnalysis,
): TextEdit[] | undefined {
  const { sourceFile } = analysis
  const { call } = wait
  const parent = wrapperOf(call) === call ? call.parent : undefined
  const setter = dottedName(call.expression)
  if (setter === undefined || !/(?:^|\.)setTimeout$/u.test(setter)) return undefined
  const name = freeName('timer', analysis.references, scopeOf(holder))
  const start = call.getStart(sourceFile)
  const isBody = parent !== undefined && ts.isArrowFunction(parent)
  if (!isBody && !(parent && ts.isExpressionStatement(parent))) return undefined
  const keep = isBody ? intoBlock(parent, call, `${name} = `, analysis) : [{ start, end: start, text: `${name} = ` }]
  return [
    insertBefore(holder, handle(name, typeOfHandle(call, setter, analysis), analysis)),
    ...keep,
    finallyEdit(race, `${setter.replace(/setTimeout$/u, 'clearTimeout')}(${name})`),
    holdScope(holder),
  ]
}

/** Gives an arrow function a block for a body, with the call as its statement; a body on a line of its own keeps that line. */
function intoBlock(
  arrow: ts.ArrowFunction,
  call: ts.CallExpression,
  before: string,
  { sourceFile }: FileAnalysis,
): TextEdit[] {
  const { semicolon, newLine } = styleOf(sourceFile)
  const start = call.getStart(sourceFile)
  const head = arrow.equalsGreaterThanToken.end
  if (!/^[\t ]*\r?\n\s*$/u.test(sourceFile.text.slice(head, start))) {
    const { open, close } = braces(sourceFile, start)
    return [
      { start, end: start, text: `${open}${before}` },
      { start: call.end, end: call.end, text: close },
    ]
  }
  // With the block, the function needs no lines around it any more.
  const rest = /^,?\s*(?=\))/u.exec(sourceFile.text.slice(call.end))?.[0].length ?? 0
  return [
    { start: head, end: head, text: ' {' },
    { start, end: start, text: before },
    { start: call.end, end: call.end + rest, text: `${semicolon}${newLine}${indentOf(arrow)}}` },
  ]
}

/** `window.setTimeout` gives a number, also where its type lists Node's beside the browser's. */
function typeOfHandle(call: ts.CallExpression, setter: string, { types }: FileAnalysis): string {
  const type = types.typeOf(call)
  return setter.includes('.') && type && type.flags & ts.TypeFlags.NumberLike
    ? 'number'
    : `ReturnType<typeof ${setter}>`
}

/** The variable for a timer: with a type where the language has one, or where a script is checked. */
function handle(name: string, handleType: string, analysis: FileAnalysis): string {
  const type = `${handleType} | undefined`
  if (/\.[cm]?tsx?$/u.test(analysis.sourceFile.fileName)) return `let ${name}: ${type}`
  return isChecked(analysis) ? `/** @type {${type}} */ let ${name}` : `let ${name}`
}

function abortEdits(
  race: ts.CallExpression,
  wait: Wait,
  holder: ts.Statement,
  analysis: FileAnalysis,
): TextEdit[] | undefined {
  const best = preferredSlot(wait.call, slotsOf(wait.call, analysis.types))
  if (!best || (best.typed && best.typed.optionalFrom > wait.call.arguments.length)) return undefined
  const name = freeName('timer', analysis.references, scopeOf(holder))
  const pass = passSignal(wait.call, best.slot, `${name}.signal`)
  if (!pass) return undefined
  return [
    insertBefore(holder, `const ${name} = new AbortController()`),
    pass,
    finallyEdit(race, `${name}.abort()`),
    holdScope(holder),
  ]
}

function finallyEdit(race: ts.Expression, statement: string): TextEdit {
  const { open, close } = braces(race.getSourceFile(), race.end, '.finally(() => {  })'.length + statement.length)
  return { start: race.end, end: race.end, text: `.finally(() => ${open}${statement}${close})` }
}

/** `AbortSignal.timeout(ms)` in place of a race between one call that takes a signal and a timer that rejects. */
function timeoutInstead(race: ts.CallExpression, wait: Wait, analysis: FileAnalysis): Fix | undefined {
  const list = race.arguments[0] && unwrap(race.arguments[0])
  if (
    !list
    || !ts.isArrayLiteralExpression(list)
    || list.elements.length !== 2
    || wait.variable
    || wait.delay === undefined
  )
    return undefined
  const { delay } = wait
  const winner = list.elements.find((element) => !isWithin(wait.call, element))
  const call = winner && unwrap(winner)
  if (!call || !ts.isCallExpression(call) || !rejects(wait)) return undefined
  const best = preferredSlot(call, slotsOf(call, analysis.types))
  if (!best || (best.typed && best.typed.optionalFrom > call.arguments.length)) return undefined
  if (losesComment(race, [call])) return undefined
  if (/signal/iu.test(call.arguments.map((argument) => argument.getText()).join())) return undefined
  return {
    title: `Pass \`AbortSignal.timeout\` to \`${call.expression.getText()}\` in place of the race, which stops both`,
    edits: () => {
      const pass = passSignal(call, best.slot, `AbortSignal.timeout(${delay.getText()})`)
      if (!pass) return []
      const start = call.getStart()
      const text = call.getText()
      const at = [pass.start - start, pass.end - start] as const
      return [{ start: race.getStart(), end: race.end, text: text.slice(0, at[0]) + pass.text + text.slice(at[1]) }]
    },
  }
}

/** Whether the executor around a timer names its second parameter and no more of the first than it must. */
function rejects(wait: Wait): boolean {
  const executor = enclosingFunction(wait.call)
  if (wait.kind !== 'timer' || !executor || !isFunctionNode(executor)) return false
  const reject = executor.parameters[1]?.name.getText()
  return reject !== undefined && new RegExp(`\\b${reject.replace(/\$/gu, '\\$')}\\b`, 'u').test(wait.call.getText())
}
