import ts from 'typescript'
import { expect, test } from 'vitest'
import { watchOf } from '../../../../lint/analysis/cancellation/signalWatch.ts'
import { marked } from '../marked.ts'

const MINDS = { kind: 'minds' }
const IGNORES = { kind: 'ignores' }

test.each([
  ['nothing said', 'while (true) { await step() }', IGNORES],
  ['the signal is read', 'while (!signal.aborted) { await step() }', MINDS],
  ['the signal is asked to throw', 'for (;;) { signal.throwIfAborted(); await step() }', MINDS],
  ['the signal is handed on', 'while (true) { await step(signal) }', MINDS],
  ['it travels in an object', 'while (true) { await step(options) }', MINDS],
  ['a flag that others set', 'while (!this.stopped) { await step() }', MINDS],
  ['a private flag', 'while (this.#running) { await step() }', MINDS],
  ['the handler rethrows', 'while (true) { try { await step(signal) } catch (error) { throw error } }', MINDS],
  ['the handler leaves', 'while (true) { try { await step(signal) } catch { break } }', MINDS],
  [
    'the handler looks at the error',
    'while (true) { try { await step(signal) } catch (error) { if (isFatal(error)) throw error } }',
    MINDS,
  ],
  ['looked at outside the try', 'while (!signal.aborted) { try { await step(signal) } catch {} }', MINDS],
  ['the handler stands around the loop', 'try { while (true) { await step(signal) } } catch {}', MINDS],
])('%s', (_, body, expected) => {
  expect(watch(body)).toMatchObject(expected)
})

test.each([
  ['an empty handler', 'while (true) { try { await step(signal) } catch {} }'],
  ['a handler that logs', 'while (true) { try { await step(signal) } catch (error) { console.error(error) } }'],
  [
    'a handler that counts',
    'while (true) { try { await step(signal) } catch (error) { if (attempt > 3) throw error } }',
  ],
  ['a handler that goes on', 'while (true) { try { await step(signal) } catch { continue } }'],
])('an abort is swallowed by %s', (_, body) => {
  const found = watch(body)
  expect(found.kind).toBe('swallows')
  expect(found.kind === 'swallows' && found.call.getText()).toBe('step(signal)')
  expect(found.kind === 'swallows' && found.clause.getText()).toMatch(/^catch/u)
})

function watch(body: string): ReturnType<typeof watchOf> {
  const { analysis, fn } = marked(`
    declare function step(options?: AbortSignal | { signal: AbortSignal }): Promise<void>
    declare function isFatal(error: unknown): boolean
    export class Worker {
      stopped = false
      #running = true
      async f(signal: AbortSignal, options: { signal: AbortSignal }, attempt = 0) { ${body} }
    }`)
  let loop: ts.IterationStatement | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isIterationStatement(node, false)) loop ??= node
    ts.forEachChild(node, visit)
  }
  if (fn.body) visit(fn.body)
  if (!loop) throw new Error('Expected a loop in `f`')
  return watchOf(loop, analysis)
}
