import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { asyncFlow } from '../../../lint/analysis/asyncFlow.ts'
import { type FunctionNode, isFunctionNode } from '../../../lint/analysis/syntax.ts'
import { TypeQuestions } from '../../../lint/analysis/typeQuestions.ts'

/** The flow of the function called `f` in some code. */
function flowOf(code: string): { suspensions: string[]; reads: string[]; stale: string[]; late: string[] } {
  const file = ts.createSourceFile('f.ts', code, ts.ScriptTarget.ESNext, true)
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === 'f.ts' ? file : undefined),
  }
  const program = ts.createProgram(['f.ts'], { noLib: true, target: ts.ScriptTarget.ESNext }, host)
  let found: FunctionNode | undefined
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node.name?.getText() === 'f') found = node
    ts.forEachChild(node, visit)
  }
  visit(file)
  if (!found) throw new Error('the code has no function `f`')
  const flow = asyncFlow(found, new TypeQuestions(program))
  return {
    suspensions: flow.suspensions.map((node) => node.getText().split('\n')[0] ?? ''),
    reads: flow.reads.map(({ location }) => location.text),
    stale: flow.writes.filter(({ stale }) => stale.length > 0).map(({ location, stale }) => `${location.text}${stale.some(({ direct }) => direct) ? '' : ' (given)'}`),
    late: flow.writes.filter(({ afterSuspension }) => afterSuspension).map(({ location }) => location.text),
  }
}

describe('suspension points', () => {
  test.each([
    ['await', 'await x', ['await x']],
    ['for await', 'for await (const a of x) {}', ['for await (const a of x) {}']],
    ['await using', 'await using a = x', ['await using a = x']],
    ['an await behind a short circuit', 'x && await x', ['await x']],
    ['an await in a destructuring default', 'const { a = await x } = x', ['await x']],
    ['an await in finally', 'try { x() } finally { await x }', ['await x']],
    ['none in a nested function, which runs at another time', 'const g = async () => { await x }', []],
    ['none behind a return', 'return; await x', []],
  ])('%s', (_, body, expected) => {
    expect(flowOf(`declare const x: any\nasync function f() { ${body} }`).suspensions).toEqual(expected)
  })

  test('yield in an async generator', () => {
    expect(flowOf('async function* f() { yield 1 }').suspensions).toEqual(['yield 1'])
  })
})

describe('a value read before a suspension and written after it is stale', () => {
  const cases: [string, string, string[]][] = [
    ['compound assignment reads first', 't += await x', ['t']],
    ['the right side is evaluated after the left', 't = t + await x', ['t']],
    ['but not before it', 't = await x + t', []],
    ['through a local', 'const old = t; await x; t = old + 1', ['t']],
    ['through destructuring', 'const { n } = t; await x; t.n = n + 1', []],
    ['through a template', 't = `${t}${await x}`', ['t']],
    ['through a spread', 't = [...t, await x]', ['t']],
    ['through an object', 't = { ...t, a: await x }', ['t']],
    ['through a method that derives', 't = t.concat(await x)', ['t']],
    ['through a call, which may or may not use it', 't = x(t, await x)', ['t (given)']],
    ['a comparison decides, but its operand does not live on', 'const was = t > 1; await x; t = was', []],
    ['read anew, the value is fresh', 'await x; t = t + 1', []],
    ['on one branch', 'const old = t; if (x) await x; t = old + 1', ['t']],
    ['not on a branch that leaves', 'const old = t; if (x) { await x; return } t = old + 1', []],
    ['from one turn of a loop to the next', 'let old = 0; for (;;) { t = old + 1; old = t; await x }', ['t']],
    ['with a labelled continue', 'let old = t; a: for (;;) { for (;;) { await x; continue a } t = old }', []],
    ['in a switch', 'const old = t; switch (x) { case 1: await x; break; default: } t = old + 1', ['t']],
    ['through catch', 'const old = t; try { await x } catch { t = old + 1 }', ['t']],
    ['through finally', 'const old = t; try { await x } finally { t = old + 1 }', ['t']],
    ['??= writes only what it loads', 't ??= await x', []],
    ['increment has no suspension inside', 'await x; t++', []],
  ]
  test.each(cases)('%s: %s', (_, body, expected) => {
    expect(flowOf(`declare const x: any\nlet t: any\nasync function f() { ${body} }`).stale).toEqual(expected)
  })

  test('fields of an instance, and paths below them', () => {
    expect(flowOf('class A { n: any; async f(x: any) { this.n.a += await x; this.n.b = 1 } }').stale).toEqual(['this.n.a'])
  })

  test('a parameter belongs to the activation, what it refers to may not', () => {
    expect(flowOf('async function f(n: number, o: any, x: any) { n += await x; o.n += await x }').stale).toEqual(['o.n'])
  })
})

test('writes after a suspension are told from those before the first', () => {
  expect(flowOf('let a: any, b: any\nasync function f(x: any) { a = 1; await x; b = 1 }').late).toEqual(['b'])
})
