import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import {
  calleeName,
  enclosingFunction,
  type FunctionNode,
  hasModifier,
  isMethodCall,
  wrapperOf,
} from '../code/syntax.ts'

/** By analysis, because a later program may share a function's tree and yet let it run elsewhere. */
const known = new WeakMap<FileAnalysis, Map<FunctionNode, boolean>>()

const REGISTERING =
  /^(?:on|once|off|addListener|addEventListener|prependListener|subscribe|register|setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|useEffect|useCallback|useMemo|defer|after|waitUntil|schedule|use|get|post|put|tool|action)$/u

/** Whether a function runs as a part of the function around it: a callback it waits for, or a helper it calls. */
export function runsWithin(fn: FunctionNode, analysis: FileAnalysis): boolean {
  let answers = known.get(analysis)
  if (!answers) known.set(analysis, (answers = new Map<FunctionNode, boolean>()))
  let answer = answers.get(fn)
  if (answer === undefined)
    answers.set(fn, (answer = enclosingFunction(fn) !== undefined && isPartOfOuter(fn, analysis)))
  return answer
}

function isPartOfOuter(fn: FunctionNode, analysis: FileAnalysis): boolean {
  if (hasModifier(fn, ts.SyntaxKind.ExportKeyword)) return false
  const outer = wrapperOf(fn)
  const { parent } = outer
  if (ts.isCallExpression(parent)) {
    const isCallee = parent.expression === outer
    return isCallee ? !isDetached(parent) : !REGISTERING.test(calleeName(parent) ?? '') && !isDetached(parent)
  }
  if (ts.isNewExpression(parent)) return parent.expression.getText() === 'Promise'
  const name = ts.isFunctionDeclaration(fn)
    ? fn.name
    : ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
      ? parent.name
      : undefined
  if (name === undefined) return false
  const uses = analysis.references.of(name)
  return (
    uses.length > 0
    && uses.every((use) => {
      const call = use.parent
      if (!ts.isCallExpression(call)) return false
      return call.expression === use
        ? !isDetached(call)
        : !REGISTERING.test(calleeName(call) ?? '') && !isDetached(call)
    })
  )
}

/** A call whose result nobody waits for. */
function isDetached(call: ts.CallExpression): boolean {
  let at: ts.Node = wrapperOf(call)
  while (ts.isPropertyAccessExpression(at.parent) && isMethodCall(at.parent.parent, 'then', 'catch', 'finally'))
    at = wrapperOf(at.parent.parent)
  return ts.isVoidExpression(at.parent) || ts.isExpressionStatement(at.parent)
}
