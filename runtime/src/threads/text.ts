import { Script } from 'node:vm'
import { unexpected } from '../expect.ts'
import { workerText } from './workerText.ts'

/**
 * The text of a function, as an expression.
 *
 * @throws TypeError when it has none that could be run elsewhere: a built-in or bound function, a class.
 */
function expressionOf(fn: object): string {
  const text = Function.prototype.toString.call(fn)
  if (/\{\s*\[native code\]\s*\}\s*$/u.test(text)) {
    throw unexpected('work', 'a function with a body of its own, for that is what a worker gets', fn)
  }
  if (/^class\b/u.test(text)) throw unexpected('work', 'a function or a URL, not a class', fn)
  for (const expression of [`(${text})`, `Object.values({${text}})[0]`]) {
    try {
      new Script(expression)
      return expression
    } catch {
      // Methods are no expressions by themselves.
    }
  }
  throw unexpected('work', 'a function whose text stands for itself, unlike a getter or a computed method', fn)
}

/** The program of a worker, which runs as a script, or as a module under `--input-type`. `__name` is what some compilers wrap around functions to keep their names. */
export function programOf(fn: object | undefined): string {
  const given = fn === undefined ? 'undefined' : expressionOf(fn)
  return `'use strict'; const __name = fn => fn; {
const { receiveMessageOnPort, workerData } = typeof require === 'function' ? require('node:worker_threads')
  : process.getBuiltinModule('node:worker_threads');
(${workerText})(workerData, receiveMessageOnPort, url => import(url), ${given}) }`
}
