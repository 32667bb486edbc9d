import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { App } from '../app/app.ts'
import type { ViewCommand } from '../messages.ts'
import { plain } from '../render/label.ts'

interface ButtonProps {
  readonly app: App
  readonly command: ViewCommand
  readonly title: string
  readonly children: ComponentChildren
}

function Button({ app, command, title, children }: ButtonProps): VNode {
  return (
    <button
      type="button"
      class="fl-button"
      title={title}
      aria-label={title}
      onClick={() => {
        void app.run(command)
      }}
    >
      {children}
    </button>
  )
}

export function Toolbar({ app }: { readonly app: App }): VNode {
  const overview = app.overview.value
  return (
    <header class="fl-toolbar">
      <h1 title={plain(overview.command)}>{plain(app.name.value) || 'Timeline'}</h1>
      <FilterBox app={app} />
      <div class="fl-buttons" role="group" aria-label="View">
        <Button app={app} command="back" title="Back (Ctrl+Z)">
          ←
        </Button>
        <Button app={app} command="forward" title="Forward (Ctrl+Shift+Z)">
          →
        </Button>
        <Button app={app} command="zoomOut" title="Zoom out (S or −)">
          −
        </Button>
        <Button app={app} command="zoomIn" title="Zoom in (W or +)">
          +
        </Button>
        <Button app={app} command="fitAll" title="Fit everything (0)">
          Fit
        </Button>
      </div>
      {app.live.value ? <LiveButtons app={app} /> : null}
      <div class="fl-buttons" role="group" aria-label="Save and help">
        <Button app={app} command="exportPng" title="Save what is seen as PNG">
          PNG
        </Button>
        <Button app={app} command="exportSvg" title="Save what is seen as SVG">
          SVG
        </Button>
        {app.host.kind === 'editor' ? (
          <Button app={app} command="exportReport" title="Save a report that opens in any browser">
            Report
          </Button>
        ) : null}
        <Button app={app} command="help" title="Keys and help (?)">
          ?
        </Button>
      </div>
    </header>
  )
}

function LiveButtons({ app }: { readonly app: App }): VNode {
  return (
    <div class="fl-buttons" role="group" aria-label="Recording">
      <span class="fl-live">
        <span aria-hidden="true">●</span> live
      </span>
      <Button app={app} command="follow" title={app.following.value ? 'Pause at this place (L)' : 'Follow the end (L)'}>
        {app.following.value ? 'Pause' : 'Follow'}
      </Button>
      <button
        type="button"
        class="fl-button"
        onClick={() => {
          app.host.post({ type: 'stopRecording' })
        }}
      >
        Stop and save
      </button>
    </div>
  )
}

/** How long nothing is typed before the filter is tried, in ms. */
const TYPED = 200

function FilterBox({ app }: { readonly app: App }): VNode {
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    app.onFocusFilter(() => {
      input.current?.focus()
    })
    return () => {
      clearTimeout(timer.current)
    }
  }, [])
  const typed = (text: string): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      void app.filter(text)
    }, TYPED)
  }
  const error = app.filterError.value
  return (
    <div class="fl-filter">
      <input
        ref={input}
        type="text"
        aria-label="Filter tasks"
        placeholder="Filter: state:failed scope:upload dur>50ms"
        value={app.filterText.value}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={error !== ''}
        aria-describedby="fl-filter-error"
        onInput={({ currentTarget }) => {
          typed(currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          clearTimeout(timer.current)
          void app.filter('')
          document.querySelector<HTMLElement>('.fl-canvas')?.focus()
        }}
      />
      <span id="fl-filter-error" role="alert" class={error === '' ? 'fl-unseen' : 'fl-filter-error'}>
        {error}
      </span>
    </div>
  )
}
