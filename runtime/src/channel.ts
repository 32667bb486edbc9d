import { expectFunction, expectNonNegativeInteger, signalOf } from './expect.ts'
import type { SelectCase } from './select.ts'
import type { WaitOptions } from './task.ts'
import { closeScope, openScope, traceLevel, traceLine, TRACES } from '#traced'
import { WaitQueue } from './waitQueue.ts'

/** What was received: a value, or that the channel is closed and empty. */
export type Received<T> =
  { readonly value: T; readonly done: false } | { readonly value: undefined; readonly done: true }

const END: Received<never> = { value: undefined, done: true }

/**
 * Hands values from senders to receivers, in order, each value to one receiver. Without capacity a send waits for
 * its receiver; with it, sends wait only while the channel is full. Loops with `for await` end when the channel
 * is closed and empty; leaving such a loop does not close it.
 *
 * The idea comes from Go's channels.
 */
export class Channel<T> implements AsyncIterable<T> {
  /** How many values the channel holds before sends wait. */
  readonly capacity: number
  readonly #buffer: T[] = []
  readonly #receivers = new WaitQueue<Received<T>>()
  /** Each brings its value. */
  readonly #senders = new WaitQueue<void, T>()
  #closed = false

  /**
   * @param capacity Default: 0.
   * @throws TypeError when it is no non-negative integer.
   */
  constructor(capacity = 0) {
    expectNonNegativeInteger('capacity', capacity)
    this.capacity = capacity
    if (TRACES) {
      openScope(this, 'channel', undefined, capacity, Channel)
      traceLine(this.#senders, 'send', this)
      traceLine(this.#receivers, 'receive', this)
    }
  }

  /** Whether `close` was called; values may still be held. */
  get closed(): boolean {
    return this.#closed
  }

  /** Values held, those of waiting senders not included. */
  get size(): number {
    return this.#buffer.length
  }

  /**
   * Waits until a receiver has the value, or the channel has room for it.
   *
   * @throws Error when the channel is closed: at the call, or as a rejection when it closes during the wait. The
   * signal's reason when it aborts first; the value was then not sent.
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    const signal = signalOf(options)
    this.#expectOpen()
    if (signal?.aborted !== true && this.#offer(value)) return Promise.resolve()
    const sent = this.#senders.wait(signal, value)
    if (TRACES) this.#level()
    return sent
  }

  /**
   * Waits for a value, or for the end: once the channel is closed and empty, `done` is true.
   *
   * @throws the signal's reason when it aborts first; no value is then lost.
   */
  receive(options?: WaitOptions): Promise<Received<T>> {
    const signal = signalOf(options)
    const received = signal?.aborted === true ? undefined : this.#poll()
    return received === undefined ? this.#receivers.wait(signal) : Promise.resolve(received)
  }

  /** Ends the channel: what it holds can still be received, sends that wait are refused. Harmless when repeated. */
  close(): void {
    this.#closed = true
    this.#senders.rejectAll(closedError())
    this.#receivers.resolveAll(END)
    closeScope(this)
  }

  /** Receives until the channel is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let next = await this.receive(); !next.done; next = await this.receive()) yield next.value
  }

  /** A case of `select`: to receive from this channel. `fn` gets what was received. */
  receiving<R>(fn: (received: Received<T>) => R | PromiseLike<R>): SelectCase<R> {
    expectFunction('fn', fn)
    return {
      ready: () => this.#closed || this.#buffer.length > 0 || this.#senders.size > 0,
      take: () => {
        const received = this.#poll() ?? END
        return () => fn(received)
      },
      enrol: (chosen) => {
        const receiver = this.#receivers.join((received) => {
          chosen(async () => await fn(await received))
        }, undefined)
        return () => {
          this.#receivers.remove(receiver)
        }
      },
    }
  }

  /** A case of `select`: to send `value` to this channel. `fn` is called when it was sent. */
  sending<R>(value: T, fn: () => R | PromiseLike<R>): SelectCase<R> {
    expectFunction('fn', fn)
    return {
      ready: () => this.#closed || this.#receivers.size > 0 || this.#buffer.length < this.capacity,
      take: () => {
        this.#expectOpen()
        this.#offer(value)
        return fn
      },
      enrol: (chosen) => {
        const sender = this.#senders.join((sent) => {
          chosen(async () => {
            await sent
            return await fn()
          })
        }, value)
        return () => {
          this.#senders.remove(sender)
        }
      },
    }
  }

  /** Hands the value on without waiting, if that is possible. */
  #offer(value: T): boolean {
    if (this.#receivers.resolveFirst({ value, done: false })) return true
    if (this.#buffer.length === this.capacity) return false
    this.#buffer.push(value)
    if (TRACES) this.#level()
    return true
  }

  /** What can be received now. */
  #poll(): Received<T> | undefined {
    const sender = this.#senders.first
    if (sender !== undefined) {
      this.#buffer.push(sender.load)
      this.#senders.resolveFirst()
    }
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift() as T
      if (TRACES) this.#level()
      return { value, done: false }
    }
    return this.#closed ? END : undefined
  }

  #level(): void {
    traceLevel(this, this.#buffer.length, this.#senders.size)
  }

  #expectOpen(): void {
    if (this.#closed) throw closedError()
  }
}

function closedError(): Error {
  return new Error('The channel is closed: nothing more can be sent')
}
