import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { HELP } from '../app/commands.ts'

/** The keys, and the words of the filter. */
export function Help({ app }: { readonly app: App }): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
    // The focus goes to the button at the end, and takes the view along.
    dialog.current?.scrollTo(0, 0)
  }, [])
  return (
    <dialog
      ref={dialog}
      class="fl-help"
      aria-labelledby="fl-help-title"
      onClose={() => {
        app.help.value = false
      }}
    >
      <h2 id="fl-help-title">Keys</h2>
      <dl>
        {HELP.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2>Filter</h2>
      <p>Conditions, all of which must hold; a minus in front turns one around. Words alone are looked for in names.</p>
      <dl>
        <div>
          <dt>
            <code>state:failed,leaked</code>
          </dt>
          <dd>queued, running, ok, failed, cancelled, leaked or cut-off</dd>
        </div>
        <div>
          <dt>
            <code>scope:upload kind:pool</code>
          </dt>
          <dd>the scope's name, and what sort it is</dd>
        </div>
        <div>
          <dt>
            <code>dur&gt;50ms queued&gt;=1s</code>
          </dt>
          <dd>run time and time in the queue; also start, end, waited</dd>
        </div>
        <div>
          <dt>
            <code>wait:rate,lock wait-dur&gt;5ms</code>
          </dt>
          <dd>
            what it waited for: slot, permit, lock, rate, send, receive, … and how long; also wait-for, what it is
            called, and wait-at, its line
          </dd>
        </div>
        <div>
          <dt>
            <code>at:src/feed.ts:12</code>
          </dt>
          <dd>the line that it came from; scope-at for that of its scope</dd>
        </div>
        <div>
          <dt>
            <code>name:"a b" error:timeout</code>
          </dt>
          <dd>its name, what its error says; also thread and task</dd>
        </div>
      </dl>
      <button
        type="button"
        class="fl-button"
        onClick={() => {
          dialog.current?.close()
        }}
      >
        Close
      </button>
    </dialog>
  )
}
