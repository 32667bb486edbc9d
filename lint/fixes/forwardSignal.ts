import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { CallSlot } from '../analysis/cancellation/signalSlots.ts'
import type { ReachableSignal } from '../analysis/cancellation/signals.ts'
import { SIGNALS } from '../analysis/knowledge/cancelProtocols.ts'
import { calleeName, unwrap } from '../analysis/code/syntax.ts'
import type { Fix } from '../model.ts'
import { passSignal } from './signalArgument.ts'

/** Ways to hand a call the signals in its reach, the best first; none where the types would not allow it. */
export function forwardFixes(
  call: ts.CallExpression,
  place: CallSlot,
  signals: readonly ReachableSignal[],
  analysis: FileAnalysis,
): Fix[] {
  if (place.typed && place.typed.optionalFrom > call.arguments.length) return []
  const [first, second] = signals
  if (!first) return []
  const callee = calleeName(call) ?? 'the call'
  const fixes: Fix[] = []
  // Nothing of the platform makes one token of two.
  const both =
    second && first.protocol === SIGNALS && [first, second].every((signal) => isSurelyThere(signal, analysis))
  if (both) {
    const text = `AbortSignal.any([${first.text}, ${second.text}])`
    fixes.push(
      ...fixWith(`Pass \`${first.text}\` and \`${second.text}\` on to \`${callee}\``, call, place, text, false),
    )
  }
  const type = first.type()
  const isMaybe =
    place.typed !== undefined && type !== undefined && !analysis.types.fits(type, first.optional, place.typed.type)
  if (isMaybe && place.slot.kind === 'parameter') return fixes
  fixes.push(...fixWith(`Pass \`${first.text}\` on to \`${callee}\``, call, place, first.text, isMaybe))
  return fixes
}

function isSurelyThere(signal: ReachableSignal, { types }: FileAnalysis): boolean {
  const type = signal.optional ? undefined : signal.type()
  return type !== undefined && !types.mayBeMissing(type)
}

function fixWith(title: string, call: ts.CallExpression, place: CallSlot, signal: string, isMaybe: boolean): Fix[] {
  const edit = passSignal(call, place.slot, signal, isMaybe)
  return edit ? [{ title, edits: () => [edit] }] : []
}

/** Moves a signal that stands in the wrong argument to the right one. */
export function moveFix(call: ts.CallExpression, place: CallSlot, misplaced: ts.Expression): Fix | undefined {
  const { slot } = place
  const index = call.arguments.indexOf(misplaced)
  const title = `Move the signal to where \`${calleeName(call) ?? 'the call'}\` reads it`
  if (index !== call.arguments.length - 1 || slot.kind !== 'option') return undefined
  const isBare = !ts.isObjectLiteralExpression(unwrap(misplaced))
  const fillers = Array<string>(Math.max(0, slot.index - index))
    .fill('undefined, ')
    .join('')
  if (slot.index < index || (isBare && ts.isSpreadElement(misplaced))) return undefined
  const text = misplaced.getText()
  const options = !isBare ? text : text === slot.property ? `{ ${text} }` : `{ ${slot.property}: ${text} }`
  return { title, edits: () => [{ start: misplaced.getStart(), end: misplaced.end, text: fillers + options }] }
}
