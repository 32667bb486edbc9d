import { lint, type LintResult, Workspace } from '@forkline/lint'
import { isBeyondTypeScript } from '../../../lint/project/beyondTypeScript.ts'
import { describe, expect, it } from 'vitest'

/** Code that no person writes, but a generator, a minifier or a bundler does: by how often its part comes. */
const SHAPES: Readonly<Record<string, (size: number) => string>> = {
  'a sum': (size) => inFunction(`const text = ${repeat(size, (i) => `'part ${i}'`, ' + ')} + it; await fetch(text)`),
  'a sum at the top': (size) => `export const all = ${repeat(size, (i) => `part${i}`, ' + ')}`,
  'a choice by `||`': (size) => inFunction(`return ${repeat(size, (i) => `it === '${i}'`, ' || ')}`),
  'a list of acts by `,`': (size) => inFunction(`return (${repeat(size, (i) => `await fetch('${i}')`, ', ')})`),
  'an assignment to many': (size) =>
    `let ${repeat(size, (i) => `v${i}: unknown`, ', ')}\n${inFunction(`${repeat(size, (i) => `v${i}`, ' = ')} = await fetch(it)`)}`,
  'else-ifs': (size) => inFunction(repeat(size, (i) => `if (it === '${i}') { await fetch('${i}') }`, ' else ')),
  'nested choices': (size) =>
    inFunction(`return ${repeat(size, (i) => `it === '${i}' ? await fetch('${i}') : `)} null`),
  'a chain of calls': (size) => inFunction(`const it = await start()${repeat(size, (i) => `.step(${i})`)}; return it`),
  'a chain of `then`': (size) => inFunction(`const it = await fetch('')${repeat(size, () => '.then((x) => x)')}; it`),
  'a path of properties': (size) => inFunction(`await fetch(it); return it${repeat(size, () => '.inner')}`),
  'calls in calls': (size) => inFunction(`return await ${repeat(size, () => 'wait(')}it${repeat(size, () => ')')}`),
  'fan-outs in fan-outs': (size) =>
    inFunction(`await ${repeat(size, () => 'Promise.all([')}fetch(it)${repeat(size, () => '])')}`),
  'functions in functions': (size) => `export const nest = ${repeat(size, () => 'async () => ')} fetch('')`,
  'blocks in blocks': (size) => inFunction(`${repeat(size, () => '{')} await fetch(it) ${repeat(size, () => '}')}`),
  'loops in loops': (size) => inFunction(`${repeat(size, () => 'for (const x of it) ')} await fetch(it)`),
  'attempts in attempts': (size) =>
    inFunction(`${repeat(size, () => 'try {')} await fetch(it) ${repeat(size, () => '} finally { it }')}`),
  'functions that call the next': (size) =>
    `${repeat(size, (i) => `async function f${i}(x: string): Promise<unknown> { return await f${i + 1}(x) }\n`)}
     async function f${String(size)}(x: string) { return fetch(x) }
     ${inFunction('await Promise.all([...it].map((x) => f0(x)))')}`,
  'constants that name the one before': (size) =>
    inFunction(
      `const v0 = [...it]\n${repeat(size, (i) => `const v${i + 1} = v${i}\n`)} await Promise.all(v${String(size)}.map((x) => fetch(x)))`,
    ),
  'promises made of the one before': (size) =>
    inFunction(
      `const v0 = fetch(it)\n${repeat(size, (i) => `const v${i + 1} = v${i}.then((x) => x)\n`)} return v${String(size)}`,
    ),
}

const inFunction = (body: string): string => `declare function start(): any
declare function wait(x: unknown): Promise<any>
export async function act(it: any) { ${body} }`

const repeat = (size: number, part: (i: number) => string, between = ''): string =>
  Array.from({ length: size }, (_, i) => part(i)).join(between)

const workspace = new Workspace({ folders: ['/virtual'] })

/** Lints at level `possible`, and computes all edits. */
function run(name: string, code: string): LintResult | string {
  workspace.openDocument(name, 1, code)
  const file = workspace.file(name)
  workspace.closeDocument(name)
  if (file.kind === 'skipped') return file.reason
  const result = lint(file.program, file.sourceFile, { level: 'possible' })
  for (const { fix, suggestions } of result.findings) for (const each of [fix, ...suggestions]) each?.edits()
  return result
}

/** A shape nearly as large, up to a limit, as TypeScript itself takes it in. How deep its stack goes differs by some calls. */
function largest(shape: (size: number) => string, limit: number): number {
  let taken = 1
  let refused = limit + 1
  while (refused - taken > 1 + taken / 20) {
    const size = (taken + refused) >>> 1
    if (isBeyondTypeScript('/virtual/probe.ts', shape(size))) refused = size
    else taken = size
  }
  return Math.ceil(taken * 0.7)
}

describe('generated code', () => {
  it.each(Object.entries(SHAPES))('ends with no crash on %s, about as large as TypeScript takes it in', (_, shape) => {
    const result = run('/virtual/large.ts', shape(largest(shape, 1000)))
    expect(result).toMatchObject({ crashes: [] })
  })

  it('finds in a sum of thousands what it finds in one of three', () => {
    const sum = (size: number): string =>
      `declare let total: string\n${inFunction(`total = total + ${repeat(size, (i) => `'${i}'`, ' + ')} + await wait(it)`)}`
    for (const size of [3, 5000]) {
      const found = run('/virtual/sum.ts', sum(size))
      expect(found).toMatchObject({ findings: [{ ruleId: 'no-stale-write-after-await' }], crashes: [] })
    }
  })

  it('reads a bundle of one line', () => {
    const part = (i: number): string =>
      `async function f${String(i)}(a,b){var c=0;for(var d=0;d<a.length;d++)c+=await b(a[d]),t.x=c;`
      + `return Promise.all(a.map(async function(e){await b(e);g${String(i)}.push(e)}))}var g${String(i)}=[];`
    const bundle = `var t={};(function(){${repeat(500, part)}})()`
    expect(run('/virtual/bundle.js', bundle)).toMatchObject({ crashes: [] })
  })
})

describe('a file that makes TypeScript itself fail', () => {
  const tooDeep = `export const deep = ${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const neighbour = `import { deep } from './deep'\nexport const act = (): void => { [1].forEach(async () => { await deep }) }`

  it('is left out with a reason, and its neighbours are linted', () => {
    const project = new Workspace({ folders: ['/virtual'] })
    project.openDocument('/virtual/deep.ts', 1, tooDeep)
    project.openDocument('/virtual/near.ts', 1, neighbour)
    expect(project.file('/virtual/near.ts')).toMatchObject({ kind: 'ready' })
    expect(project.file('/virtual/deep.ts')).toEqual({
      kind: 'skipped',
      reason: 'nests too deeply for TypeScript to follow',
    })
  })

  it('comes back once it is mended', () => {
    const project = new Workspace({ folders: ['/virtual'] })
    project.openDocument('/virtual/deep.ts', 1, tooDeep)
    expect(project.file('/virtual/deep.ts')).toMatchObject({ kind: 'skipped' })
    project.changeDocument('/virtual/deep.ts', 2, 'export const deep = 1')
    expect(project.file('/virtual/deep.ts')).toMatchObject({ kind: 'ready' })
  })
})

describe('a script with `return` at its top', () => {
  it('is linted like any other', () => {
    const code = `return api.response.send(404)\ntry { return race(limit) } finally { clearTimeout(timer) }`
    expect(run('/virtual/handler.js', code)).toMatchObject({ crashes: [] })
  })
})

describe('names that are made of one another', () => {
  it.each([
    'async function f(x) { var a = x.map(async (y) => fetch(y)); var a = a.filter(Boolean); var b = a ?? []; var a = b }',
    'async function f() { await Promise.all(c); var c = d.concat(d); var d = [...c, ...d]; for (const x of d) fetch(x) }',
    'async function f(signal) { var signal = other, other = signal; await fetch(other, { signal: other }) }',
    'async function f() { while (true) { var stop = stop || again; var again = stop; await f(again) } }',
    'async function f() { var n = m + 1, m = n + 1; await Promise.all(Array.from({ length: n }, () => fetch(m))) }',
    'async function f() { var { p } = q, q = { p }; await Promise.all(p.map((x) => fetch(x))) }',
    'class A { get a() { return this.b } get b() { return !this.a } async f() { if (this.a) { await fetch(); this.a = 1 } } }',
    'class A extends B { async f() { return super.f() } } class B extends A { async f() { await new A().f() } }',
    'const f = async (x) => f(() => f(x)); const g = () => h(), h = () => g(); f(async () => { await Promise.all(g().map(f)) })',
    'function* g() { yield* h() } function* h() { yield* g() } async function f() { for await (const x of g()) void f(x) }',
  ])('%s', (code) => {
    expect(run('/virtual/circle.js', code)).toMatchObject({ crashes: [] })
  })
})
