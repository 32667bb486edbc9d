import type { IdleReason } from '@forkline/trace'
import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { PoolReport, Quantiles } from '../worker/protocol.ts'
import { Facts, Nothing, SourceLink } from './parts.tsx'
import { useAnswer } from './useAnswer.ts'

const REASONS: Readonly<Record<IdleReason, readonly [name: string, advice: string]>> = {
  producer: ['nothing to do', 'Work comes in slower than it is done: more places will not help.'],
  rate: ['rate limit', 'Tasks hold a place while they wait for the rate limit: more places will not help.'],
  tail: [
    'last tasks',
    'The last tasks took long while nothing was left for the other places: start the long ones first.',
  ],
  blocked: ['event loop blocked', 'Nothing could run: move that work to a thread, or split it.'],
  paused: ['paused', 'The pool was paused.'],
  cancelled: ['cancelled', 'It was cancelled, and waited for its tasks to stop.'],
}

/** From this share of its time on a pool with a queue is what its tasks wait for. */
const BUSY = 0.8

/** Why is my pool idle, and is its limit right? */
export function PoolPanel({ app }: { readonly app: App }): VNode {
  const track = app.track.value
  const version = app.version.value
  const report = useAnswer(() => app.worker.pool(track), [track, version])
  if (track < 0 || report === undefined) return <Nothing>Select a scope: click its name in the timeline.</Nothing>
  return (
    <section>
      <h2>{plain(report.label)}</h2>
      <p class="fl-line">
        <SourceLink app={app} place={report.location} />
      </p>
      <Use report={report} />
      <Chart report={report} />
      <Facts
        rows={[
          ['Tasks', tasksOf(report)],
          ['At once', peakOf(report)],
          ['Queued', report.peakQueued === 0 ? 'never' : `${String(report.peakQueued)} at most`],
          ['Run time', quantiles(report.run)],
          ['Time in queue', quantiles(report.queued)],
        ]}
      />
      <p class="fl-actions">
        <button
          type="button"
          class="fl-button"
          onClick={() => {
            app.panel.value = 'path'
          }}
        >
          Critical path
        </button>
      </p>
    </section>
  )
}

function Use({ report: { use, limit, peakQueued } }: { readonly report: PoolReport }): VNode | null {
  if (use === null) return null
  const reasons = (Object.entries(use.idle) as [IdleReason, number][])
    .filter(([, time]) => time > 0)
    .sort((one, other) => other[1] - one[1])
  const [main] = reasons
  const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`
  const busy = use.utilisation >= BUSY && peakQueued > 0
  return (
    <>
      <p>
        Its {limit} {limit === 1 ? 'place was' : 'places were'} used <strong>{percent(use.utilisation)}</strong> of the
        time.{' '}
        {busy
          ? 'They are what everything waits for: a higher limit would help, if the other side bears it.'
          : main === undefined
            ? ''
            : REASONS[main[0]][1]}
      </p>
      <div class="fl-use" role="img" aria-label={`Used ${percent(use.utilisation)}`}>
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          {segments([['used', use.utilisation * use.capacity], ...reasons], use.capacity).map(
            ({ name, from, width }) => (
              <rect key={name} class={`fl-use-${name}`} x={from} width={width} height="10" />
            ),
          )}
        </svg>
      </div>
      <ul class="fl-legend">
        <li>
          <span class="fl-swatch fl-use-used" /> used {percent(use.utilisation)}
        </li>
        {reasons.map(([reason, time]) => (
          <li key={reason}>
            <span class={`fl-swatch fl-use-${reason}`} /> {REASONS[reason][0]} {percent(time / use.capacity)}
          </li>
        ))}
      </ul>
    </>
  )
}

interface Segment {
  readonly name: string
  readonly from: number
  readonly width: number
}

function segments(parts: readonly (readonly [name: string, time: number])[], capacity: number): Segment[] {
  let from = 0
  return parts.map(([name, time]) => {
    const width = (100 * time) / capacity
    from += width
    return { name, from: from - width, width }
  })
}

/** How many ran, and how many were queued behind them, over time. */
function Chart({
  report: { active, waiting, limit, start, end, peakActive, peakQueued },
}: {
  readonly report: PoolReport
}): VNode {
  const most = Math.max(limit, ...active, ...waiting, 1)
  const line = (values: Float32Array): string =>
    `M0 60 ${Array.from(values, (value, x) => `L${String(x)} ${(60 - (58 * value) / most).toFixed(1)}`).join(' ')} `
    + `L${String(values.length - 1)} 60 Z`
  const text =
    `From ${duration(start)} to ${duration(end)}: up to ${String(peakActive)} ran `
    + `and up to ${String(peakQueued)} were queued`
  return (
    <figure class="fl-chart">
      <svg viewBox={`0 0 ${String(active.length - 1)} 60`} preserveAspectRatio="none" role="img" aria-label={text}>
        <path class="fl-chart-waiting" d={line(waiting)} />
        <path class="fl-chart-active" d={line(active)} />
        {limit > 0 ? (
          <line x1="0" x2={active.length} y1={60 - (58 * limit) / most} y2={60 - (58 * limit) / most} />
        ) : null}
      </svg>
      <figcaption>
        <span>
          <span class="fl-swatch fl-use-used" /> running
        </span>{' '}
        <span>
          <span class="fl-swatch fl-use-queue" /> queued
        </span>
        {limit > 0 ? <span>— limit</span> : null}
      </figcaption>
    </figure>
  )
}

export function quantiles({ p50, p95, max }: Quantiles): string {
  if (p50 === null || p95 === null || max === null) return 'unknown'
  return `${duration(p50)} median, ${duration(p95)} p95, ${duration(max)} longest`
}

function tasksOf({ tasks, scopes }: PoolReport): string {
  return scopes > 1 ? `${count(tasks, 'task')} in ${count(scopes, 'scope')} of this line` : count(tasks, 'task')
}

function peakOf({ peakActive, limit }: PoolReport): string {
  return `${String(peakActive)} at most, ${limit > 0 ? `limit ${String(limit)}` : 'no limit'}`
}
