import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { count } from '../render/format.ts'
import { plain } from '../render/label.ts'
import { Nothing, SourceLink, TaskLink } from './parts.tsx'

const TITLES: Readonly<Record<string, string>> = {
  leak: 'Leak',
  'idle-pool': 'Idle pool',
  'cancellation-not-reached': 'Cancellation not obeyed',
  'lost-update': 'Lost update',
  'unbounded-fan-out': 'Unbounded fan-out',
  'unhandled-rejection': 'Unhandled rejection',
  'blocked-event-loop': 'Blocked event loop',
  'never-awaited': 'Never awaited',
}

/** So many are listed at once. */
const MOST = 300

/** Every finding, with its tasks and its line. */
export function ProblemsPanel({ app }: { readonly app: App }): VNode {
  const findings = app.findings.value
  if (findings.length === 0) return <Nothing>No problems found in this recording.</Nothing>
  return (
    <ol class="fl-list fl-problems">
      {findings.slice(0, MOST).map(({ kind, message, location, tasks, scope }, number) => {
        const [first] = tasks
        return (
          <li key={number} class={`fl-problem-${kind}`}>
            <h3>{TITLES[kind] ?? kind}</h3>
            <p>{plain(message)}</p>
            <p class="fl-line">
              <SourceLink app={app} place={location} />
              {first === undefined ? (
                <ScopeButton app={app} scope={scope} />
              ) : (
                <TaskLink
                  app={app}
                  task={first}
                  label={tasks.length === 1 ? 'show the task' : `show the first of ${count(tasks.length, 'task')}`}
                />
              )}
            </p>
          </li>
        )
      })}
      {findings.length > MOST ? <li>{count(findings.length - MOST, 'more problem')}</li> : null}
    </ol>
  )
}

function ScopeButton({ app, scope }: { readonly app: App; readonly scope: number }): VNode | null {
  if (scope < 0) return null
  const show = (): void => {
    void app.worker.trackOf(scope).then((track) => {
      if (track >= 0) app.selectTrack(track)
    })
  }
  return (
    <button type="button" class="fl-link" onClick={show}>
      show the scope
    </button>
  )
}
