import { transfer } from 'comlink'
import type { RecordingFile, ToPage, ViewState } from '../messages.ts'
import type { App } from './app.ts'
import { LiveRecording } from './live.ts'
import { fetchPieces } from './recordingFiles.ts'

/** Does what the host asks for. */
export class Inbox {
  readonly #app: App
  #live: LiveRecording | undefined

  constructor(app: App) {
    this.#app = app
  }

  /** Never rejects: what goes wrong is shown. */
  async take(message: ToPage): Promise<void> {
    try {
      await this.#do(message)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      if (this.#app.phase.value.kind === 'shown') this.#app.notice.value = text
      else this.#app.phase.value = { kind: 'failed', message: text }
      this.#app.host.post({ type: 'problem', message: text })
    }
  }

  async #do(message: ToPage): Promise<void> {
    const app = this.#app
    switch (message.type) {
      case 'open':
        return this.#open(message.files, message.name, message.state)
      case 'live':
        return this.#begin(message.name, message.state ?? app.host.state)
      case 'batch':
        return (this.#live ??= new LiveRecording(app)).take(message.number, message.process, message.bytes)
      case 'liveEnded': {
        await this.#live?.end()
        app.notice.value = message.reason
        return
      }
      case 'failed': {
        if (app.phase.value.kind === 'shown') app.notice.value = message.message
        else app.phase.value = { kind: 'failed', message: message.message }
        return
      }
      case 'located':
        return app.locate(message.places, message.sources)
      case 'revealLine':
        return app.revealLine(message.place)
      case 'revealTask':
        return app.inspect(message.task)
      case 'command':
        return app.run(message.command)
    }
  }

  async #open(files: readonly RecordingFile[], name: string, state?: ViewState): Promise<void> {
    const app = this.#app
    app.name.value = name
    const total = files.reduce((sum, { size }) => sum + size, 0)
    app.phase.value = { kind: 'loading', done: 0, total }
    let before = 0
    for (const [number, { url, size }] of files.entries()) {
      await fetchPieces(url, size, async (bytes, until) => {
        await app.worker.push(number, transfer(bytes, [bytes.buffer]))
        if (app.phase.value.kind === 'loading') app.phase.value = { kind: 'loading', done: before + until, total }
      })
      before += size
    }
    for (const number of files.keys()) await app.worker.end(number)
    await app.refresh(state ?? app.host.state)
    await app.readFindings()
  }

  async #begin(name: string, state: ViewState | undefined): Promise<void> {
    const app = this.#app
    this.#live = new LiveRecording(app)
    app.name.value = name
    app.live.value = true
    app.phase.value = { kind: 'shown' }
    app.timeline?.update(app.overview.value, true)
    app.timeline?.follow(true)
    if (state !== undefined) await app.arrange(state)
  }
}
