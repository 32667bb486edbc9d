import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { asyncFlow } from '../../../../lint/analysis/flow/asyncFlow.ts'
import type { FlowRoot } from '../../../../lint/analysis/flow/flowFacts.ts'
import { isFunctionNode } from '../../../../lint/analysis/code/syntax.ts'
import { TypeQuestions } from '../../../../lint/analysis/code/typeQuestions.ts'

interface Summary {
  suspensions: string[]
  reads: string[]
  stale: string[]
  late: string[]
  /** Writes whose check has lapsed, with the check as it came out. */
  lapsed: string[]
}

/** The flow of the function called `f` in some code; of the module, where there is none. */
function flowOf(code: string): Summary {
  const file = ts.createSourceFile('f.ts', code, ts.ScriptTarget.ESNext, true)
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === 'f.ts' ? file : undefined),
  }
  const program = ts.createProgram(['f.ts'], { noLib: true, target: ts.ScriptTarget.ESNext }, host)
  let found: FlowRoot | undefined
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node.name?.getText() === 'f') found = node
    if (ts.isClassStaticBlockDeclaration(node) && !code.includes('f(')) found = node
    ts.forEachChild(node, visit)
  }
  visit(file)
  const flow = asyncFlow(found ?? file, new TypeQuestions(program))
  return {
    suspensions: flow.suspensions.map((node) => node.getText().split('\n')[0] ?? ''),
    reads: flow.reads.map(({ location }) => location.text),
    stale: flow.writes
      .filter(({ stale }) => stale.length > 0)
      .map(({ location, stale }) => `${location.text}${stale.some(({ direct }) => direct) ? '' : ' (given)'}`),
    lapsed: flow.writes.flatMap(({ location, lapsed }) =>
      lapsed.map(({ condition, holds }) => `${location.text} after ${holds ? '' : 'not '}${condition.getText()}`),
    ),
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
    ['an await in an optional chain', 'x?.a(await x).b', ['await x']],
    ['an await in a computed key that is assigned to', 'x[await x] = 1', ['await x']],
    ['an await in a default of a destructuring assignment', '({ a: x.b = await x } = x)', ['await x']],
    [
      'an await in a class: its base and its computed names',
      'class A extends (await x) { [await x.y]() {} }',
      ['await x', 'await x.y'],
    ],
    ['an await in a tagged template', 'x`${await x}`', ['await x']],
    ['an await in a parameter default of an inner call', 'x(...(await x))', ['await x']],
    ['an await in an optional call', 'x?.(await x)', ['await x']],
    ['an await in a key behind ?.', 'x?.[await x]', ['await x']],
    ['an await in a default of a nested pattern', 'const { a: [b = await x] = [] } = x', ['await x']],
    ['an await in a computed key of a pattern', 'const { [await x]: a } = x', ['await x']],
    ['an await in the default of a pattern of a loop', 'for (const { a = await x } of x) {}', ['await x']],
    [
      'await using among other statements of a switch',
      'switch (x) { default: await using a = x; x() }',
      ['await using a = x'],
    ],
    ['an await behind a labelled break', 'a: { if (x) break a; await x }', ['await x']],
    ['none behind a labelled break', 'a: { break a; await x }', []],
    ['none behind a labelled continue', 'a: for (const b of x) { for (;;) continue a; await x }', []],
    ['for (await using …)', 'for (await using a of x) {}', ['await using a']],
    ['none in a static field or block, which must not await', 'class A { static a = x; static { x() } }', []],
    ['none in an endless loop left by no break', 'for (;;) { x() } await x', []],
    ['none behind a throw', 'throw x; await x', []],
    ['none behind while (true) without a break', 'while (true) { if (x) continue } await x', []],
    ['one behind while (true) with a break', 'while (true) { if (x) break } await x', ['await x']],
    ['none in a nested function, which runs at another time', 'const g = async () => { await x }', []],
    ['none behind a return', 'return; await x', []],
  ])('%s', (_, body, expected) => {
    expect(flowOf(`declare const x: any\nasync function f() { ${body} }`).suspensions).toEqual(expected)
  })

  test('a parameter default', () => {
    expect(flowOf('declare const x: any\nasync function f(a = x, { b = x } = a) { await a }').suspensions).toEqual([
      'await a',
    ])
  })

  test('top-level await', () => {
    expect(
      flowOf('declare const x: any\nlet a = await x\nfor await (const b of x) {}\nexport default await a').suspensions,
    ).toEqual(['await x', 'for await (const b of x) {}', 'await a'])
  })

  test('top-level await behind a class with static parts', () => {
    expect(
      flowOf(
        'declare const x: any\nclass A { static a = x }\nawait x\nlabel: for (const b of x) { await b; break label }',
      ).suspensions,
    ).toEqual(['await x', 'await b'])
  })

  test('yield, its value, and await in an async generator', () => {
    expect(
      flowOf('async function* f(x: any) { const a = yield await x; try { yield a } finally { await x } }').suspensions,
    ).toEqual(['await x', 'yield await x', 'yield a', 'await x'])
  })

  test('yield* in an async generator', () => {
    expect(flowOf('async function* f(x: any) { yield* x }').suspensions).toEqual(['yield* x'])
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
    ['through destructuring', 'const { n } = t; await x; t.n = n + 1', ['t.n']],
    ['through a renamed and nested pattern', 'const { n: { m: old } } = t; await x; t.n.m = old + 1', ['t.n.m']],
    ['a pattern takes out that property only', 'const { n } = t; await x; t.m = n + 1', []],
    ['the end of a block awaits what it disposes of', 'const old = t; { await using a = x } t = old + 1', ['t']],
    ['but not before its end', 'const old = t; { await using a = x; t = old + 1 }', []],
    [
      'a return inside awaits it as well',
      'const old = t; try { await using a = x; return } finally { t = old + 1 }',
      ['t'],
    ],
    [
      'leaving a for await closes its iterator',
      'for await (const a of x) { const old = t; try { break } finally { t = old } }',
      [],
    ],
    [
      'and what comes after it sees the wait',
      'let old = t; for await (const a of x) { old = t; break } t = old',
      ['t'],
    ],
    ['a finally that returns', 'const old = t; try { return } finally { await x; t = old + 1 }', ['t']],
    [
      'a jump out of a finally that awaits',
      'const old = t; for (;;) { try { break } finally { await x } } t = old + 1',
      ['t'],
    ],
    ['arguments behind ?. may be skipped', 'let old = t; x?.a.b(old = 1, await x); t = old', ['t']],
    ['a static block runs where it stands', 'const old = t; await x; class A { static { t = old } }', ['t']],
    ['so does a static field', 'const old = t; await x; class A { static a = (t = old) }', ['t']],
    ['a computed name of a member', 'const old = t; await x; class A { [t = old]() {} }', ['t']],
    ['in a default that may be skipped', 'const old = t; const { a = await x } = x; t = old + 1', ['t']],
    ['an entry of a map, read and set over an await', 't.set(x, t.get(x) + await x)', ['t']],
    ['an entry held in a local', 'const old = t.get(x) ?? 0; await x; t.set(x, old + 1)', ['t']],
    ['not another entry', 't.set(x, t.get(y) + await x)', []],
    ['nor one that is read anew', 'const value = await x; t.set(x, t.get(x) + value)', []],
    ['nor one without a suspension', 't.set(x, t.get(x) + 1); await x', []],
    [
      'with a labelled break out of two loops',
      'const old = t; a: for (;;) { for (;;) { await x; break a } } t = old + 1',
      ['t'],
    ],
    [
      'not behind a labelled break that skips the await',
      'const old = t; a: { if (x) break a; await x; return } t = old + 1',
      [],
    ],
    ['an instance field does not', 'const old = t; await x; class A { a = (t = old) }', []],
    ['a destructuring assignment', 'const old = t; await x; [t] = [old]', ['t']],
    ['through a conditional expression', 't = x ? t : await x', []],
    ['through delete there is no value', 'const old = t.a; await x; delete t.a', []],
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

  test('a yield of an async generator lets others run', () => {
    expect(flowOf('let t: any\nasync function* f() { const old = t; yield old; t = old + 1 }').stale).toEqual(['t'])
  })

  test('at the top of a module', () => {
    expect(flowOf('declare const x: any\nexport let t: any\nconst old = t; await x; t = old + 1').stale).toEqual([])
  })

  test('fields of an instance, and paths below them', () => {
    expect(flowOf('class A { n: any; async f(x: any) { this.n.a += await x; this.n.b = 1 } }').stale).toEqual([
      'this.n.a',
    ])
  })

  test('a parameter belongs to the activation, what it refers to may not', () => {
    expect(flowOf('async function f(n: number, o: any, x: any) { n += await x; o.n += await x }').stale).toEqual([
      'o.n',
    ])
  })
})

describe('a check that lapses over a suspension before the write that it guards', () => {
  const cases: [string, string, string[]][] = [
    ['in an if', 'if (!t) { t = await x }', ['t after not t']],
    ['before an early return', 'if (t) return; await x; t = 1', ['t after not t']],
    ['in a conjunction, each part', 'if (!t && x) { await x; t = 1 }', ['t after not t']],
    ['in a negated disjunction', 'if (!(t || x)) { await x; t = 1 }', ['t after not t']],
    ['in a disjunction, where what was found is not good enough', 'if (!t || x) { await x; t = 1 }', ['t after not t']],
    [
      'in a disjunction of two that are missing',
      'if (!t || !u) { await x; t = 1; u = 1 }',
      ['t after not t', 'u after not u'],
    ],
    ['behind a conjunction that returns', 'if (t && t.end > x) return; await x; t = 1', ['t after not t']],
    ['not where only the way that finds something waits', 'if (t && (await x)) return; t = 1', []],
    ['not in a disjunction with what is there', 'if (t || x) { await x; t = 1 }', []],
    ['in a disjunction that returns', 'if (x || t) return; await x; t = 1', ['t after not t']],
    ['through a local', 'const old = t; if (old) return; await x; t = 1', ['t after not old']],
    [
      'through a local that tells of a test',
      'const none = t === undefined; if (none) { await x; t = 1 }',
      ['t after none'],
    ],
    ['in a logical assignment', 't ??= await x', ['t after not t']],
    ['in a logical operator', 't || (t = await x)', ['t after not t']],
    ['in a conditional expression', 'const a = t ? t : (t = await x)', ['t after not t']],
    ['in the condition of a loop', 'while (!t) { await x; t = 1 }', ['t after not t']],
    ['of a property', 'if (!t.a) { await x; t.a = 1 }', ['t.a after not t.a']],
    ['of a collection', 'if (!t.has(x)) { await x; t.add(x) }', ['t after not t.has(x)']],
    ['of the size of a collection', 'if (t.size === 0) { await x; t.add(x) }', ['t after t.size === 0']],
    [
      'with a second name for the collection',
      'const { a } = t; if (!a.has(x)) { await x; a.add(x) }',
      ['t.a after not a.has(x)'],
    ],
    ['not with no suspension between', 'if (!t) { t = 1; await x }', []],
    ['not if asked again', 'if (!t) { await x; if (!t) t = 1 }', []],
    ['not if asked again on the only way that waits', 'if (t) return; if (x) { await x; if (t) return } t = 1', []],
    [
      'but if asked again of another entry',
      'if (t.has(x)) return; if (x) { await x; if (t.has(u)) return } t.add(x)',
      ['t after not t.has(x)'],
    ],
    ['not if asked again in a loop', 'if (!t) { await x; while (t) await x; t = 1 }', []],
    ['not if another check that holds is claimed with it', 'if (t || u) return; u = true; await x; t = 1', []],
    ['not on another path', 'if (x) { if (t) return } await x; t = 1', []],
    ['not if both ways lead there', 'if (t) { x() } else { x.y() } await x; t = 1', []],
    ['not for the second write: the first one settled it', 'if (!t) { await x; t = 1; t = 2 }', ['t after not t']],
    ['in try, seen from catch', 'if (t) return; try { await x } catch { t = 1 }', ['t after not t']],
    ['in finally', 'if (t) return; try { await x } finally { t = 1 }', ['t after not t']],
    ['not in finally, if some way there passed no check', 'try { if (!t) { await x; return } } finally { t = 1 }', []],
    [
      'not if a check is claimed with it, but if that is of a count',
      'if (t || u > 2) return; u = 3; await x; t = 1',
      ['t after not t'],
    ],
    ['not if a flag is found unset and set with it', 'if (t || u) return; u = 1; await x; t = 1', []],
    ['but if the flag was found set before it is set', 'if (t || !u) return; u = 1; await x; t = 1', ['t after not t']],
    ['not if a flag is found set and unset with it', 'if (t || !u) return; u = false; await x; t = 1', []],
    ['of a property of what is replaced', 'if (t?.open) return; await x; t = 1', ['t after not t?.open']],
    [
      'if what was found there is emptied first',
      'if (t) { if (x) return; t = undefined } await x; t = 1',
      ['t after not t'],
    ],
    [
      'if an entry is found and deleted first',
      'if (t.has(x)) { t.delete(x) } await x; t.set(x, 1)',
      ['t after not t.has(x)'],
    ],
    ['not if another entry is deleted', 'if (t.has(x)) { t.delete(u) } await x; t.set(x, 1)', []],
    ['if all is cleared first', 'if (t.has(x)) { t.clear() } await x; t.set(x, 1)', ['t after not t.has(x)']],
    ['not if it is emptied on one way only', 'if (t) { if (x) t = undefined } await x; t = 1', []],
    ['behind a labelled continue', 'a: for (;;) { if (t) continue a; await x; t = 1 }', ['t after not t']],
  ]
  test.each(cases)('%s: %s', (_, body, expected) => {
    expect(flowOf(`declare const x: any\nlet t: any, u: any\nasync function f() { ${body} }`).lapsed).toEqual(expected)
  })

  test('behind a getter, and behind a method that tells of a field', () => {
    const own = 'db: any; get open() { return this.db } isOpen() { return this.db !== undefined }'
    expect(flowOf(`class A { ${own} async f(x: any) { if (!this.open) { this.db = await x } } }`).lapsed).toEqual([
      'this.db after not this.open',
    ])
    expect(
      flowOf(`class A { ${own} async f(x: any) { if (this.isOpen()) return; this.db = await x } }`).lapsed,
    ).toEqual(['this.db after not this.isOpen()'])
    expect(flowOf(`class A { ${own} async f(x: any) { this.db = await x; return this.isOpen() } }`).lapsed).toEqual([])
  })

  test('in a static block, which never suspends, there is none', () => {
    expect(flowOf('let t: any\nclass A { static { if (!t) t = 1 } }').lapsed).toEqual([])
  })
})

test('writes after a suspension are told from those before the first', () => {
  expect(flowOf('let a: any, b: any\nasync function f(x: any) { a = 1; await x; b = 1 }').late).toEqual(['b'])
})
