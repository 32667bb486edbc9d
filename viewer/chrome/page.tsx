import { useComputed } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { commandOf } from '../app/commands.ts'
import { Canvas } from './canvas.tsx'
import { Help } from './help.tsx'
import { MinimapView } from './minimap.tsx'
import { Panels } from './panels.tsx'
import { Empty, Failed, Loading, Notice, StatusBar } from './status.tsx'
import { Toolbar } from './toolbar.tsx'

/** The whole page. @param ready is called once the canvases are there. */
export function page(app: App, ready: () => void): VNode {
  return <Page app={app} ready={ready} />
}

function Page({ app, ready }: { readonly app: App; readonly ready: () => void }): VNode {
  useEffect(() => {
    // On the document: the focus is on nothing of the page at first.
    const listen = (event: KeyboardEvent): void => {
      onKey(app, event)
    }
    document.addEventListener('keydown', listen)
    return () => {
      document.removeEventListener('keydown', listen)
    }
  }, [])
  // Where there is nothing to look at, there is nothing to look at it with.
  const blank = useComputed(() => {
    const { kind } = app.phase.value
    return kind === 'failed' || (kind === 'shown' && app.overview.value.tasks === 0 && !app.live.value)
  })
  const wide = useComputed(() => app.panel.value === 'table' || app.panel.value === 'scopes')
  return (
    <main class={`fl-page${wide.value ? ' fl-wide' : ''}${blank.value ? ' fl-blank' : ''}`}>
      <Toolbar app={app} />
      <Notice app={app} />
      <MinimapView app={app} />
      <div class="fl-body">
        <div class="fl-stage">
          <Canvas app={app} ready={ready} />
          <Phase app={app} />
        </div>
        <Panels app={app} />
      </div>
      <StatusBar app={app} />
      <div class="fl-unseen" role="status" aria-live="polite">
        {app.announced}
      </div>
      {app.help.value ? <Help app={app} /> : null}
    </main>
  )
}

function Phase({ app }: { readonly app: App }): VNode | null {
  const phase = app.phase.value
  switch (phase.kind) {
    case 'waiting':
      return <Loading done={0} total={0} />
    case 'loading':
      return <Loading done={phase.done} total={phase.total} />
    case 'failed':
      return <Failed message={phase.message} />
    case 'shown':
      return app.overview.value.shown === 0 ? <Empty app={app} /> : null
  }
}

/** Keys work wherever the focus is, but where text is written and where a control needs them itself. */
function onKey(app: App, event: KeyboardEvent): void {
  const { target } = event
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return
  const command = commandOf(event)
  if (command === undefined || event.defaultPrevented) return
  if (command === 'openSource' && target instanceof HTMLButtonElement) return
  event.preventDefault()
  void app.run(command)
}
