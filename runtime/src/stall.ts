import { framesOf, type Frame } from './probe.ts'
import type { Waiter, WaitQueue } from './waitQueue.ts'

/** See noStall.ts. */
export const WATCHES: boolean = true

/** A waiter, and who awaits it, from the waiter outwards. */
interface Probed {
  readonly waiter: Waiter<never, never>
  frames: readonly Frame[]
}

/** What is watched: something with a limited number of places, and a line before them. */
export interface Limited {
  readonly label: string
  /** How many hold places, all by way of the `holding` functions; undefined when a place may yet become free. */
  holders(): number | undefined
  /** The asynchronous functions that run while a place is held, and no longer. */
  readonly holding: readonly object[]
  /** Whether a signal that nobody knows of could end this wait. */
  abortable(signal: AbortSignal | undefined): boolean
}

/** Milliseconds without progress after which a line is looked at. */
const PATIENCE = 100

/** Waiters that are looked at, the latest first: those of tasks that hold places came after them. */
const MOST = 10_000

/** The platform's, whatever a test puts in its place. */
const { setTimeout: after } = globalThis

let watches = 0

/** Those with a line that may have come to a stand. */
const armed = new Set<StallWatch>()
let listening = false

/** A process in which nothing can happen any more ends, unless somebody looks first. */
function listen(): void {
  if (listening) return
  listening = true
  const { process } = globalThis as { process?: Partial<NodeJS.Process> }
  process?.on?.('beforeExit', lookAtAll)
}

/** Looks at every line without waiting for it to come to a stand. */
export function lookAtAll(): void {
  for (const watch of armed) watch.look(true)
}

/**
 * Finds out when all places are held by tasks that wait for a place, and gives those an error instead of a dead-lock.
 *
 * It costs nothing while there is progress. When there has been none for a while, each wait is made to depend on a
 * promise of ours, whose continuation V8 tells the stack of: it shows who awaits the wait. Only when these chains of
 * `await` lead from waiters to as many different holders as there are, is it a dead-lock: a task that merely started
 * another and goes on is none of them.
 */
export class StallWatch {
  readonly #limited: Limited
  readonly #line: WaitQueue<never, never>
  #served = -1
  #name: string | undefined

  constructor(limited: Limited, line: unknown) {
    this.#limited = limited
    this.#line = line as WaitQueue<never, never>
  }

  /** To be called when somebody joins the line. */
  arm(): void {
    if (armed.has(this)) return
    armed.add(this)
    listen()
    this.#served = this.#line.left
    const timer: unknown = after(() => {
      if (armed.has(this)) this.look()
    }, PATIENCE)
    if (typeof timer === 'object') (timer as NodeJS.Timeout).unref()
  }

  /**
   * Looks at the line.
   *
   * @param still whether there can be no more progress; otherwise it is seen by whether somebody has left the line.
   */
  look(still = false): void {
    armed.delete(this)
    if (this.#line.size === 0) return
    if (!still && this.#line.left !== this.#served) {
      this.arm()
      return
    }
    if (this.#limited.holders() === undefined) return
    this.#nameHolding()
    this.#served = this.#line.left
    const soon = new Promise<void>((resolve) => {
      after(resolve, 0)
    })
    const probed: Probed[] = []
    for (let waiter = this.#line.last; waiter !== undefined && probed.length < MOST; waiter = waiter.previous) {
      probed.push(probe(waiter, soon))
    }
    // When all have been probed: timers of one length fire in their order.
    after(() => {
      if (this.#line.left === this.#served) this.#judge(probed)
    }, 0)
  }

  #judge(probed: readonly Probed[]): void {
    const blocked = new Set<string>()
    const guilty = probed.filter(({ frames, waiter }) => {
      const chains = this.#holders(frames)
      if (chains.length === 0 || this.#limited.abortable(waiter.signal)) return false
      for (const chain of chains) blocked.add(chain)
      return true
    })
    // Holders whose chains look alike count as one, which errs on the side of waiting.
    if (guilty.length === 0 || blocked.size !== this.#limited.holders()) return
    for (const { frames, waiter } of guilty) this.#line.reject([waiter], this.#error(frames))
  }

  /** What distinguishes the holders that wait for this waiter: the chains of those who wait for them. */
  #holders(frames: readonly Frame[]): string[] {
    // With `Promise.any` one of several will do.
    if (frames.some(({ text }) => text.includes('Promise.any'))) return []
    const texts = frames.map(({ text }) => text)
    return frames.flatMap(({ name }, index) => (name === this.#name ? [texts.slice(index).join('\n')] : []))
  }

  #error(frames: readonly Frame[]): Error {
    const holder = frames.findIndex(({ name }) => name === this.#name)
    const inner = frames.slice(0, holder).find(isUsers)
    const outer = frames.slice(holder + 1).find(isUsers)
    const { label } = this.#limited
    const error = new Error(
      `Dead-lock: ${label} is full, and every task that holds a place waits for another place. `
        + `One waits at ${place(inner)}, inside the task that was started at ${place(outer)}. `
        + 'Do the inner work without asking for a place, or with a limit of its own',
    )
    error.stack = [`Error: ${error.message}`, ...frames.map(({ text }) => `    at ${text}`)].join('\n')
    return error
  }

  /** Names are asked for when a stack is read, so it is early enough to give them now. */
  #nameHolding(): void {
    if (this.#name !== undefined) return
    this.#name = `held by task of limit ${String(++watches)}`
    for (const fn of this.#limited.holding) Object.defineProperty(fn, 'name', { value: this.#name })
  }
}

/** The wait goes on, in its place in the line, for what it now depends on. */
function probe(waiter: Waiter<never, never>, soon: Promise<void>): Probed {
  const probed: Probed = { waiter, frames: [] }
  const { resolve } = waiter
  const served = new Promise<never>((next) => {
    waiter.resolve = next
  })
  resolve(
    soon.then(() => {
      probed.frames = framesOf()
      return served
    }),
  )
  return probed
}

/** Private methods of this library, and `Promise.all`, are no places that anybody looks for. */
function isUsers({ name, text }: Frame): boolean {
  return !name.startsWith('#') && !text.includes('Promise.all')
}

function place(frame: Frame | undefined): string {
  return frame === undefined ? 'an unknown place, for nobody awaits it' : frame.text.replace(/^async /u, '')
}
