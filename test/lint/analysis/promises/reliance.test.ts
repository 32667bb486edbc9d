import ts from 'typescript'
import { expect, test } from 'vitest'
import { handlerForAlone, isWeak, relianceOn } from '../../../../lint/analysis/promises/reliance.ts'
import { calleeName, someNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

const DECLARED = `declare function load(): Promise<string>
declare function assertOpen(id: string): Promise<void>
declare function save(id: string): Promise<void>
declare function go(): Promise<void>
async function checkQuota(id: string): Promise<void> { if (await load() === id) throw new Error('full') }
async function checkForNews(): Promise<string> { return load() }
`

test.each([
  ['a handler around it', 'async', "try { go() } catch { return 'a' }", 'handler'],
  ['a name for nothing but failing', 'async', "assertOpen('a')", 'check'],
  ['a check that throws and gives nothing', 'async', "checkQuota('a')", 'check'],
  ['a check that answers', 'async', 'checkForNews()', undefined],
  ['awaited in another place', 'async', 'if (await load()) await go(); go()', 'awaited'],
  ['a write beside a wait', 'async', "await load(); save('a')", 'change'],
  ['a write in a function that is async for nothing else', 'async', "save('a'); return 'a'", 'change'],
  ['a write in a function that neither waits nor answers', 'async', "save('a')", undefined],
  ['a join of promises', 'async', 'Promise.all([go(), go()])', 'join'],
  ['a request', 'async', "fetch('/')", 'io'],
  ['no sign at all', 'async', 'go()', undefined],
])('counts on a dropped call: %s', (_, modifier, body, expected) => {
  const { call, analysis } = dropped(`${modifier} function f() { ${body} }`)
  expect(relianceOn(call, analysis)?.kind).toBe(expected)
})

test.each([
  ['at the end of the try', 'await load(); go()', true],
  ['at the end of a branch that ends it', 'if (await load()) { go() } else { await load() }', true],
  ['at the end of a case that ends it', "switch (await load()) { case 'a': go(); break }", true],
  ['in each turn of a loop that ends it', 'for (const id of await load()) { console.log(id); go() }', true],
  ['before an early return', 'if (await load()) { go(); return } await load()', true],
  ['before other things', 'await load(); go(); await load()', false],
  ['in a branch before other things', 'if (await load()) go(); await load()', false],
  ['a write before other things', "save('a'); await load()", true],
  ['before other things, but awaited among them', 'go(); if (await load()) await go(); await load()', true],
])('a handler around a call counts by itself: %s', (_, body, expected) => {
  const { call, analysis } = dropped(`async function f() { try { ${body} } catch (error) { console.error(error) } }`)
  const reliance = relianceOn(call, analysis)
  expect(reliance?.kind).toBe('handler')
  expect(reliance && !isWeak(reliance)).toBe(expected)
})

test.each([
  ['all that the try does', 'try { go() } catch (error) { console.error(error) }', true],
  [
    'after harmless statements',
    "try { const id = ['a'].join(); save(id) } catch (error) { console.error(error) }",
    true,
  ],
  [
    'beside what may throw',
    "try { const id = JSON.parse('a'); save(id) } catch (error) { console.error(error) }",
    false,
  ],
  ['not the last of the block', 'try { go(); console.log(1) } catch (error) { console.error(error) }', false],
  ['in a branch', 'try { if (Math.random() > 1) go() } catch (error) { console.error(error) }', false],
  ['without a handler', 'try { go() } finally { console.log(1) }', false],
])('a handler for one call alone: %s', (_, body, expected) => {
  expect(handlerForAlone(dropped(`function f() { ${body} }`).call) !== undefined).toBe(expected)
})

/** The last call in `f` that is a statement by itself and no `console.log`. */
function dropped(code: string): { call: ts.CallExpression; analysis: ReturnType<typeof marked>['analysis'] } {
  const { analysis, fn } = marked(`${DECLARED}export ${code}`)
  let call: ts.CallExpression | undefined
  someNode(fn, (node) => {
    if (
      ts.isExpressionStatement(node)
      && ts.isCallExpression(node.expression)
      && !/^(?:log|error)$/u.test(calleeName(node.expression) ?? '')
    )
      call = node.expression
    return false
  })
  if (!call) throw new Error('Expected a dropped call in the code')
  return { call, analysis }
}
