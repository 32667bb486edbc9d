import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { between } from '../model/filter.ts'
import { duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { State } from '../worker/protocol.ts'
import { Histogram } from './histogram.tsx'
import { Facts, Nothing, StateBadge } from './parts.tsx'
import { quantiles } from './poolPanel.tsx'
import { useAnswer } from './useAnswer.ts'

/** What went on in the selected range, or in all of it while none is. */
export function RangePanel({ app }: { readonly app: App }): VNode {
  const range = app.range.value
  const version = app.version.value
  const end = app.overview.value.end
  const report = useAnswer(() => app.worker.range(range?.start ?? 0, range?.end ?? end), [range, version])
  if (report === undefined) return <Nothing>Counting …</Nothing>
  const states = (Object.entries(report.byState) as [State, number][]).filter(([, number]) => number > 0)
  return (
    <section>
      <h2>
        {range === undefined
          ? 'The whole recording'
          : `${duration(report.end - report.start)} from ${duration(report.start)}`}
      </h2>
      {range === undefined ? <p>Drag in the timeline to select a range.</p> : null}
      <ul class="fl-legend">
        {states.map(([state, number]) => (
          <li key={state}>
            <StateBadge state={state} /> {number.toLocaleString('en')}
          </li>
        ))}
      </ul>
      <Facts
        rows={[
          ['Tasks', report.tasks.toLocaleString('en')],
          ['At once', `${report.average.toFixed(1)} on average, ${String(report.peak)} at most`],
          ['Run time', quantiles(report.run)],
          ['Time in queue', quantiles(report.queued)],
          ['Event loop', report.blocked === 0 ? 'never blocked for long' : `blocked for ${duration(report.blocked)}`],
        ]}
      />
      <Histogram
        label="How long the tasks took"
        buckets={report.histogram}
        choose={(from, to) => {
          void app.filter(between('dur', from, to))
        }}
      />
      {report.tracks.length === 0 ? null : (
        <table class="fl-table">
          <caption>Where the time went</caption>
          <thead>
            <tr>
              <th scope="col">Scope</th>
              <th scope="col">Tasks</th>
              <th scope="col">Run time</th>
            </tr>
          </thead>
          <tbody>
            {report.tracks.map(({ track, label, tasks, busy }) => (
              <tr key={track}>
                <td>
                  <button
                    type="button"
                    class="fl-link"
                    onClick={() => {
                      app.selectTrack(track)
                    }}
                  >
                    {plain(label)}
                  </button>
                </td>
                <td>{tasks.toLocaleString('en')}</td>
                <td>{duration(busy)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
