import { callerOf, NODE } from '../trace/location.ts'
import { ask, getterOf } from '../trace/look.ts'
import { tracing } from '../trace/probe.ts'
import type { Recorder } from '../trace/recorder.ts'
import { alike, replace } from './alike.ts'

type Abort = (this: unknown, ...args: unknown[]) => unknown
type Timeout = (this: unknown, ms: unknown) => unknown

const { setTimeout } = globalThis
/** In ms. */
const LONGEST_TIMER = 2 ** 31 - 1
const CONTROLLER = AbortController.prototype
const SIGNAL = AbortSignal.prototype
const signal = getterOf(CONTROLLER, 'signal')
const aborted = getterOf(SIGNAL, 'aborted')
const reason = getterOf(SIGNAL, 'reason')

/**
 * Records when signals of the platform abort: where, and why. Whom they reach nobody tells, for to listen to them could
 * be noticed; but what goes on all the same shows beside them.
 */
export function recordSignals(recorder: Recorder): void {
  recordAborts(recorder)
  recordTimeouts(recorder)
}

function recordAborts(recorder: Recorder): void {
  const recorded = (target: Abort, self: unknown, args: unknown[]): unknown => {
    const own = ask(CONTROLLER, signal, self)
    const isOurs = tracing.aborting === own || tracing.aside === true
    tracing.aborting = undefined
    if (!isOurs && ask(SIGNAL, aborted, own) === false) {
      const location = callerOf(recorded)
      if (location !== NODE) cancelled(recorder, 'called', args[0], location)
    }
    return Reflect.apply(target, self, args)
  }
  replace(CONTROLLER, 'abort', alike(Reflect.get(CONTROLLER, 'abort') as Abort, recorded))
}

/** A timer of ours fires right behind the signal's own. It keeps neither the program nor the signal alive. */
function recordTimeouts(recorder: Recorder): void {
  const recorded = (target: Timeout, self: unknown, args: Parameters<Timeout>): unknown => {
    const made = Reflect.apply(target, self, args) as AbortSignal
    const location = callerOf(recorded)
    if (location === NODE) return made
    const held = new WeakRef(made)
    const look = (): void => {
      const left = held.deref()
      if (ask(SIGNAL, aborted, left) === true) cancelled(recorder, 'timedOut', ask(SIGNAL, reason, left), location)
    }
    // The platform has refused what is no number, and warned of one that no timer can hold: then it takes 1.
    const ms = Number(args[0])
    setTimeout(look, ms > LONGEST_TIMER ? 1 : ms).unref()
    return made
  }
  replace(AbortSignal, 'timeout', alike(Reflect.get(AbortSignal, 'timeout') as Timeout, recorded))
}

function cancelled(recorder: Recorder, cause: 'called' | 'timedOut', why: unknown, location: string | undefined): void {
  const scope = recorder.openScopeAt('context', undefined, 0, location)
  recorder.cancel(scope, cause, why)
  recorder.endScope(scope, 'ok')
}
