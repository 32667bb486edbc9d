/** typescript-eslint's `return-await`, as it is in its strict preset: `error-handling-correctness-only`. */
import { describeParity } from './parity.ts'

const API = `declare function load(path: string): Promise<string>
declare const lock: { release(): void }
`

describeParity('return-await', [
  {
    name: 'a promise that is returned from a try with a handler',
    verdict: 'must',
    why: 'the handler has been left behind when it rejects',
    by: ['no-unawaited-return', 'likely'],
    code: [
      `${API}export async function f() { try { return load('a') } catch { return '' } }`,
      `${API}export const f = async () => { try { return load('a').then((text) => text.trim()) } catch { return '' } }`,
      `${API}export class A { async f() { try { return load('a') } catch (e) { throw new Error(String(e)) } } }`,
      `${API}export async function f(a: boolean) { try { return a ? load('a') : load('b') } catch { return '' } }`,
      `${API}export async function f() { try { for (const a of ['a']) { return load(a) } } catch { return '' } return '' }`,
    ],
  },
  {
    name: 'a promise that is returned past a finally, from the try or from its handler',
    verdict: 'must',
    why: 'what finally does comes too early',
    by: ['no-unawaited-return', 'likely'],
    code: [
      `${API}export async function f() { try { return load('a') } finally { lock.release() } }`,
      `${API}export async function f() { try { lock.release() } catch { return load('a') } finally { lock.release() } return '' }`,
      `${API}export async function f() { try { try { return load('a') } catch (e) { throw e } } finally { lock.release() } }`,
    ],
  },
  {
    name: 'a promise that is returned past a using',
    verdict: 'must',
    why: 'what is held is let go while the work is under way',
    by: ['no-unawaited-return', 'likely'],
    code: [
      `${API}export async function f(d: Disposable) { using held = d; return load(String(held)) }`,
      `${API}export async function f(d: AsyncDisposable) { await using held = d; return load(String(held)) }`,
    ],
  },
  {
    name: 'a handler that throws another error, with something before the return that it may be for',
    verdict: 'must',
    why: 'whether the failure should be taken for one of the other kind, only the author knows',
    by: ['no-unawaited-return', 'possible'],
    code: [
      `${API}export async function f(a: string) { try { const url = new URL(a); return load(url.href) } catch { throw new Error('no URL') } }`,
    ],
  },
  {
    name: 'what is awaited, or returned where nothing is left behind',
    verdict: 'must not',
    why: 'the caller waits for it, and there is nobody else to be told',
    code: [
      `${API}export async function f() { try { return await load('a') } catch { return '' } }`,
      `${API}export async function f() { try { lock.release() } catch { return load('a') } return '' }`,
      `${API}export async function f() { try { lock.release() } finally { return load('a') } }`,
      `${API}export async function f() { return load('a') }`,
      `${API}export const f = async () => load('a')`,
      `${API}export function f() { try { return load('a') } catch { return undefined } }`,
      `${API}export async function* f() { try { yield ''; return load('a') } catch { return '' } }`,
      `${API}export async function f() { try { return () => load('a') } catch { return undefined } }`,
      `export async function f(a: any) { try { return a.load() } catch { return undefined } }`,
    ],
  },
  {
    name: 'a handler that does nothing, or that nothing can reach',
    verdict: 'must not',
    why: 'to wait would change nothing',
    code: [
      `${API}export async function f() { try { return load('a') } catch (e) { throw e } }`,
      `${API}export async function f() { try { return load('a').catch(() => '') } catch { return '' } }`,
      `export async function f() { try { return Promise.resolve(1) } catch { return 2 } }`,
    ],
  },
  {
    name: 'return await outside of a try',
    verdict: 'out of scope',
    why: 'it costs a turn of the event loop and gives a longer stack; a matter of style',
    code: [`${API}export async function f() { return await load('a') }`],
  },
])
