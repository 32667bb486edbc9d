import type { ComponentChildren, VNode } from 'preact'
import type { App } from '../app/app.ts'
import { duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import { SIGNS } from '../render/signs.ts'
import type { State } from '../worker/protocol.ts'

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A place in the source: opens it. */
export function SourceLink({ app, place }: { readonly app: App; readonly place: Place | null }): VNode | null {
  if (place === null) return null
  const name = place.file.split(/[/\\]/u).at(-1) ?? place.file
  return (
    <button
      type="button"
      class="fl-link"
      title={plain(place.file)}
      onClick={() => {
        app.openSource(place)
      }}
    >
      {plain(name)}:{place.line}
    </button>
  )
}

/** A task: selects it. */
export function TaskLink({
  app,
  task,
  label,
}: {
  readonly app: App
  readonly task: number
  readonly label: string
}): VNode {
  return (
    <button
      type="button"
      class="fl-link"
      onClick={() => {
        void app.inspect(task)
      }}
    >
      {plain(label) || `task ${String(task)}`}
    </button>
  )
}

/** A time: moves the view there. */
export function TimeLink({ app, time }: { readonly app: App; readonly time: number }): VNode {
  const show = (): void => {
    const { timeline } = app
    timeline?.show(timeline.viewport.movedTo(time - timeline.viewport.span / 2, timeline.bounds))
  }
  return (
    <button type="button" class="fl-link" onClick={show}>
      {duration(time)}
    </button>
  )
}

export function StateBadge({ state }: { readonly state: State }): VNode {
  return (
    <span class={`fl-state fl-state-${state.replace(' ', '-')}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {state}
    </span>
  )
}

/** Names and values. */
export function Facts({
  rows,
}: {
  readonly rows: readonly (readonly [name: string, value: ComponentChildren])[]
}): VNode {
  return (
    <dl class="fl-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What a panel says when it has nothing to show. */
export function Nothing({ children }: { readonly children: ComponentChildren }): VNode {
  return <p class="fl-nothing">{children}</p>
}
