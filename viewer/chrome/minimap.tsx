import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { paintMinimap, paintWindow } from '../render/minimap.ts'
import { useAnswer } from './useAnswer.ts'

/** Columns of the minimap: no screen of today has more pixels than twice this in a row. */
const COLUMNS = 1600

/** Everything in little, with what is in sight framed. Its ticks never vanish. */
export function MinimapView({ app }: { readonly app: App }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const over = useRef<HTMLCanvasElement>(null)
  const version = app.version.value
  const minimap = useAnswer(() => app.worker.minimap(COLUMNS), [version])
  const frame = app.frame.value
  const { timeline } = app
  useEffect(() => {
    if (canvas.current !== null && minimap !== undefined && timeline !== undefined) {
      paintMinimap(canvas.current, minimap, timeline.theme)
    }
  }, [minimap, timeline?.theme, timeline?.viewport.width])
  useEffect(() => {
    if (over.current !== null && timeline !== undefined)
      paintWindow(over.current, timeline.viewport, timeline.bounds, timeline.theme)
  }, [frame])
  const move = (event: PointerEvent): void => {
    if (event.buttons !== 1 || timeline === undefined || over.current === null) return
    const { left, width } = over.current.getBoundingClientRect()
    const { bounds, viewport } = timeline
    const time = bounds.start + ((event.clientX - left) / width) * (bounds.end - bounds.start)
    timeline.follow(false)
    timeline.show(viewport.movedTo(time - viewport.span / 2, bounds), event.type === 'pointerdown')
  }
  return (
    <div class="fl-minimap" aria-hidden="true">
      <canvas ref={canvas} />
      <canvas ref={over} onPointerDown={move} onPointerMove={move} />
    </div>
  )
}
