import type { ToHost, ToPage, ViewState } from '../messages.ts'
import { RECORDING_CLASS } from '../report.ts'
import type { Host } from './host.ts'

/**
 * The page in a report: the recording lies in it, and a browser is all there is. Sources cannot be opened, so their
 * place goes to the clipboard.
 */
export function reportHost(): Host {
  let send: (message: ToPage) => void = () => undefined
  return {
    kind: 'report',
    state: stateOf(history.state),
    listen: (take) => {
      send = take
      addEventListener('hashchange', () => {
        followLink(take)
      })
    },
    // Kept with the page's place in the history of the tab, so that it is there again after a reload.
    keep: (state) => {
      history.replaceState(state, '')
    },
    post: (message) => {
      answer(message, (reply) => {
        send(reply)
      })
    },
  }
}

function answer(message: ToHost, reply: (message: ToPage) => void): void {
  if (message.type === 'ready') {
    open().then(reply, (error: unknown) => {
      reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
    })
  } else if (message.type === 'save') {
    download(message.name, message.bytes)
  } else if (message.type === 'openSource') {
    void copy(`${message.place.file}:${String(message.place.line)}`)
  } else if (message.type === 'link') {
    history.replaceState(history.state, '', `#task=${String(message.task)}`)
    void copy(location.href)
  } else if (message.type === 'shown' && stateOf(history.state) === undefined) {
    followLink(reply)
  }
}

/** Shows the task that the address of the page names, if it does. */
function followLink(reply: (message: ToPage) => void): void {
  const { task } = /^#task=(?<task>\d{1,10})$/u.exec(location.hash)?.groups ?? {}
  if (task !== undefined) reply({ type: 'revealTask', task: Number(task) })
}

function stateOf(value: unknown): ViewState | undefined {
  return typeof value === 'object' && value !== null && 'scrollTop' in value ? (value as ViewState) : undefined
}

/** Where the browser lets no page write to the clipboard, the address of the page still holds a link. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // It does not let us.
  }
}

async function open(): Promise<ToPage> {
  const elements = [...document.getElementsByClassName(RECORDING_CLASS)]
  if (elements.length === 0)
    throw new Error('There is no recording in this report. Make it anew with `forkline trace report`.')
  const files = await Promise.all(
    elements.map(async (element) => {
      const packed = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0))
      element.remove()
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
      const blob = await new Response(stream).blob()
      return { url: URL.createObjectURL(blob), size: blob.size }
    }),
  )
  return { type: 'open', name: document.title, files }
}

function download(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)]))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
