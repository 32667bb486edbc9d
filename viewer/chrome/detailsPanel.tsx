import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { TaskDetails } from '../worker/protocol.ts'
import { Facts, Nothing, SourceLink, StateBadge, TaskLink, TimeLink } from './parts.tsx'

/** What of a task, where, when, why it waited, who cancelled it, what it threw. */
export function DetailsPanel({ app }: { readonly app: App }): VNode {
  const details = app.details.value
  if (details === undefined) {
    return <Nothing>Select a task: click it, or press an arrow key in the timeline.</Nothing>
  }
  return (
    <section>
      <h2>{plain(details.label)}</h2>
      <p class="fl-line">
        <StateBadge state={details.state} /> <SourceLink app={app} place={details.location} />
      </p>
      <Facts rows={[...times(app, details), ...belongings(app, details)]} />
      <Waits app={app} details={details} />
      <Cancelled app={app} details={details} />
      {details.error === '' ? null : (
        <>
          <h3>Error</h3>
          <pre class="fl-error">{plainLines(details.error)}</pre>
        </>
      )}
      <p class="fl-actions">
        <button
          type="button"
          class="fl-button"
          onClick={() => {
            void app.run('fitSelection')
          }}
        >
          Zoom to it
        </button>
        <button
          type="button"
          class="fl-button"
          onClick={() => {
            void app.run('copyLink')
          }}
        >
          Copy link
        </button>
      </p>
    </section>
  )
}

function times(app: App, { start, end, queued, waited, outlived }: TaskDetails): [string, VNode | string][] {
  const rows: [string, VNode | string][] = [
    ['Started', <TimeLink app={app} time={start} />],
    ['Took', end === null ? `not ended after ${duration(app.overview.value.end - start)}` : duration(end - start)],
  ]
  if (queued > 0) rows.push(['Queued', `${duration(queued)} before it started`])
  if (waited > 0) rows.push(['Waited', `${duration(waited)} while it ran`])
  if (outlived !== null) rows.push(['Outlived', `its scope, by ${duration(outlived)}`])
  return rows
}

function belongings(
  app: App,
  { scope, track, parent, parentLabel, children, thread }: TaskDetails,
): [string, VNode | string][] {
  const rows: [string, VNode | string][] = []
  if (scope !== '') {
    rows.push([
      'In',
      <button
        type="button"
        class="fl-link"
        onClick={() => {
          app.selectTrack(track)
        }}
      >
        {plain(scope)}
      </button>,
    ])
  }
  if (parent !== null) rows.push(['Created by', <TaskLink app={app} task={parent} label={parentLabel} />])
  if (children > 0) rows.push(['Created', count(children, 'task')])
  if (thread !== '') rows.push(['Thread', plain(thread)])
  return rows
}

function Waits({ app, details: { waits } }: { readonly app: App; readonly details: TaskDetails }): VNode | null {
  if (waits.length === 0) return null
  return (
    <>
      <h3>Waited for</h3>
      <ul class="fl-list">
        {waits.map(({ kind, what, start, end, location }, place) => (
          <li key={place}>
            <strong>{end === null ? 'not over yet' : duration(end - start)}</strong> {kind}
            {what === '' ? '' : ` of ${plain(what)}`} at <TimeLink app={app} time={start} />{' '}
            <SourceLink app={app} place={location} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Cancelled({
  app,
  details: { cancelled },
}: {
  readonly app: App
  readonly details: TaskDetails
}): VNode | null {
  if (cancelled === null) return null
  const { cause, reason, scope, by, byLabel, time, reached } = cancelled
  return (
    <>
      <h3>Cancelled</h3>
      <p>
        {plain(scope)} was cancelled at <TimeLink app={app} time={time} /> because {cause}
        {by === null ? (
          ''
        ) : (
          <>
            , by <TaskLink app={app} task={by} label={byLabel} />
          </>
        )}
        .
        {reached === null
          ? ' Its signal never reached this task.'
          : ` Its signal reached this task ${duration(reached - time)} later.`}
      </p>
      {reason === '' ? null : <pre class="fl-error">{plainLines(reason)}</pre>}
    </>
  )
}

function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n')
}
