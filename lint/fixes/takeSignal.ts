import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { carriesSignal } from '../analysis/cancellation/signalCarriers.ts'
import { preferredSlot, slotsOf } from '../analysis/cancellation/signalSlots.ts'
import { type FunctionNode, wrapperOf } from '../analysis/code/syntax.ts'
import type { Fix, TextEdit } from '../model.ts'
import { appendToList } from './lists.ts'
import { freeName } from './names.ts'
import { isChecked } from './scripts.ts'
import { passSignal } from './signalArgument.ts'

/**
 * Gives a function a last parameter for a signal, and the signal to the calls below `within` that take one. None where no call
 * takes one, or where nothing may stand behind the last parameter.
 */
export function takeSignal(fn: FunctionNode, within: ts.Node, analysis: FileAnalysis): Fix | undefined {
  const last = fn.parameters.at(-1)
  const isTyped = /\.[cm]?tsx?$/u.test(analysis.sourceFile.fileName)
  if (last?.dotDotDotToken || !hasParentheses(fn) || isTypedElsewhere(fn)) return undefined
  // Of which type it is, a script says in the comment above the function.
  if (!isTyped && isChecked(analysis)) return undefined
  const name = freeName('signal', analysis.references, fn)
  const passes = forwards(within, name, analysis)
  if (passes.length === 0) return undefined
  return {
    title: `Take a signal, and pass it on to ${passes.length === 1 ? 'the call' : 'the calls'}`,
    edits: () => {
      const text = isTyped ? `${name}?: AbortSignal` : name
      const at = openingEnd(fn)
      return [last ? appendToList(last, [text]) : { start: at, end: at, text }, ...passes]
    },
  }
}

/** Whether an overload or the type of a variable says what the function takes. */
function isTypedElsewhere(fn: FunctionNode): boolean {
  const { parent } = wrapperOf(fn)
  if (ts.isVariableDeclaration(parent) && parent.type) return true
  if (wrapperOf(fn) !== fn) return true
  if (!ts.isFunctionDeclaration(fn) || !ts.isSourceFile(fn.parent)) return false
  return fn.parent.statements.some(
    (other) => other !== fn && ts.isFunctionDeclaration(other) && other.name?.text === fn.name?.text,
  )
}

function hasParentheses(fn: FunctionNode): boolean {
  return fn.getChildren().some(({ kind }) => kind === ts.SyntaxKind.OpenParenToken)
}

function openingEnd(fn: FunctionNode): number {
  return fn.getChildren().find(({ kind }) => kind === ts.SyntaxKind.OpenParenToken)?.end ?? fn.parameters.pos
}

function forwards(within: ts.Node, name: string, analysis: FileAnalysis): TextEdit[] {
  const edits: TextEdit[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const edit = forward(node, name, analysis)
      if (edit) edits.push(edit)
    }
    forEachChild(node, visit)
  }
  visit(within)
  return edits
}

function forward(call: ts.CallExpression, name: string, analysis: FileAnalysis): TextEdit | undefined {
  const { types } = analysis
  const place = preferredSlot(call, slotsOf(call, types))
  if (!place || call.arguments.some((argument) => ts.isSpreadElement(argument) || carriesSignal(argument, analysis)))
    return undefined
  const { typed } = place
  if (typed && typed.optionalFrom > call.arguments.length) return undefined
  const isMaybe = typed !== undefined && !types.fits(typed.type, true, typed.type)
  return isMaybe && place.slot.kind === 'parameter' ? undefined : passSignal(call, place.slot, name, isMaybe)
}
