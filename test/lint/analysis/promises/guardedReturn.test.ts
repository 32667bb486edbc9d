import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { someNode } from '../../../../lint/analysis/code/syntax.ts'
import {
  guardsOf,
  handlingOf,
  isCallOfOwn,
  isHandledAlike,
  isOtherAtRisk,
  isTriedAgain,
  promisesIn,
} from '../../../../lint/analysis/promises/guardedReturn.ts'
import { marked } from '../marked.ts'

const GIVEN = 'declare const marked: () => Promise<string>, other: () => Promise<string>, plain: () => string\n'

/** A `return` of a call of `marked`, with the call: of several the last, or the one that is asked for. */
function returned(code: string, which = -1) {
  const { analysis } = marked(`${GIVEN}${code}`)
  const found: ts.ReturnStatement[] = []
  someNode(analysis.sourceFile, (node) => {
    if (ts.isReturnStatement(node) && node.expression?.getText().includes('marked()')) found.push(node)
    return false
  })
  const statement = found.at(which)
  if (!statement?.expression) throw new Error(`Nothing returns marked() in ${code}`)
  const [started] = promisesIn(statement.expression, analysis.types)
  return {
    statement,
    expression: statement.expression,
    started: started ?? statement.expression,
    types: analysis.types,
  }
}

/** The same, in the block of a `try` with a handler. */
function tried(code: string, which = -1) {
  const found = returned(code, which)
  const guard = guardsOf(found.statement).find((one) => one.kind === 'catch')
  if (guard?.kind !== 'catch') throw new Error(`No handler is around marked() in ${code}`)
  return { ...found, clause: guard.clause, tried: guard.tried }
}

describe('the guards of a return', () => {
  test.each([
    ['none', 'async function f() { return marked() }', []],
    ['a handler', 'async function f() { try { return marked() } catch {} }', ['catch']],
    ['both', 'async function f() { try { return marked() } catch {} finally { plain() } }', ['catch', 'finally']],
    [
      'from the handler',
      'async function f() { try { plain() } catch { return marked() } finally { plain() } }',
      ['finally'],
    ],
    ['from `finally`', 'async function f() { try { plain() } catch {} finally { return marked() } }', []],
    [
      'innermost first',
      'async function f() { try { try { return marked() } finally { plain() } } catch {} }',
      ['finally', 'catch'],
    ],
    ['what is held', 'async function f(d: Disposable) { using held = d; return marked() }', ['using']],
    ['what is held later', 'async function f(d: Disposable) { if (d) return marked(); using held = d }', []],
    ['constants', 'async function f(d: Disposable) { const held = d; return marked() }', []],
    ['a function that is not async', 'function f() { try { return marked() } catch {} }', []],
    ['an async generator', 'async function* f() { try { return marked() } catch {} }', []],
    ['another function around', 'async function f() { try { return () => { return marked() } } catch {} }', []],
  ])('%s', (_, code, expected) => {
    expect(guardsOf(returned(code).statement).map(({ kind }) => kind)).toEqual(expected)
  })
})

describe('the promises in a result', () => {
  test.each([
    ['a call', 'marked()', ['marked()']],
    ['what is waited for', 'await marked()', []],
    ['a branch', 'plain() ? await other() : marked()', ['marked()']],
    ['both branches', 'plain() ? other() : marked()', ['other()', 'marked()']],
    ['a default', '(await other()) ?? (marked() as Promise<string>)', ['marked()']],
    ['what is settled already', 'plain() ? Promise.resolve("marked()") : Promise.reject(other())', []],
    ['a promise in another', 'Promise.resolve(marked())', ['marked()']],
    ['a value', 'plain() + marked()', []],
  ])('%s', (_, result, expected) => {
    const { expression, types } = returned(`async function f() { return ${result} }`)
    expect(promisesIn(expression, types).map((one) => one.getText())).toEqual(expected)
  })
})

test.each([
  ['nothing', 'catch (error) { throw error }', 'nothing'],
  ['an answer', 'catch { return undefined }', 'answers'],
  ['silence', 'catch {}', 'answers'],
  ['another error', 'catch (error) { throw new Error(String(error)) }', 'throws'],
  ['some, and throws the rest', 'catch (error) { if (plain()) return; throw error }', 'throws'],
  ['a rejection', 'catch (error) { return Promise.reject(error) }', 'throws'],
  ['an inner function that throws', 'catch { return () => { throw new Error() } }', 'answers'],
])('a handler does: %s', (_, handler, expected) => {
  expect(handlingOf(tried(`async function f() { try { return marked() } ${handler} }`).clause)).toBe(expected)
})

test.each([
  ['nothing', '', false],
  ['a log line', "console.log('a')", false],
  ['a call', 'plain()', true],
  ['something awaited', 'await null', true],
  ['something made', "new URL('a')", true],
  ['another result', 'if (plain.length) return plain()', false],
  ['a function that is not called yet', 'const later = () => plain()', false],
])('before the return: %s', (_, before, expected) => {
  const {
    tried: block,
    statement,
    started,
  } = tried(`async function f() { try { ${before}\nreturn marked() } catch {} }`)
  expect(isOtherAtRisk(block, statement, started)).toBe(expected)
})

test('before the return: what is computed for the call, in a function that is returned itself', () => {
  const code = 'function f() { return async () => { try { return marked().then(plain) } catch {} } }'
  const before = tried(code)
  expect(isOtherAtRisk(before.tried, before.statement, before.started)).toBe(false)
  const inCall = tried(code.replace('marked()', '[marked()].concat(other())[0]?.then()'))
  expect(isOtherAtRisk(inCall.tried, inCall.statement, inCall.started)).toBe(true)
})

test('a function that calls itself', () => {
  const own = returned('async function f(): Promise<string> { try { return f(/* marked() */) } catch { return "" } }')
  expect(isCallOfOwn(own.started, own.types)).toBe(true)
  const other = returned('async function f(): Promise<string> { try { return marked() } catch { return "" } }')
  expect(isCallOfOwn(other.started, other.types)).toBe(false)
})

test.each([
  ['the same', 'return marked()', true],
  ['something else', 'return other()', false],
])('a handler that gives %s', (_, handler, expected) => {
  const { started, clause } = tried(`async function f() { try { plain(); return marked() } catch { ${handler} } }`, 0)
  expect(isHandledAlike(started, clause)).toBe(expected)
})

test.each([
  ['in a loop', 'for (;;) { try { return marked() } catch {} }', true],
  ['in a loop that the handler ends', 'for (;;) { try { return marked() } catch { break } }', false],
  ['in no loop', 'try { return marked() } catch {}', false],
  ['in a function that a loop makes', 'for (;;) { (async () => { try { return marked() } catch {} })() }', false],
])('tried again: %s', (_, body, expected) => {
  expect(isTriedAgain(tried(`async function f() { ${body} }`).clause)).toBe(expected)
})
