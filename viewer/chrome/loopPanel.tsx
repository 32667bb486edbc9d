import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { StallReport } from '../worker/protocol.ts'
import { Nothing, SourceLink, TimeLink } from './parts.tsx'
import { useAnswer } from './useAnswer.ts'

/** When the event loop was blocked, by which line, and how much could not go on meanwhile. The longest first. */
export function LoopPanel({ app }: { readonly app: App }): VNode {
  const version = app.version.value
  const chosen = app.stall.value
  const stalls = useAnswer(() => app.worker.stalls(), [version])
  if (stalls === undefined) return <Nothing>Looking …</Nothing>
  if (stalls.length === 0) return <Nothing>The event loop was never blocked for long.</Nothing>
  const total = stalls.reduce((sum, stall) => sum + stall.duration, 0)
  const all = app.overview.value.stalls
  const inOrder = stalls.toSorted((one, other) => Number(other.number === chosen) - Number(one.number === chosen))
  return (
    <section>
      <p>
        {all > stalls.length ? `The longest ${String(stalls.length)} of ${count(all, 'time')}` : count(all, 'time')} in
        which nothing else could run, <strong>{duration(total)}</strong> together. Move such work to a thread, or split
        it.
      </p>
      <ol class="fl-list fl-stalls">
        {inOrder.map((stall) => (
          <Stall key={stall.number} app={app} stall={stall} chosen={stall.number === chosen} />
        ))}
      </ol>
    </section>
  )
}

interface StallProps {
  readonly app: App
  readonly stall: StallReport
  readonly chosen: boolean
}

function Stall({ app, stall: { number, start, duration: length, location, thread, held }, chosen }: StallProps): VNode {
  const show = (): void => {
    app.selectStall(number)
    app.selectRange({ start, end: start + length }, false)
    const { timeline } = app
    timeline?.show(timeline.viewport.fitted({ start: start - length, end: start + 2 * length }, timeline.bounds))
  }
  return (
    <li class={chosen ? 'fl-chosen' : ''} aria-current={chosen}>
      <p class="fl-line">
        <button type="button" class="fl-link" onClick={show}>
          <strong>{duration(length)}</strong>
        </button>
        <span>
          at <TimeLink app={app} time={start} />
        </span>
        <SourceLink app={app} place={location} />
      </p>
      <p>
        {held === 0 ? 'No task was open' : `${count(held, 'task')} could not go on`}
        {thread === '' || thread === 'main' ? '' : ` in ${plain(thread)}`}.
      </p>
    </li>
  )
}
