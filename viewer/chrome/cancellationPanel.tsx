import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { showCancellation } from '../app/cancelMarks.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { CancelReport } from '../worker/protocol.ts'
import { Nothing, SourceLink, TaskLink, TimeLink } from './parts.tsx'
import { useAnswer } from './useAnswer.ts'

/** What was cancelled, why, whom it reached and how fast, and who went on. */
export function CancellationPanel({ app }: { readonly app: App }): VNode {
  const [open, setOpen] = useState(-1)
  const version = app.version.value
  const cancels = useAnswer(() => app.worker.cancellations(), [version])
  useEffect(
    () => () => {
      void showCancellation(app, undefined)
    },
    [],
  )
  if (cancels === undefined) return <Nothing>Looking …</Nothing>
  if (cancels.length === 0) return <Nothing>Nothing was cancelled.</Nothing>
  const choose = (number: number): void => {
    const next = number === open ? -1 : number
    setOpen(next)
    void showCancellation(app, next < 0 ? undefined : cancels[next])
  }
  return (
    <ol class="fl-list">
      {cancels.map((cancel, number) => (
        <li key={number}>
          <h3>
            <button
              type="button"
              class="fl-fold"
              aria-expanded={number === open}
              onClick={() => {
                choose(number)
              }}
            >
              {plain(cancel.scope)}
            </button>
          </h3>
          <p>
            at <TimeLink app={app} time={cancel.time} />, because {cancel.cause}
            {cancel.by === null ? (
              ''
            ) : (
              <>
                , by <TaskLink app={app} task={cancel.by} label={cancel.byLabel} />
              </>
            )}
            . {outcome(cancel)}
          </p>
          {number === open ? <Reached app={app} cancel={cancel} /> : null}
        </li>
      ))}
    </ol>
  )
}

function outcome({ reachedCount, ranOnCount, stoppedAfter }: CancelReport): string {
  const reached =
    reachedCount === 0 ? 'Its signal reached no task' : `Its signal reached ${count(reachedCount, 'task')}`
  if (ranOnCount === 0)
    return reachedCount === 0 ? `${reached} that is recorded.` : `${reached}; all had stopped at once.`
  return `${reached}; ${count(ranOnCount, 'task')} stopped only later, the last after ${duration(stoppedAfter)}.`
}

function Reached({
  app,
  cancel: { reason, reached, reachedCount, ranOn, ranOnCount, location },
}: {
  readonly app: App
  readonly cancel: CancelReport
}): VNode {
  return (
    <>
      <p class="fl-line">
        <SourceLink app={app} place={location} />
      </p>
      {reason === '' ? null : <pre class="fl-error">{reason.split('\n').map(plain).join('\n')}</pre>}
      {reached.length === 0 ? null : <h4>Reached</h4>}
      <ul class="fl-list">
        {reached.map(({ task, label, after }) => (
          <li key={task}>
            <TaskLink app={app} task={task} label={label} /> after {duration(after)}
          </li>
        ))}
        {reachedCount > reached.length ? <li>and {count(reachedCount - reached.length, 'more task')}</li> : null}
      </ul>
      {ranOn.length === 0 ? null : <h4>Stopped only later</h4>}
      <ul class="fl-list">
        {ranOn.map(({ task, label, for: length }) => (
          <li key={task}>
            <TaskLink app={app} task={task} label={label} /> after {duration(length)}
          </li>
        ))}
        {ranOnCount > ranOn.length ? <li>and {count(ranOnCount - ranOn.length, 'more task')}</li> : null}
      </ul>
    </>
  )
}
