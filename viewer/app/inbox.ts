import { transfer } from 'comlink'
import type { RecordingFile, ToPage, ViewState } from '../messages.ts'
import type { App } from './app.ts'
import { LiveRecording } from './live.ts'
import { fetchPieces } from './recordingFiles.ts'

/** Does what the host asks for. */
export class Inbox {
  readonly #app: App
  readonly #restart: () => void
  #live: LiveRecording | undefined
  #files: readonly RecordingFile[] = []

  /** @param restart shows a recording anew, in a fresh page. */
  constructor(app: App, restart: (message: ToPage) => void) {
    this.#app = app
    this.#restart = () => {
      restart({ type: 'open', files: this.#files, name: app.name.value })
    }
  }

  get received(): number {
    return this.#live?.received ?? 0
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
      case 'grown': {
        this.#files = this.#files.map((file, number) =>
          number === message.file ? { ...file, size: message.size } : file,
        )
        this.#restart()
        return
      }
      case 'live': {
        this.#begin(message.name)
        return
      }
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
    this.#files = files
    app.name.value = name
    const total = files.reduce((sum, { size }) => sum + size, 0)
    app.phase.value = { kind: 'loading', done: 0, total }
    let before = 0
    for (const [number, { url, size }] of files.entries()) {
      await fetchPieces(url, 0, size, async (bytes, until) => {
        await app.worker.push(number, transfer(bytes, [bytes.buffer]))
        if (app.phase.value.kind === 'loading') app.phase.value = { kind: 'loading', done: before + until, total }
      })
      before += size
    }
    await app.worker.end(files.length)
    await app.refresh(state ?? app.host.state)
    await app.readFindings()
  }

  #begin(name: string): void {
    const app = this.#app
    this.#live = new LiveRecording(app)
    app.name.value = name
    app.live.value = true
    app.phase.value = { kind: 'shown' }
    app.timeline?.update(app.overview.value, true)
    app.timeline?.follow(true)
  }
}
