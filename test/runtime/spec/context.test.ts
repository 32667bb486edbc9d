import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  contextKey,
  withCancel,
  withDeadline,
  withTimeout,
  withValue,
  type ContextKey,
  type Scope,
} from '@forkline/runtime'
import { listeners } from '../listeners.ts'

/** Behaviour that the tests of Go's context pin down; docs/runtime-parity.md says which carries over. */
describe('context', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const name = contextKey<string>('name')

  it('TestBackground: a scope without parent is neither aborted nor limited in time, and knows no values', () => {
    const scope = withCancel()
    expect([scope.signal.aborted, scope.deadline, scope.value(name)]).toEqual([false, undefined, undefined])
  })

  it('TestWithCancel: cancelling aborts the scope and what derives from it, at once, through any kind of link', () => {
    const outer = withCancel()
    const plain = withCancel(outer.signal)
    const inner = withCancel(plain)
    expect([outer, plain, inner].map((scope) => scope.signal.aborted)).toEqual([false, false, false])
    outer.cancel()
    expect([outer, plain, inner].map((scope) => scope.signal.aborted)).toEqual([true, true, true])
    expect(inner.signal.reason).toBe(outer.signal.reason)
    expect((inner.signal.reason as DOMException).name).toBe('AbortError')
  })

  it('TestParentFinishesChild: children of all kinds end with the parent, and leave no listener and no timer', () => {
    const controller = new AbortController()
    const parent = controller.signal
    const children = [withCancel(parent), withTimeout(10_000, withValue(name, 'value', parent))]
    // One, however many follow.
    expect(listeners(parent)).toBe(1)
    controller.abort()
    expect(children.every((child) => child.signal.aborted)).toBe(true)
    expect(listeners(parent)).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(withValue(name, 'late', parent).signal.aborted).toBe(true)
  })

  it.each(['none', 'a scope'])(
    'TestChildFinishesFirst: a child that ends leaves its parent alone (parent: %s)',
    (kind) => {
      const parent = kind === 'none' ? undefined : withCancel()
      const child = withCancel(parent)
      child.cancel()
      expect(child.signal.aborted).toBe(true)
      if (parent === undefined) return
      expect([parent.signal.aborted, listeners(parent.signal)]).toEqual([false, 0])
    },
  )

  it('TestDeadline: the scope aborts at its date, at once if that has passed, and the nearest date counts', async () => {
    const soon = withDeadline(Date.now() + 50)
    const between = withDeadline(Date.now() + 4000, soon)
    expect(between.deadline).toBe(soon.deadline)
    expect(soon.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(50)
    for (const { signal } of [soon, between, withDeadline(new Date(Date.now() - 1)), withDeadline(Date.now())]) {
      expect(signal.aborted).toBe(true)
      expect((signal.reason as DOMException).name).toBe('TimeoutError')
    }
  })

  it('TestTimeout: the scope aborts when its time is up, and so do longer ones inside it', async () => {
    const scope = withTimeout(50)
    const inside = withTimeout(3000, scope)
    await vi.advanceTimersByTimeAsync(49)
    expect(inside.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect([scope.signal.aborted, inside.signal.reason === scope.signal.reason]).toEqual([true, true])
  })

  it('TestCanceledTimeout: cancelled before its time, it ends as cancelled and its timer is gone', () => {
    const outer = withTimeout(1000)
    const inner = withTimeout(2000, outer)
    inner.cancel()
    expect((inner.signal.reason as DOMException).name).toBe('AbortError')
    expect(vi.getTimerCount()).toBe(1)
  })

  it('TestValues: found from the nearest scope outwards, by key; keys of one name are still two', () => {
    const one = contextKey<string>('one')
    const sameName = contextKey<string>('one')
    const outer = withValue(one, 'outer')
    const inner = withValue(sameName, 'other', outer)
    const hidden = withValue<string | undefined>(one, undefined, inner)
    const found = (scope: Scope) => [scope.value(one), scope.value(sameName)]
    expect([outer, inner, hidden].map(found)).toEqual([
      ['outer', undefined],
      ['outer', 'other'],
      [undefined, 'other'],
    ])
    expect(found(withCancel(withTimeout(5, inner)))).toEqual(['outer', 'other'])
  })

  it('TestSimultaneousCancels: a tree of a hundred, cancelled in any order, all ends', () => {
    const scopes = [withCancel()]
    for (let i = 0; scopes.length < 100; i++) {
      for (let child = 0; child < 4; child++) scopes.push(withCancel(scopes[i]))
    }
    for (let i = 0; i < scopes.length; i++) scopes[(i * 37) % scopes.length]?.cancel(i)
    expect(scopes.every(({ signal }) => signal.aborted && listeners(signal) === 0)).toBe(true)
  })

  it('TestInterlockedCancels: a child may be cancelled while its parent is', () => {
    const parent = withCancel()
    const child = withCancel(parent)
    parent.signal.addEventListener(
      'abort',
      () => {
        child.cancel('own reason')
      },
      { once: true },
    )
    parent.cancel('reason of the parent')
    expect(child.signal.aborted).toBe(true)
    expect(listeners(parent.signal)).toBe(0)
  })

  /** Thirty layers of every kind, in turn. */
  function layers(): { readonly scopes: readonly Scope[]; readonly keys: readonly ContextKey<number>[] } {
    const scopes: Scope[] = []
    const keys: ContextKey<number>[] = []
    for (let i = 0; i < 30; i++) {
      const parent = scopes.at(-1)
      if (i % 3 === 0) {
        const key = contextKey<number>(String(i))
        keys.push(key)
        scopes.push(withValue(key, i, parent))
      } else scopes.push(i % 3 === 1 ? withCancel(parent) : withTimeout(200, parent))
    }
    return { scopes, keys }
  }

  it('TestLayersCancel: through thirty layers, cancelling one ends all inside it; values stay', () => {
    const { scopes, keys } = layers()
    scopes[14]?.cancel()
    expect(scopes.map((scope) => scope.signal.aborted)).toEqual(scopes.map((_, index) => index >= 14))
    expect(keys.map((key) => scopes.at(-1)?.value(key))).toEqual(keys.map((key) => Number(key.name)))
    scopes[0]?.cancel()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('TestLayersTimeout: through thirty layers, the first time limit ends all inside it; values stay', async () => {
    const { scopes, keys } = layers()
    await vi.advanceTimersByTimeAsync(200)
    expect(scopes.map((scope) => scope.signal.aborted)).toEqual(scopes.map((_, index) => index >= 2))
    expect(keys.map((key) => scopes.at(-1)?.value(key))).toEqual(keys.map((key) => Number(key.name)))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('TestCancelRemoves: a cancelled child lets go of its parent', () => {
    const parent = new AbortController()
    const { signal } = parent
    const children = [withCancel(signal), withTimeout(3_600_000, signal), withDeadline(Date.now() + 5000, signal)]
    expect(listeners(signal)).toBe(1)
    for (const child of children) child.cancel()
    expect([listeners(parent.signal), vi.getTimerCount()]).toEqual([0, 0])
  })

  it('TestWithCancelCanceledParent: derived from a cancelled one, it is cancelled from the start, same reason', () => {
    const parent = withCancel()
    parent.cancel(new Error('over'))
    for (const child of [withCancel(parent), withTimeout(50, parent), withValue(name, 'x', parent)]) {
      expect(child.signal.reason).toBe(parent.signal.reason)
    }
    expect(vi.getTimerCount()).toBe(0)
  })

  it('TestWithValueChecksKey: a key that was not made for it is a TypeError at the call', () => {
    expect(() => withValue(null as never, 'bar')).toThrow(
      new TypeError('Expected `key` to be a key made by `contextKey`, got null'),
    )
    expect(() => withValue('name' as never, 'bar')).toThrow(TypeError)
  })

  it('TestInvalidDerivedFail: deriving from what is neither scope nor signal is a TypeError at the call', () => {
    expect(() => withCancel(7 as never)).toThrow(new TypeError('Expected `parent` to be an AbortSignal, got 7'))
    expect(() => withTimeout(5, {} as never)).toThrow(
      new TypeError('Expected `parent` to be an AbortSignal, got an object'),
    )
  })

  it('TestDeadlineExceededSupportsTimeout: the reason tells a time limit from a cancellation', async () => {
    const limited = withTimeout(1)
    const cancelled = withCancel()
    cancelled.cancel()
    await vi.advanceTimersByTimeAsync(1)
    expect([limited, cancelled].map(({ signal }) => (signal.reason as DOMException).name)).toEqual([
      'TimeoutError',
      'AbortError',
    ])
  })

  it('TestCustomContextGoroutines: deriving costs one listener on the source, and none once it has ended', () => {
    const controller = new AbortController()
    const scopes = Array.from({ length: 10 }, () => withCancel(controller.signal))
    expect(listeners(controller.signal)).toBe(1)
    const inside = withCancel(scopes[0])
    expect(listeners(controller.signal)).toBe(1)
    for (const scope of scopes) scope.cancel()
    expect([listeners(controller.signal), inside.signal.aborted]).toEqual([0, true])
  })

  it('TestCause: the cause given with the cancellation reaches every scope inside, the first one counts', () => {
    const outer = withCancel()
    const inner = withTimeout(1000, withCancel(outer))
    const cause = new Error('parent cause')
    inner.cancel('child cause')
    outer.cancel(cause)
    outer.cancel('second cause')
    expect([inner.signal.reason, outer.signal.reason]).toEqual(['child cause', cause])
    expect(withCancel(outer).signal.reason).toBe(cause)
  })

  it('TestCauseRace: from the moment that a scope is aborted its cause can be read', () => {
    const scope = withCancel()
    let seen: unknown = 'nothing'
    scope.signal.addEventListener(
      'abort',
      () => {
        seen = scope.signal.reason
      },
      { once: true },
    )
    scope.cancel('cause')
    expect(seen).toBe('cause')
  })
})
