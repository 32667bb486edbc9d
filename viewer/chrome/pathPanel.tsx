import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { duration } from '../render/format.ts'
import { Nothing, TaskLink, TimeLink } from './parts.tsx'
import { useAnswer } from './useAnswer.ts'

/** So many steps are listed; all are drawn. */
const MOST = 500

/** What decided the total time of a scope. */
export function PathPanel({ app }: { readonly app: App }): VNode {
  const track = app.track.value
  const version = app.version.value
  const steps = useAnswer(() => app.worker.path(track), [track, version])
  useEffect(() => {
    app.showPath(steps ?? [])
    return () => {
      app.showPath([])
    }
  }, [steps])
  if (track < 0) return <Nothing>Select a task or a scope to see what decided how long it took.</Nothing>
  if (steps === undefined || steps.length === 0) return <Nothing>No task ran in this scope.</Nothing>
  const ran = steps.reduce((sum, { what, start, end }) => sum + (what === 'ran' ? end - start : 0), 0)
  const first = steps[0]?.start ?? 0
  const last = steps.at(-1)?.end ?? 0
  return (
    <section>
      <h2>{app.overview.value.tracks[track]?.label}</h2>
      <p>
        {duration(last - first)} from its first task to its last, of which {duration(ran)} lie on this chain: shorten
        one of these, and the whole is shorter, by no more than its slack says.
      </p>
      <table class="fl-table">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">From</th>
            <th scope="col">Took</th>
            <th scope="col">Slack</th>
          </tr>
        </thead>
        <tbody>
          {steps.slice(0, MOST).map(({ task, label, what, start, end, slack }) => (
            <tr key={`${what} ${String(task)}`}>
              <td>
                <TaskLink app={app} task={task} label={label} />
                {what === 'queued' ? ' (queued)' : ''}
              </td>
              <td>
                <TimeLink app={app} time={start} />
              </td>
              <td>{duration(end - start)}</td>
              <td>{what === 'queued' ? '' : duration(slack)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {steps.length > MOST ? <p>{steps.length - MOST} more steps are drawn in the timeline.</p> : null}
    </section>
  )
}
