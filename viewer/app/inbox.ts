import { transfer } from 'comlink'
import type { RecordingFile, ToPage, ViewState } from '../messages.ts'
import type { App } from './app.ts'
import { LiveRecording } from './live.ts'
import { fetchPieces } from './recordingFiles.ts'

/** So many bytes of a file tell whether it is still the same one. */
const BEGINNING = 64

/** Does what the host asks for. */
export class Inbox {
  readonly #app: App
  readonly #restart: () => void
  #live: LiveRecording | undefined
  #files: readonly RecordingFile[] = []
  #growing = Promise.resolve()
  /** The first bytes of each file, which hold the number of its run. */
  readonly #beginnings: Uint8Array[] = []

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
      case 'grown':
        // One after the other: where the next one begins is known only then.
        this.#growing = this.#growing.then(() => this.#grow(message.file, message.size))
        return this.#growing
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
    this.#files = files
    app.name.value = name
    const total = files.reduce((sum, { size }) => sum + size, 0)
    app.phase.value = { kind: 'loading', done: 0, total }
    let before = 0
    for (const [number, { url, size }] of files.entries()) {
      await fetchPieces(url, 0, size, async (bytes, until) => {
        this.#beginnings[number] ??= bytes.slice(0, BEGINNING)
        await app.worker.push(number, transfer(bytes, [bytes.buffer]))
        if (app.phase.value.kind === 'loading') app.phase.value = { kind: 'loading', done: before + until, total }
      })
      before += size
    }
    for (const number of files.keys()) await app.worker.end(number)
    await app.refresh(state ?? app.host.state)
    await app.readFindings()
  }

  /** Reads what a file has more than before; all of it anew when it is another one by now. */
  async #grow(number: number, size: number): Promise<void> {
    const app = this.#app
    const file = this.#files[number]
    if (file === undefined || size === file.size) return
    this.#files = this.#files.map((other, place) => (place === number ? { ...other, size } : other))
    const from =
      size > file.size && (await this.#beginsAsBefore(number, file))
        ? await app.worker.resume(number, file.size)
        : undefined
    if (from === undefined) {
      this.#restart()
      return
    }
    await fetchPieces(file.url, from, size, async (bytes) => {
      await app.worker.push(number, transfer(bytes, [bytes.buffer]))
    })
    await app.worker.end(number)
    await app.refresh()
    await app.readFindings()
  }

  async #beginsAsBefore(number: number, { url }: RecordingFile): Promise<boolean> {
    const before = this.#beginnings[number]
    if (before === undefined) return false
    let now = new Uint8Array(0)
    await fetchPieces(url, 0, before.length, (bytes) => {
      now = bytes
      return Promise.resolve()
    })
    return before.every((byte, place) => byte === now[place])
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
