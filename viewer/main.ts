import './chrome/viewer.css'
import { render } from 'preact'
import { App } from './app/app.ts'
import { Inbox } from './app/inbox.ts'
import { startWorker } from './app/session.ts'
import { page } from './chrome/page.tsx'
import { editorHost } from './host/editor.ts'
import { reportHost } from './host/report.ts'
import { ROOT_ID } from './messages.ts'

const host = editorHost() ?? reportHost()
const root = document.getElementById(ROOT_ID)
if (root === null) throw new Error(`The host's page has no element "${ROOT_ID}"`)
const app = new App(host, startWorker())
const inbox = new Inbox(app)

void new Promise<void>((ready) => {
  render(page(app, ready), root)
}).then(() => {
  host.listen((message) => {
    void inbox.take(message)
  })
  host.post({ type: 'ready', received: 0 })
})
