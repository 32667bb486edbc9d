import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import { Nothing, SourceLink, TaskLink, TimeLink } from './parts.tsx'
import { useAnswer } from './useAnswer.ts'

const TITLES = {
  outlived: 'Outlived its scope',
  'never ended': 'Never ended',
  unhandled: 'Unhandled rejection',
  alive: 'Kept alive',
} as const

/** So many are listed. */
const MOST = 300

/** Work that nobody waits for any more. */
export function LeaksPanel({ app }: { readonly app: App }): VNode {
  const version = app.version.value
  const leaks = useAnswer(() => app.worker.leaks(), [version])
  if (leaks === undefined) return <Nothing>Looking …</Nothing>
  if (leaks.length === 0) return <Nothing>Nothing leaked: every task ended before its scope did.</Nothing>
  return (
    <ol class="fl-list">
      {leaks.slice(0, MOST).map(({ kind, text, task, location, time, for: length }, number) => (
        <li key={number}>
          <h3>
            {TITLES[kind]}
            {length === null ? '' : `, ${duration(length)}`}
          </h3>
          <p>{plain(text)}</p>
          <p class="fl-line">
            <TimeLink app={app} time={time} /> <SourceLink app={app} place={location} />
            {task === null ? null : <TaskLink app={app} task={task} label="show the task" />}
          </p>
        </li>
      ))}
      {leaks.length > MOST ? (
        <li>
          The rest: filter by <code>state:leaked</code>.
        </li>
      ) : null}
    </ol>
  )
}
