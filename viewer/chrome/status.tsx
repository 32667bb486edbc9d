import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'

export function Loading({ done, total }: { readonly done: number; readonly total: number }): VNode {
  return (
    <div class="fl-cover">
      <p>
        {total === 0 ? 'Opening the recording …' : `Reading the recording: ${megabytes(done)} of ${megabytes(total)}`}
      </p>
      {total === 0 ? null : <progress max={total} value={done} aria-label="Reading the recording" />}
    </div>
  )
}

export function Failed({ message }: { readonly message: string }): VNode {
  return (
    <div class="fl-cover" role="alert">
      <h2>This recording cannot be shown</h2>
      <p>{plain(message)}</p>
    </div>
  )
}

export function Empty({ app }: { readonly app: App }): VNode {
  const { tasks, scopes } = { tasks: app.overview.value.tasks, scopes: app.overview.value.tracks.length }
  if (tasks > 0) {
    return (
      <div class="fl-cover">
        <h2>No task fits the filter</h2>
        <p>{tasks.toLocaleString('en')} are hidden.</p>
        <button
          type="button"
          class="fl-button"
          onClick={() => {
            void app.filter('')
          }}
        >
          Show them all
        </button>
      </div>
    )
  }
  if (app.live.value)
    return (
      <div class="fl-cover">
        <h2>Waiting for the first task …</h2>
      </div>
    )
  return (
    <div class="fl-cover">
      <h2>No tasks were recorded</h2>
      <p>
        {scopes === 0
          ? 'The program used nothing that is recorded: no group, pool or pipeline, no Promise.all, no p-limit.'
          : 'Limits were made, but no task ran in them.'}{' '}
        Record every promise with <code>forkline run --promises</code>.
      </p>
    </div>
  )
}

export function Notice({ app }: { readonly app: App }): VNode | null {
  const { dropped, damage, complete, tasks } = app.overview.value
  const parts = [
    app.notice.value,
    dropped > 0
      ? `${count(dropped, 'record')} found no room in memory and ${dropped === 1 ? 'is' : 'are'} missing.`
      : '',
    damage === '' ? '' : `Parts of the file could not be read: ${damage}`,
    tasks > 0 && !complete && !app.live.value
      ? 'The recording breaks off: the program was killed, or is still running. What was open then is shown as cut off.'
      : '',
  ].filter((part) => part !== '')
  if (parts.length === 0) return null
  return (
    <div class="fl-notice" role="status">
      {parts.map((part) => (
        <p key={part}>{plain(part)}</p>
      ))}
    </div>
  )
}

export function StatusBar({ app }: { readonly app: App }): VNode {
  const { tasks, shown, end, dropped } = app.overview.value
  // Reads the frame, so that it is drawn again with it.
  const { viewport } = app.frame.value >= 0 && app.timeline !== undefined ? app.timeline : { viewport: undefined }
  return (
    <footer class="fl-statusbar">
      <span>{shown === tasks ? count(tasks, 'task') : `${shown.toLocaleString('en')} of ${count(tasks, 'task')}`}</span>
      <span>{duration(end)} recorded</span>
      {viewport === undefined ? null : (
        <span>
          {duration(viewport.span)} in sight, from {duration(viewport.start)}
        </span>
      )}
      {dropped > 0 ? <span class="fl-dropped">{count(dropped, 'record')} dropped</span> : null}
      <span class="fl-keys">WASD moves · / filters · ? helps</span>
    </footer>
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
