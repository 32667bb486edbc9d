import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { between } from '../model/filter.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { WaitCause } from '../worker/protocol.ts'
import { Histogram } from './histogram.tsx'
import { Nothing, SourceLink } from './parts.tsx'
import { quantiles } from './poolPanel.tsx'
import { useAnswer } from './useAnswer.ts'

/** What tasks waited for, by line, the longest together first. */
export function WaitsPanel({ app }: { readonly app: App }): VNode {
  const version = app.version.value
  const causes = useAnswer(() => app.worker.waits(), [version])
  if (causes === undefined) return <Nothing>Looking …</Nothing>
  if (causes.length === 0) return <Nothing>No waits were recorded.</Nothing>
  return (
    <ol class="fl-list">
      {causes.map((cause, number) => (
        <li key={number}>
          <h3>
            {cause.kind === 'queue' ? 'queued' : cause.kind}
            {cause.what === '' ? '' : `: ${plain(cause.what)}`}
          </h3>
          <p>
            <strong>{duration(cause.total)}</strong> in {count(cause.count, 'wait')}{' '}
            <SourceLink app={app} place={cause.location} />
          </p>
          <p>{quantiles(cause.quantiles)}</p>
          <Histogram
            label="How long the waits took"
            buckets={cause.histogram}
            choose={(from, to) => {
              void app.filter(filterOf(cause, from, to))
            }}
          />
        </li>
      ))}
    </ol>
  )
}

/** Shows the tasks that have such a wait, of this line and this length. */
function filterOf({ kind, what, one, location }: WaitCause, from: number, to: number): string {
  const queued = kind === 'queue'
  const terms = queued ? [] : [`wait:${kind.toLowerCase()}`]
  if (location !== null) terms.push(`${queued ? 'scope' : 'wait'}-at:"${location.file}:${String(location.line)}"`)
  // A name that was cut fits none.
  if (one && what !== '' && !what.endsWith('…')) {
    terms.push(`${queued ? 'scope' : 'wait-for'}:"${what.replaceAll('"', '')}"`)
  }
  return [...terms, between(queued ? 'queued' : 'wait-dur', from, to)].join(' ')
}
