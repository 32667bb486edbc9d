import ts from 'typescript'
import { calleeName, headOfChain, someNode, someOwnNode } from '../code/syntax.ts'

/** Names of waits for something that other code sets going; one for each value of a stream is for all that come. */
const WAITS =
  /^(?:wait|once|next|expect|receive|on[A-Z]|promiseFrom|asPromise|toPromise|fromEvent|eventToPromise|listen|subscribe|take|until|pEvent|forEach$)/u

/** Methods that register a listener. */
const LISTENING = /^(?:on|once|addListener|addEventListener|prependListener|subscribe|on[A-Z]\w*)$/u

/**
 * Whether a call waits for an event: `waitForDownload(page)`, `timed(new Promise((done) => { socket.once('open', done) }))`.
 * Such a wait has to be set up before the code that brings the event about, and can only be awaited after it.
 */
export function isWaitForEvent(call: ts.CallExpression): boolean {
  if (WAITS.test(calleeName(headOfChain(call)) ?? '')) return true
  return someOwnNode(
    call,
    (node) =>
      ts.isNewExpression(node)
      && node.expression.getText() === 'Promise'
      && node.arguments?.[0] !== undefined
      && someNode(node.arguments[0], (at) => ts.isCallExpression(at) && LISTENING.test(calleeName(at) ?? '')),
  )
}
