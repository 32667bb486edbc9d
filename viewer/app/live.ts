import type { App } from './app.ts'

/** How often the view takes in what has come, in ms, and how often the findings do, which take longer. */
const REFRESH_EVERY = 50
const FINDINGS_EVERY = 1000

/** Takes the batches of a running program in their order. Those that were lost are asked for again. */
export class LiveRecording {
  readonly #app: App
  #next = 0
  #recordings = 0
  #refreshing = false
  #stale = false
  #findingsDue = 0
  #askedFor = -1

  constructor(app: App) {
    this.#app = app
  }

  async take(number: number, recording: number, bytes: Uint8Array): Promise<void> {
    const { host, worker } = this.#app
    if (number > this.#next && this.#askedFor !== this.#next) {
      this.#askedFor = this.#next
      host.post({ type: 'resync', from: this.#next })
    }
    if (number !== this.#next) return
    this.#next++
    this.#recordings = Math.max(this.#recordings, recording + 1)
    await worker.push(recording, bytes)
    host.post({ type: 'received', number: this.#next })
    await this.#refresh()
  }

  async end(): Promise<void> {
    const { worker } = this.#app
    this.#app.live.value = false
    for (let recording = 0; recording < this.#recordings; recording++) await worker.end(recording)
    await this.#app.refresh()
    await this.#app.readFindings()
  }

  async #refresh(): Promise<void> {
    this.#stale = true
    if (this.#refreshing) return
    this.#refreshing = true
    try {
      while (this.#stale) {
        this.#stale = false
        await this.#app.refresh()
        await this.#readFindings()
        await new Promise((resolve) => {
          setTimeout(resolve, REFRESH_EVERY)
        })
      }
    } finally {
      this.#refreshing = false
    }
  }

  async #readFindings(): Promise<void> {
    if (performance.now() < this.#findingsDue) return
    this.#findingsDue = performance.now() + FINDINGS_EVERY
    await this.#app.readFindings()
  }
}
