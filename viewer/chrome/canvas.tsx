import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { Pointer } from '../app/pointer.ts'
import { stepLane } from '../app/steps.ts'
import { onThemeChange } from '../render/theme.ts'

/** The timeline. Screen readers have its keys and the announcer here, and the table for the rest. */
export function Canvas({ app, ready }: { readonly app: App; readonly ready: () => void }): VNode {
  const holder = useRef<HTMLDivElement>(null)
  const spans = useRef<HTMLCanvasElement>(null)
  const over = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = holder.current
    if (element === null || spans.current === null || over.current === null) return undefined
    const attached = app.attach(spans.current, over.current)
    const observer = new ResizeObserver(() => {
      app.timeline?.resize(element.clientWidth, element.clientHeight)
    })
    observer.observe(element)
    const pointer = new Pointer(app, element)
    const stopTheme = onThemeChange(() => {
      void app.timeline?.retheme()
    })
    void attached.then(ready)
    return () => {
      observer.disconnect()
      pointer.stop()
      stopTheme()
    }
  }, [])
  return (
    <div
      ref={holder}
      class="fl-canvas"
      tabIndex={0}
      role="application"
      aria-label="Timeline of tasks"
      aria-describedby="fl-canvas-help"
      onKeyDown={(event) => {
        onArrow(app, event)
      }}
    >
      <canvas ref={spans} aria-hidden="true" />
      <canvas ref={over} aria-hidden="true" />
      <span id="fl-canvas-help" class="fl-unseen">
        Arrow keys select tasks, W and S zoom, A and D move in time. T shows the same as a table, ? shows all keys.
      </span>
    </div>
  )
}

function onArrow(app: App, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return
  const action = ARROWS[event.key]
  if (action === undefined) return
  event.preventDefault()
  void action(app)
}

const ARROWS: Readonly<Record<string, (app: App) => Promise<void>>> = {
  ArrowRight: (app) => app.run('nextSpan'),
  ArrowLeft: (app) => app.run('previousSpan'),
  ArrowDown: (app) => stepLane(app, 1),
  ArrowUp: (app) => stepLane(app, -1),
}
