import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { type IoKind, SLEEP_NAMES, WRITE_NAMES } from '../knowledge/names.ts'
import { carriesSignal, receiverCarriesSignal } from './signalCarriers.ts'
import { signalsInReach } from './signals.ts'
import { preferredSlot, slotsOf } from './signalSlots.ts'
import { calleeName, enclosingFunction, isMethodCall, someNode, unwrap } from '../code/syntax.ts'

/** Kinds of I/O that cost somebody something as long as they go on. */
const LASTING: ReadonlySet<IoKind> = new Set<IoKind>(['network', 'model', 'process'])

/**
 * The calls of a race that talk to the outside and run on when a timer, or another such call, has won: they would take a
 * signal and got none. Left out are writes, which should finish, and calls that a caller's signal could stop: there it is that
 * one that is missing.
 */
export function runningLosers(
  contestants: readonly ts.Expression[],
  analysis: FileAnalysis,
): readonly ts.CallExpression[] {
  const calls = contestants.map((element) => startOf(element, analysis))
  const isOpen = contestants.some((element, index) => calls[index] === undefined && isTimer(element, analysis))
  if (!isOpen && calls.filter((call) => call !== undefined).length < 2) return []
  const losers = calls.filter((call) => call !== undefined && isStoppable(call, analysis)) as ts.CallExpression[]
  return isOpen || losers.length > 1 ? losers : []
}

/** The call that a contestant begins with: `fetch(url)` in `fetch(url).then(read)`, also through a constant nobody else reads. */
function startOf(element: ts.Expression, analysis: FileAnalysis): ts.CallExpression | undefined {
  let at = unwrap(element)
  while (isMethodCall(at, 'then', 'catch', 'finally')) at = unwrap(at.expression.expression)
  if (ts.isIdentifier(at)) {
    const declaration = analysis.types.localSymbol(at)?.declarations?.[0]
    if (
      !declaration
      || !ts.isVariableDeclaration(declaration)
      || !ts.isIdentifier(declaration.name)
      || !declaration.initializer
    )
      return undefined
    const isHere =
      enclosingFunction(declaration) === enclosingFunction(at) && analysis.references.of(declaration.name).length === 1
    return isHere && !ts.isIdentifier(unwrap(declaration.initializer))
      ? startOf(declaration.initializer, analysis)
      : undefined
  }
  return ts.isCallExpression(at) && !isTimer(at, analysis) ? at : undefined
}

/** A contestant that ends with time: it starts a timer, or is called so. */
function isTimer(element: ts.Expression, { types }: FileAnalysis): boolean {
  const value = unwrap(element)
  const declaration = ts.isIdentifier(value) ? types.localSymbol(value)?.declarations?.[0] : undefined
  const made =
    declaration && ts.isVariableDeclaration(declaration) && declaration.initializer ? declaration.initializer : value
  return someNode(
    made,
    (node) =>
      ts.isCallExpression(node) && (calleeName(node) === 'setTimeout' || SLEEP_NAMES.test(calleeName(node) ?? '')),
  )
}

function isStoppable(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  const { summaries, types } = analysis
  if (WRITE_NAMES.test(calleeName(call) ?? '') || /\bmethod:\s*['"`](?!GET|HEAD)/iu.test(call.getText())) return false
  const place = preferredSlot(call, slotsOf(call, types))
  if (!place || (place.typed && place.typed.optionalFrom > call.arguments.length)) return false
  const given = call.arguments[place.slot.index]
  const isOpaque =
    given !== undefined && (!ts.isObjectLiteralExpression(unwrap(given)) || /\.\.\./u.test(given.getText()))
  if (isOpaque || call.arguments.some((argument) => ts.isSpreadElement(argument) || carriesSignal(argument, analysis)))
    return false
  if (receiverCarriesSignal(call, analysis) || signalsInReach(call, analysis).length > 0) return false
  return [...summaries.ioOf(call).keys()].some((kind) => LASTING.has(kind))
}
