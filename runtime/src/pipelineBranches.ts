import { cancellation } from './abortable.ts'
import type { RunIterator } from './pipelineRun.ts'
import { PromptIterator } from './source.ts'

/** What the branches of a fan-out have in common: one run before them, each result of which goes to one branch. */
export class Trunk<T> {
  readonly #iterator: RunIterator<T>
  #begun = 0
  #left = 0
  #failure: { readonly error: unknown } | undefined
  #ended = false

  constructor(iterator: RunIterator<T>) {
    this.#iterator = iterator
  }

  begin(): void {
    if (this.#begun > 0 && this.#begun === this.#left && !this.#ended) {
      throw new Error('All branches of this fan-out that were begun have been left, which closed the source. ' +
        'Begin every branch before the first is left, for example with `merge`')
    }
    this.#begun++
  }

  /** The failure of what comes before is every branch's. */
  async pull(signal: AbortSignal): Promise<IteratorResult<T, undefined>> {
    if (this.#failure !== undefined) throw this.#failure.error
    try {
      const result = await this.#iterator.pull(signal)
      if (result.done === true) this.#ended = true
      return result
    } catch (error) {
      if (!signal.aborted) this.#failure ??= { error }
      throw error
    }
  }

  async leave(): Promise<void> {
    this.#left++
    if (this.#left === this.#begun) await this.#iterator.return()
  }
}

/** Takes from the trunk whatever the other branches have not taken. */
export class Branch<T> extends PromptIterator<T> {
  readonly #trunk: Trunk<T>
  readonly #controller = new AbortController()

  constructor(trunk: Trunk<T>) {
    super()
    trunk.begin()
    this.#trunk = trunk
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const { signal } = this.#controller
    if (!signal.aborted) {
      try {
        return await this.#trunk.pull(signal)
      } catch (error) {
        if (error !== signal.reason) throw error
      }
    }
    return { done: true, value: undefined }
  }

  override async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#controller.signal.aborted) {
      this.#controller.abort(cancellation('This branch of the pipeline was left'))
      await this.#trunk.leave()
    }
    return { done: true, value: undefined }
  }
}
