import { expectFunction, expectNonNegativeInteger, expectOptions, expectSignal } from './expect.ts'
import type { SelectCase } from './select.ts'
import type { WaitOptions } from './task.ts'

/** What was received: a value, or that the channel is closed and empty. */
export type Received<T> =
  | { readonly value: T, readonly done: false }
  | { readonly value: undefined, readonly done: true }

interface Receiver<T> {
  receive(received: Received<T>): void
}

interface Sender<T> {
  readonly value: T
  sent(): void
  refuse(error: Error): void
}

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
  /** Sets keep the order of arrival, and let one that gives up leave from any place. */
  readonly #receivers = new Set<Receiver<T>>()
  readonly #senders = new Set<Sender<T>>()
  #closed = false

  /**
   * @param capacity Default: 0.
   * @throws TypeError when it is no non-negative integer.
   */
  constructor(capacity = 0) {
    expectNonNegativeInteger('capacity', capacity)
    this.capacity = capacity
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
  send(value: T, options: WaitOptions = {}): Promise<void> {
    expectOptions('options', options)
    const { signal } = options
    expectSignal('signal', signal)
    this.#expectOpen()
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    if (this.#offer(value)) return Promise.resolve()
    return new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#senders.delete(sender)
        reject(signal?.reason as Error)
      }
      const end = () => { signal?.removeEventListener('abort', leave) }
      const sender: Sender<T> = {
        value,
        sent: () => {
          end()
          resolve()
        },
        refuse: error => {
          end()
          reject(error)
        },
      }
      this.#senders.add(sender)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  /**
   * Waits for a value, or for the end: once the channel is closed and empty, `done` is true.
   *
   * @throws the signal's reason when it aborts first; no value is then lost.
   */
  receive(options: WaitOptions = {}): Promise<Received<T>> {
    expectOptions('options', options)
    const { signal } = options
    expectSignal('signal', signal)
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    const received = this.#poll()
    if (received !== undefined) return Promise.resolve(received)
    return new Promise<Received<T>>((resolve, reject) => {
      const leave = () => {
        this.#receivers.delete(receiver)
        reject(signal?.reason as Error)
      }
      const receiver: Receiver<T> = {
        receive: value => {
          signal?.removeEventListener('abort', leave)
          resolve(value)
        },
      }
      this.#receivers.add(receiver)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  /** Ends the channel: what it holds can still be received, sends that wait are refused. Harmless when repeated. */
  close(): void {
    this.#closed = true
    for (const sender of this.#senders) {
      this.#senders.delete(sender)
      sender.refuse(closedError())
    }
    for (const receiver of this.#receivers) {
      this.#receivers.delete(receiver)
      receiver.receive(END)
    }
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
      enrol: chosen => {
        const receiver: Receiver<T> = { receive: received => { chosen(() => fn(received)) } }
        this.#receivers.add(receiver)
        return () => { this.#receivers.delete(receiver) }
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
      enrol: (chosen, failed) => {
        const sender: Sender<T> = { value, sent: () => { chosen(fn) }, refuse: failed }
        this.#senders.add(sender)
        return () => { this.#senders.delete(sender) }
      },
    }
  }

  /** Hands the value on without waiting, if that is possible. */
  #offer(value: T): boolean {
    const receiver = first(this.#receivers)
    if (receiver !== undefined) {
      receiver.receive({ value, done: false })
      return true
    }
    if (this.#buffer.length === this.capacity) return false
    this.#buffer.push(value)
    return true
  }

  #poll(): Received<T> | undefined {
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift() as T
      const sender = first(this.#senders)
      if (sender !== undefined) {
        this.#buffer.push(sender.value)
        sender.sent()
      }
      return { value, done: false }
    }
    const sender = first(this.#senders)
    if (sender !== undefined) {
      sender.sent()
      return { value: sender.value, done: false }
    }
    return this.#closed ? END : undefined
  }

  #expectOpen(): void {
    if (this.#closed) throw closedError()
  }
}

/** Takes out the one that came first. */
function first<E>(set: Set<E>): E | undefined {
  for (const element of set) {
    set.delete(element)
    return element
  }
  return undefined
}

function closedError(): Error {
  return new Error('The channel is closed: nothing more can be sent')
}
