import ts from 'typescript'
import { unwrap } from '../analysis/code/syntax.ts'
import type { SignalSlot } from '../analysis/code/typeShapes.ts'
import type { TextEdit } from '../model.ts'
import { appendToList } from './lists.ts'

/**
 * The edit that hands a signal to a call: as an argument, as the options object, or as one more property of it.
 * Parameters between the last argument and the slot get `undefined`. There is no edit where something else stands
 * in the slot.
 *
 * @param signal The text of the expression that is the signal.
 * @param isMaybe Whether the options must leave the signal out where it is `undefined`.
 */
export function passSignal(
  call: ts.CallExpression,
  slot: SignalSlot,
  signal: string,
  isMaybe = false,
): TextEdit | undefined {
  const given = call.arguments[slot.index]
  if (given === undefined) {
    const value = slot.kind === 'parameter' ? signal : `{ ${propertyText(slot.property, signal, isMaybe)} }`
    return append(call, [...Array<string>(slot.index - call.arguments.length).fill('undefined'), value])
  }
  if (slot.kind === 'parameter') return undefined
  const options = unwrap(given)
  const property = propertyText(slot.property, signal, isMaybe)
  if (ts.isObjectLiteralExpression(options)) return addProperty(options, property)
  const isEncoding = ts.isStringLiteral(options) && /^(?:readFile|writeFile|appendFile)$/u.test(calledName(call))
  return isEncoding
    ? { start: given.getStart(), end: given.end, text: `{ encoding: ${given.getText()}, ${property} }` }
    : undefined
}

function propertyText(property: string, signal: string, isMaybe: boolean): string {
  const text = property === signal ? property : `${property}: ${signal}`
  return isMaybe ? `...(${signal} && { ${text} })` : text
}

function append(call: ts.CallExpression, values: readonly string[]): TextEdit {
  const last = call.arguments.at(-1)
  if (last) return appendToList(last, values)
  const close = call.end - 1
  return { start: close, end: close, text: values.join(', ') }
}

function addProperty(options: ts.ObjectLiteralExpression, property: string): TextEdit {
  const last = options.properties.at(-1)
  if (last) return appendToList(last, [property])
  const start = options.getStart() + 1
  const isBlank = options.getText().slice(1, -1).trim() === ''
  return { start, end: isBlank ? options.end - 1 : start, text: ` ${property}${isBlank ? ' ' : ''}` }
}

function calledName(call: ts.CallExpression): string {
  const text = call.expression.getText()
  return text.slice(text.lastIndexOf('.') + 1)
}
