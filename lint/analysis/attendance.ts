import ts from 'typescript'
import { calleeName, enclosingFunction, isFunctionExpression, wrapperOf } from './syntax.ts'

/** Callbacks that a user interface or a process calls and whose result it ignores on purpose. */
const UNATTENDED = /^(?:use(?:Layout|Insertion)?Effect|setTimeout|setImmediate|requestAnimationFrame|queueMicrotask|process)$/u

/**
 * Whether code runs where nobody could wait for it: in a React effect, a timer, or a JSX event handler. Starting work and
 * letting it run is the normal way there.
 */
export function runsUnattended(node: ts.Node): boolean {
  const fn = enclosingFunction(node)
  if (fn === undefined || !isFunctionExpression(fn)) return false
  const { parent } = wrapperOf(fn)
  if (ts.isCallExpression(parent)) return UNATTENDED.test(calleeName(parent) ?? '')
  return ts.isJsxExpression(parent)
}
