import ts from 'typescript'
import { importOrigin } from '../code/imports.ts'
import { packageOfInstance } from '../code/ioKind.ts'
import { type CancelProtocol, SIGNALS } from '../knowledge/cancelProtocols.ts'
import { GLOBAL_SIGNAL_SLOTS } from '../knowledge/names.ts'
import type { KnownSlot } from '../knowledge/packages/model.ts'
import { mayTakeSignal } from './signalShapes.ts'
import { calleeName, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'
import type { SignalSlot, TypedSlot } from '../code/typeShapes.ts'

/** A place for a signal in a call's argument list. */
export interface CallSlot {
  readonly slot: SignalSlot
  /** What the declaration says; undefined where the function is known by its name alone. */
  readonly typed: TypedSlot | undefined
}

/** Every place where a call may take a signal, by its declaration or, where that is not at hand, by what is known of it. */
export function slotsOf(
  call: ts.CallExpression,
  types: TypeQuestions,
  protocol: CancelProtocol = SIGNALS,
): readonly CallSlot[] {
  if (!mayTakeSignal(call, types, protocol)) return []
  const typed = types.signals.slotsOf(call, protocol)
  if (typed.length > 0) return typed.map((one) => ({ slot: one.slot, typed: one }))
  if (protocol !== SIGNALS || !types.isUntyped(call.expression)) return []
  const known = knownSlot(call.expression, types) ?? methodSlot(call.expression, types)
  return known ? [{ slot: known, typed: undefined }] : []
}

/** Whether a function is one whose slot the table knows, so that a signal elsewhere among its arguments is a mistake. */
export function isKnownCallee(callee: ts.Expression, types: TypeQuestions): boolean {
  const name = unwrap(callee)
  return (
    knownSlot(callee, types) !== undefined
    || (ts.isIdentifier(name) && Object.hasOwn(GLOBAL_SIGNAL_SLOTS, name.text) && types.isFromLib(name))
  )
}

function knownSlot(expression: ts.Expression, types: TypeQuestions): SignalSlot | undefined {
  const callee = unwrap(expression)
  const origin = importOrigin(callee, types)
  if (origin) {
    const known = types.knowledge.of(origin.specifier)?.signals
    const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : origin.exported
    return optionSlot(known, method)
  }
  if (!ts.isIdentifier(callee)) return undefined
  const declarations = types.localSymbol(callee)?.declarations ?? []
  if (declarations.length === 0) return optionSlot(GLOBAL_SIGNAL_SLOTS, callee.text)
  for (const declaration of declarations) {
    const promisified =
      ts.isVariableDeclaration(declaration) && declaration.initializer && unwrap(declaration.initializer)
    if (!promisified || !ts.isCallExpression(promisified) || calleeName(promisified) !== 'promisify') continue
    const [original] = promisified.arguments
    if (original) return knownSlot(original, types)
  }
  return undefined
}

/** Of a client that a known package made: `openai.chat.completions.create` of `const openai = new OpenAI()`. */
function methodSlot(expression: ts.Expression, types: TypeQuestions): SignalSlot | undefined {
  const callee = unwrap(expression)
  if (!ts.isPropertyAccessExpression(callee) || importOrigin(callee, types)) return undefined
  return optionSlot(packageOfInstance(callee.expression, types)?.signals, callee.name.text)
}

function optionSlot(known: Readonly<Record<string, KnownSlot>> | undefined, name: string): SignalSlot | undefined {
  const slot = known && Object.hasOwn(known, name) ? known[name] : undefined
  if (slot === undefined) return undefined
  const { index, property } = slot
  return property === undefined ? { kind: 'parameter', index } : { kind: 'option', index, property }
}

/** The slot that a call most likely means: the one whose argument is an object literal already, else the first that is free. */
export function preferredSlot(call: ts.CallExpression, slots: readonly CallSlot[]): CallSlot | undefined {
  const literal = slots.find(({ slot }) => {
    const given = call.arguments[slot.index]
    return slot.kind === 'option' && given !== undefined && ts.isObjectLiteralExpression(unwrap(given))
  })
  const free = slots
    .filter(({ slot }) => slot.index >= call.arguments.length)
    .sort((a, b) => a.slot.index - b.slot.index)
  return literal ?? free[0] ?? slots[0]
}
