import './chrome/viewer.css'
import { render } from 'preact'
import { App } from './app/app.ts'
import { Inbox } from './app/inbox.ts'
import { startWorker } from './app/session.ts'
import { page } from './chrome/page.tsx'
import { editorHost } from './host/editor.ts'
import { reportHost } from './host/report.ts'
import { ROOT_ID, type ToPage } from './messages.ts'

const host = editorHost() ?? reportHost()
const root = document.getElementById(ROOT_ID)
if (root === null) throw new Error(`The host's page has no element "${ROOT_ID}"`)
const place = root
let inbox: Inbox

void start().then((first) => {
  inbox = first
  host.listen((message) => {
    void inbox.take(message)
  })
  host.post({ type: 'ready', received: 0 })
})

/** Begins anew with what the message asks for: a fresh worker, and the reader where they were. */
async function start(message?: ToPage): Promise<Inbox> {
  const worker = startWorker()
  const app = new App(host, worker.api)
  const own = new Inbox(app, (next) => {
    const { state } = app
    worker.stop()
    render(null, place)
    void start(next.type === 'open' && state !== undefined ? { ...next, state } : next).then((begun) => {
      inbox = begun
    })
  })
  await new Promise<void>((ready) => {
    render(page(app, ready), place)
  })
  if (message !== undefined) await own.take(message)
  return own
}
