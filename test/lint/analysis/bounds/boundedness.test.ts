import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { sizeOf } from '../../../../lint/analysis/bounds/boundedness.ts'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import type { Size } from '../../../../lint/analysis/bounds/sizes.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** The size of the argument of the last `size(…)` in some code. */
function sizeIn(code: string, files: Readonly<Record<string, string>> = {}): Size {
  const program = programOf({ ...files, 'file.ts': `declare function size(items: unknown): void\n${code}` })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let asked: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'size') asked = node.arguments[0]
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!asked) throw new Error('Expected a call of `size` in the code')
  const { types, references } = FileAnalysis.of(program, sourceFile)
  return sizeOf(asked, types, references)
}

function shown(size: Size): string {
  return size.kind === 'open'
    ? `${size.source} ${size.name}`
    : size.kind === 'bounded'
      ? `at most: ${size.why}`
      : 'unknown'
}

describe('inputs whose size the code knows', () => {
  test.each([
    [
      'a folder of what is installed',
      'import { readdir } from "node:fs/promises"; async function f(pluginsDir: string) { size(await readdir(pluginsDir)) }',
      'what is registered or configured',
    ],
    ['a literal', 'size([1, 2])', 'an array literal'],
    ['a literal of literals', 'const more = [2, 3]; size([1, ...more])', 'an array literal'],
    ['a constant table', 'const table = [1, 2]; size(table.map(String))', 'an array literal'],
    ['a name in capitals', 'declare const HOSTS: string[]; size(HOSTS)', 'a constant'],
    ['an enumeration', 'enum Kind { A, B }; size(Object.values(Kind))', 'a static table'],
    ['a static field', 'class Table { static readonly ids = [1, 2] }; size(Table.ids)', 'a static table'],
    ['an entry of a constant object', 'const table = { ids: [1, 2] }; size(table.ids)', 'a static table'],
    ['a tuple', 'function f(ids: [string, string]) { size(ids) }', 'a tuple'],
    ['rest parameters', 'function f(...ids: string[]) { size(ids) }', 'rest parameters'],
    [
      'a list that its schema limits',
      'import { z } from "zod"; const body = z.object({ ids: z.array(z.string()).max(5) }); export function f({ ids }: z.infer<typeof body>) { size(ids) }',
      'a length limited by its schema',
    ],
    [
      'a page of a bucket',
      'declare const s3: { send(command: unknown): Promise<string[]> }; declare class ListObjectsV2Command { constructor(of: object) }; async function f() { size(await s3.send(new ListObjectsV2Command({ MaxKeys: 10 }))) }',
      'one page',
    ],
    ['one chunk', 'declare function nextChunk(): string[]; size(nextChunk())', 'a chunk'],
    [
      'chunks of a few',
      'declare function toChunks(texts: string[], n: number): string[][]; size(toChunks(["a"], 10))',
      'a chunk',
    ],
    ['a slice', 'function f(ids: string[]) { size(ids.slice(0, 10)) }', 'a slice'],
    ['the last few', 'function f(ids: string[]) { size(ids.slice(-10)) }', 'a slice'],
    [
      'as many as are taken',
      'declare function take<T>(items: T[], n: number): T[]; function f(ids: string[]) { size(take(ids, 5)) }',
      'as many as it takes',
    ],
    [
      'a turn of a chunk loop',
      'declare function chunk<T>(items: T[]): T[][]; function f(ids: string[]) { for (const part of chunk(ids)) size(part) }',
      'one chunk',
    ],
    [
      'a callback of batches',
      'declare const model: { findInBatches(done: (ids: string[]) => void): void }; model.findInBatches((ids) => { size(ids) })',
      'one chunk',
    ],
    [
      'a page size',
      'declare const db: { findMany(o: object): Promise<string[]> }; async function f() { const ids = await db.findMany({ take: 5 }); size(ids) }',
      'one page',
    ],
    [
      'a query with a limit',
      'declare const db: any; async function f() { const rows = await db.select().from("users").limit(10).execute(); size(rows) }',
      'as many as it takes',
    ],
    [
      'a page size with a name',
      'declare const db: { findMany(o: object): Promise<string[]> }; async function f() { const limit = 50; const ids = await db.findMany({ limit }); size(ids) }',
      'one page',
    ],
    [
      'a field of a page of a hundred',
      'declare function fetchTree(page: number, perPage: number): Promise<{ tree: string[] }>; async function f() { const perPage = 100; const page = await fetchTree(1, perPage); size(page.tree) }',
      'one page',
    ],
    [
      'a limited number of workers',
      'function f(concurrency: number) { size(Array.from({ length: concurrency })) }',
      'a fixed length',
    ],
    ['what is registered', 'function f(plugins: string[]) { size(plugins) }', 'what is registered or configured'],
    [
      'a length that is checked',
      'function f(ids: string[]) { if (ids.length > 50) throw new Error(); size(ids) }',
      'a checked length',
    ],
    ['pushes outside loops', 'function f() { const ids: string[] = []; ids.push("a"); size(ids) }', 'a push'],
  ])('%s', (_, code, why) => {
    expect(shown(sizeIn(code))).toBe(`at most: ${why}`)
  })
})

describe('inputs whose size the outside world decides', () => {
  test.each([
    ['a parameter', 'export function f(ids: string[]) { size(ids) }', 'parameter ids'],
    ['a part of a parameter', 'export function f({ ids }: { ids: string[] }) { size(ids) }', 'parameter ids'],
    [
      'the same, once filtered',
      'export function f(ids: string[]) { size([...new Set(ids.filter(Boolean))]) }',
      'parameter ids',
    ],
    [
      'a slice without an end, where nobody sets one',
      'export function f(ids: string[], most?: number) { const end = most ?? Infinity; size(ids.slice(0, end)) }',
      'parameter ids',
    ],
    [
      'what a callback makes of a folder',
      'import { readdir } from "node:fs/promises"; async function f() { size(await readdir(".").then((names) => names.filter(Boolean)).catch(() => [])) }',
      'listing readdir',
    ],
    [
      'what a function goes through',
      'import { readdir } from "node:fs/promises"; declare function mapAsync<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]>; async function f() { size(await mapAsync(await readdir("."), async (name) => name)) }',
      'listing readdir',
    ],
    ['a list by the name of one item', 'export function f(urlList: string[]) { size(urlList) }', 'parameter urlList'],
    [
      'what gives all there are, by its name',
      'declare function getAllUsers(): Promise<string[]>; async function f() { size(await getAllUsers()) }',
      'query getAllUsers',
    ],
    [
      'a query that goes on',
      'declare const db: any; async function f() { const rows = await db.select().from("users").where("active").execute(); size(rows) }',
      'query select',
    ],
    [
      'what is made of itself again and again',
      `export function f(ids: string[]) { let some = ids; ${'some = some.filter(Boolean); '.repeat(30)}size(some) }`,
      'parameter ids',
    ],
    ['all but the first', 'export function f(ids: string[]) { size(ids.slice(1)) }', 'parameter ids'],
    [
      'a check for none is no limit',
      'export function f(ids: string[]) { if (ids.length > 0) size(ids) }',
      'parameter ids',
    ],
    [
      'a folder',
      'import { readdir } from "node:fs/promises"; async function f() { size(await readdir(".")) }',
      'listing readdir',
    ],
    [
      'a bucket',
      'declare const s3: { send(command: unknown): Promise<{ Contents?: { Key: string }[] }> }; declare class ListObjectsV2Command { constructor(of: object) }; async function f() { const output = await s3.send(new ListObjectsV2Command({ Bucket: "b" })); size((output.Contents ?? []).map(({ Key }) => Key)) }',
      'listing ListObjectsV2Command',
    ],
    [
      'lines that a program printed',
      'declare function run(): Promise<{ stdout: string }>; async function f() { const { stdout } = await run(); const paths = stdout.trim().split("\\n").filter(Boolean); size(paths) }',
      'output stdout',
    ],
    [
      'a page of as many as nobody has',
      'declare const db: { findMany(o: object): Promise<string[]> }; async function f() { const rows = await db.findMany({ limit: 10_000 }); size(rows) }',
      'query findMany',
    ],
    [
      'a page of a thousand, in a field of the answer',
      'declare function fetchTree(page: number, perPage: number): Promise<{ tree: string[] }>; async function f() { const perPage = 1000; const treePage = await fetchTree(1, perPage); const tree = treePage.tree; size(tree) }',
      'listing fetchTree',
    ],
    [
      'a query',
      'declare const db: { findMany(): Promise<string[]> }; async function f() { const rows = await db.findMany(); size(rows) }',
      'query findMany',
    ],
    ['the body of a request', 'declare const req: { body: { ids: string[] } }; size(req.body.ids)', 'request ids'],
    [
      'a part of the body of a request',
      'declare const req: { body: { ids: string[] } }; function f() { const { ids } = req.body; size(ids) }',
      'request ids',
    ],
    [
      'a part of the body of a request, once it is read',
      'declare const request: Request; async function f() { const { ids } = await request.json(); size(ids) }',
      'request ids',
    ],
    [
      'a part of a variable with the body',
      'declare const request: Request; async function f() { const sent = await request.json(); size(sent.ids) }',
      'request ids',
    ],
    [
      'a part of what a framework reads',
      'declare function readBody(event: unknown): Promise<{ ids: string[] }>; async function f(event: unknown) { const body = await readBody(event); const { ids } = body; size(ids) }',
      'request ids',
    ],
    ['a field', 'declare const index: { documents: string[] }; size(index.documents)', 'field documents'],
    [
      'what a stream gave',
      'declare const lines: AsyncIterable<string>; async function f() { const texts: string[] = []; for await (const line of lines) texts.push(line); size(texts) }',
      'stream lines',
    ],
    [
      'an array filled from a listing',
      'import { readdirSync } from "node:fs"; function f() { const files: string[] = []; for (const name of readdirSync(".")) files.push(name); size(files) }',
      'listing readdirSync',
    ],
    [
      'what all pages gave',
      'declare function load(at: string): Promise<{ rows: string[], next: string }>; async function f() { const rows: string[] = []; let next = "a"; while (next) { const page = await load(next); rows.push(...page.rows); next = page.next } size(rows) }',
      'pages rows',
    ],
    [
      'what all pages gave, and a check let through',
      'declare function load(at: string): Promise<{ rows: string[], next: string }>; async function f() { const rows: string[] = []; let next = ""; do { const page = await load(next); for (const row of page.rows) if (row) rows.push(row); next = page.next } while (next); size(rows) }',
      'pages rows',
    ],
    [
      'chunks of many',
      'declare function toChunks(texts: string[], n: number): string[][]; export function f(texts: string[]) { size(toChunks(texts, 10)) }',
      'parameter texts',
    ],
    [
      'the input of a procedure',
      'import { z } from "zod"; declare const procedure: any; const body = z.object({ ids: z.array(z.string()) }); procedure.input(body).query(({ input }) => { const { ids } = input; size(ids) })',
      'request ids',
    ],
    [
      'a variable set later',
      'import { readdir } from "node:fs/promises"; async function f() { let names: string[] = []; names = await readdir("."); size(names) }',
      'listing readdir',
    ],
    [
      'what is made of many',
      'declare function pack(texts: string[]): string[]; export function f(texts: string[]) { const packedTexts = pack(texts); size(packedTexts) }',
      'parameter texts',
    ],
    [
      'results of many',
      'import { readdir } from "node:fs/promises"; async function f() { const names = await readdir("."); const read = await Promise.all(names.map(async (n) => n)); size(read) }',
      'listing readdir',
    ],
  ])('%s', (_, code, expected) => {
    expect(shown(sizeIn(code))).toBe(expected)
  })

  test('through a function of another file', () => {
    const files = {
      'walk.ts':
        'import { readdir } from "node:fs/promises"\nexport async function walkAll() { return (await readdir(".")).filter(Boolean) }',
    }
    expect(
      shown(
        sizeIn(
          'import { walkAll } from "./walk.js"\nasync function f() { const found = await walkAll(); size(found) }',
          files,
        ),
      ),
    ).toBe('listing readdir')
  })
})

describe('callers that are all in sight', () => {
  test('all give few', () => {
    expect(shown(sizeIn('function f(ids: string[]) { size(ids) }\nf(["a"])\nf(["b"])'))).toBe(
      'at most: an array literal',
    )
  })

  test('one gives many', () => {
    expect(
      shown(
        sizeIn(
          'import { readdirSync } from "node:fs"\nfunction f(ids: string[]) { size(ids) }\nf(["a"])\nf(readdirSync("."))',
        ),
      ),
    ).toBe('listing readdirSync')
  })

  test('an exported function has callers elsewhere', () => {
    expect(shown(sizeIn('export function f(ids: string[]) { size(ids) }\nf(["a"])'))).toBe('parameter ids')
  })

  test('a function that is handed on is called by who knows whom', () => {
    expect(
      shown(
        sizeIn('declare function hand(f: unknown): void\nfunction f(ids: string[]) { size(ids) }\nf(["a"])\nhand(f)'),
      ),
    ).toBe('parameter ids')
  })
})

test.each([
  ['a name that says nothing', 'export function f(things: string[]) { size(things) }'],
  [
    'a query whose result has a name for one',
    'declare const db: { find(): Promise<string[]> }; async function f() { const found = await db.find(); size(found) }',
  ],
  [
    'pages that end when there are enough',
    'declare function load(at: string): Promise<{ rows: string[], next: string }>; async function f(most: number) { const rows: string[] = []; let next = "a"; while (next) { const page = await load(next); rows.push(...page.rows); if (rows.length >= most) break; next = page.next } size(rows) }',
  ],
  [
    'lines that a program printed, under a name for few',
    'declare const stdout: string; function f() { const heads = stdout.split("\\n"); size(heads) }',
  ],
  [
    'what a worker made of a list of its own',
    'declare function work(on: string): Promise<string>; async function f(queue: string[]) { const rows: string[] = []; while (queue.length > 0) { const next = queue.shift(); if (next) rows.push(await work(next)) } size(rows) }',
  ],
  [
    'what a callback gathers',
    'declare function visit(text: string, each: (link: string) => void): void; function f(text: string) { const links: string[] = []; visit(text, (link) => { links.push(link) }); size(links) }',
  ],
  [
    'all of what programs keep few of',
    'declare function getAllThemes(): Promise<string[]>; async function f() { size(await getAllThemes()) }',
  ],
  ['a search in an array', 'declare const rows: string[][]; size(rows.find((row) => row.length > 0))'],
  ['what one item holds', 'export function f(teams: { ids: string[] }[]) { teams.map(({ ids }) => size(ids)) }'],
  ['recursion', 'function f(n: number): string[] { return f(n - 1) }\nsize(f(3))'],
])('nothing is known of %s', (_, code) => {
  expect(shown(sizeIn(code))).toBe('unknown')
})

test('nothing is known of what a variable of another file is given later', () => {
  const files = {
    './links.ts':
      'declare function find(text: string): string[]\nexport function linksIn(text: string) { let links: string[] = []; links = find(text); return links }',
  }
  expect(shown(sizeIn('import { linksIn } from "./links.js"; size(linksIn("a"))', files))).toBe('unknown')
})
