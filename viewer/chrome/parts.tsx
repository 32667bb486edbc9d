import type { ComponentChildren, VNode } from 'preact'
import type { App } from '../app/app.ts'
import { HISTOGRAM_FROM } from '../model/histogram.ts'
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

export interface HistogramProps {
  readonly label: string
  readonly buckets: readonly number[]
  /** Filters by what a bucket, or those from the first pressed to the last, hold. In ms. */
  readonly choose: (from: number, to: number) => void
}

/** How many there are of each length. Choosing a bar shows only those; with Shift all up to it from the one before. */
export function Histogram({ label, buckets, choose }: HistogramProps): VNode | null {
  const used = buckets.flatMap((count, bucket) => (count > 0 ? [bucket] : []))
  const first = used[0]
  const last = used.at(-1)
  if (first === undefined || last === undefined) return null
  const most = Math.max(...buckets)
  let anchor = first
  const bars = Array.from({ length: last - first + 1 }, (_, place) => first + place)
  return (
    <div class="fl-histogram" role="group" aria-label={label}>
      <div class="fl-bars">
        {bars.map((bucket) => {
          const from = bucket === 0 ? 0 : 2 ** (bucket + HISTOGRAM_FROM)
          const to = 2 ** (bucket + 1 + HISTOGRAM_FROM)
          const text = `${String(buckets[bucket] ?? 0)} took ${duration(from)} to ${duration(to)}`
          const pick = (event: MouseEvent): void => {
            if (!event.shiftKey) anchor = bucket
            const [low, high] = [Math.min(anchor, bucket), Math.max(anchor, bucket)]
            choose(low === 0 ? 0 : 2 ** (low + HISTOGRAM_FROM), 2 ** (high + 1 + HISTOGRAM_FROM))
          }
          return (
            <button
              key={bucket}
              type="button"
              title={text}
              aria-label={text}
              disabled={buckets[bucket] === 0}
              onClick={pick}
            >
              <svg viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  x="0"
                  width="10"
                  y={40 - (40 * (buckets[bucket] ?? 0)) / most}
                  height={(40 * (buckets[bucket] ?? 0)) / most}
                />
              </svg>
            </button>
          )
        })}
      </div>
      <span>{duration(first === 0 ? 0 : 2 ** (first + HISTOGRAM_FROM))}</span>
      <span>{duration(2 ** (last + 1 + HISTOGRAM_FROM))}</span>
    </div>
  )
}
