import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { rootIdentifier } from '../code/imports.ts'
import { type CancelProtocol, SIGNALS } from '../knowledge/cancelProtocols.ts'
import { SIGNAL_NAMES } from '../knowledge/names.ts'
import { mayNameSignal } from './signalShapes.ts'
import { isFunctionNode, someNode, unwrap } from '../code/syntax.ts'

/** Whether an expression may bring a signal along: by its type, by a name, or by an object that holds one. */
export function carriesSignal(
  expression: ts.Expression,
  analysis: FileAnalysis,
  protocol: CancelProtocol = SIGNALS,
): boolean {
  if (
    someNode(
      expression,
      (node) => (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && SIGNAL_NAMES.test(node.text),
    )
  )
    return true
  // What a callback closes over it names; only what is handed over itself is worth asking types for.
  const byType = (node: ts.Node): boolean => {
    if (isFunctionNode(node)) return false
    if (!ts.isIdentifier(node)) return forEachChild(node, byType) ?? false
    const { parent } = node
    if (ts.isPropertyAssignment(parent) && parent.name === node) return false
    if (ts.isPropertyAccessExpression(parent))
      return parent.name === node && analysis.types.signals.isSignal(node, protocol)
    if (!mayNameSignal(node, analysis.types, protocol)) return false
    return (
      analysis.types.signals.isSignal(node, protocol) || analysis.types.signals.propertyOf(node, protocol) !== undefined
    )
  }
  return byType(expression)
}

/** Whether what a call is made on was given a signal when it was made, or holds one: `request` in `request.send()`. */
export function receiverCarriesSignal(
  call: ts.CallExpression,
  analysis: FileAnalysis,
  protocol: CancelProtocol = SIGNALS,
): boolean {
  const callee = unwrap(call.expression)
  if (!ts.isPropertyAccessExpression(callee)) return false
  const receiver = unwrap(callee.expression)
  if (
    carriesSignal(receiver, analysis, protocol)
    || analysis.types.signals.propertyOf(receiver, protocol) !== undefined
  )
    return true
  const root = rootIdentifier(receiver)
  const declaration = root && analysis.types.localSymbol(root)?.declarations?.[0]
  return (
    declaration !== undefined
    && ts.isVariableDeclaration(declaration)
    && declaration.initializer !== undefined
    && !isFunctionNode(declaration.initializer)
    && carriesSignal(declaration.initializer, analysis, protocol)
  )
}
