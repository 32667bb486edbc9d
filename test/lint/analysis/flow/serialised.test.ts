import { expect, test } from 'vitest'
import { PackageRoles } from '../../../../lint/analysis/knowledge/packageRoles.ts'
import { isSerialised } from '../../../../lint/analysis/flow/serialised.ts'
import { type Marked, marked } from '../marked.ts'

const A = 'declare const x: any\n'

test.each([
  ['a plain function', `${A}export async function f() { await x() }`, false],
  [
    'a lock taken first',
    `${A}export async function f() { const release = await x.acquire(); await x(); release() }`,
    true,
  ],
  ['a callback of a mutex', `${A}export const f = x.mutex.runExclusive(async () => { await x() })`, true],
  [
    'private, and called under a lock that has a longer name',
    `${A}export class A { async go() { const done = await this.#acquireRequestLock(); await this.f(); done() } async #acquireRequestLock() { return x } private async f() { await x() } }`,
    true,
  ],
  ['a callback of a critical section', `${A}export const f = x.inCriticalSection(async () => { await x() })`, true],
  ['wrapped in once', `${A}export const f = x.once(async () => { await x() })`, true],
  ['wrapped in something else', `${A}export const f = x.timed(async () => { await x() })`, false],
  ['decorated', `${A}export class A { @x.serialized() async f() { await x() } }`, true],
  ['decorated with something else', `${A}export class A { @x.traced() async f() { await x() } }`, false],
  [
    'its promise is kept',
    `${A}export class A { p: any; go() { return (this.p ??= this.f()) } async f() { await x() } }`,
    true,
  ],
  [
    'its promise is kept until it ends',
    `${A}export class A { p: any; go() { this.p = this.f().finally(() => { this.p = undefined }); return this.p } async f() { await x() } }`,
    true,
  ],
  [
    'its promise is given a name and kept by that',
    `${A}export class A { p: any; async go() { if (this.p) return this.p; const it = this.f(); this.p = it; await it } async f() { await x() } }`,
    true,
  ],
  [
    'its promise is given a name and kept in a map',
    `${A}export class A { m = new Map(); async go(k: any) { const it = this.f(); this.m.set(k, it); await it } async f() { await x() } }`,
    true,
  ],
  [
    'its promise is given a name and kept after a wait',
    `${A}export class A { p: any; async go() { const it = this.f(); await x(); this.p = it } async f() { await x() } }`,
    false,
  ],
  [
    'its promise is given a name and awaited',
    `${A}export class A { async go() { const it = this.f(); await it } async f() { await x() } }`,
    false,
  ],
  [
    'it is awaited, and its promise not kept',
    `${A}export class A { async go() { await this.f() } async f() { await x() } }`,
    false,
  ],
  [
    'private, and called under a lock only',
    `${A}export class A { async go() { await x.lock(); await this.#f() } async #f() { await this.f() } private async f() { await x() } }`,
    true,
  ],
  [
    'private, and called without a lock too',
    `${A}export class A { async go() { await x.lock(); await this.f() } async run() { await this.f() } private async f() { await x() } }`,
    false,
  ],
  [
    'private, and called by the constructor only',
    `${A}export class A { constructor() { void this.f() } private async f() { await x() } }`,
    true,
  ],
  [
    'its promise is kept at one place',
    `${A}export class A { p: any; again() { this.p = this.f() } async go() { await this.f() } async f() { await x() } }`,
    true,
  ],
  [
    'its promise is kept at one place, where it keeps one itself',
    `${A}export class A { p: any; again() { this.p = this.f() } async go() { await this.f() } async f() { this.p = new x(); await x() } }`,
    false,
  ],
  [
    'it waits for its predecessor',
    `${A}let tail: any; export async function f() { const before = tail; tail = x.next(); await before; await x() }`,
    true,
  ],
  [
    'private, and awaited by the top of the module only',
    `${A}await g(); async function g() { await f() } async function f() { await x() }`,
    true,
  ],
  [
    'private, and started twice by the top of the module',
    `${A}x.all([f(), f()]); async function f() { await x() }`,
    false,
  ],
  [
    'private, and awaited by a callback',
    `${A}x.map(async () => { await f() }); async function f() { await x() }`,
    false,
  ],
])('%s', (_, code, expected) => {
  expect(isLastSerialised(marked(code))).toBe(expected)
})

const LEASE =
  "declare const withLease: any, gate: any, exclusive: any\nimport { Lease, Counter } from '@acme/work'\nconst lease = new Lease()\n"

test.each([
  ['a callback of a function that is named', `${LEASE}export const f = withLease(async () => { await x() })`, true],
  ['a callback of an object that is named', `${LEASE}export const f = gate.through(async () => { await x() })`, true],
  ['a named function awaited first', `${LEASE}export async function f() { await gate.pass(); await x() }`, true],
  [
    'a named function awaited later',
    `${LEASE}export async function f() { await x.y(); await x(); await gate.pass() }`,
    false,
  ],
  ['a decorator that is named', `${LEASE}export class A { @exclusive() async f() { await x() } }`, true],
  [
    'a callback of what a package makes as a lock',
    `${LEASE}export const f = lease.hold(async () => { await x() })`,
    true,
  ],
  [
    'a callback of what it makes otherwise',
    `${LEASE}const counter = new Counter(); export const f = counter.hold(async () => { await x() })`,
    false,
  ],
  ['a callback of something else', `${LEASE}export const f = x.hold(async () => { await x() })`, false],
])('with what the project says of its locks: %s', (_, code, expected) => {
  const knowledge = new PackageRoles({
    locks: ['withLease', 'gate', 'exclusive'],
    packages: { '@acme/work': { locks: ['Lease'] } },
  })
  expect(isLastSerialised(marked(A + code, knowledge))).toBe(expected)
})

function isLastSerialised({ analysis, fn }: Marked): boolean | undefined {
  const last = fn.body && 'statements' in fn.body ? fn.body.statements.at(-1) : fn.body
  return last && isSerialised(fn, last, analysis.references, analysis.types)
}
