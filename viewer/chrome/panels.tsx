import type { VNode } from 'preact'
import type { App } from '../app/app.ts'
import { type Panel, PANELS } from '../app/panels.ts'
import { CancellationPanel } from './cancellationPanel.tsx'
import { DetailsPanel } from './detailsPanel.tsx'
import { LeaksPanel } from './leaksPanel.tsx'
import { LoopPanel } from './loopPanel.tsx'
import { PathPanel } from './pathPanel.tsx'
import { PoolPanel } from './poolPanel.tsx'
import { ProblemsPanel } from './problemsPanel.tsx'
import { RangePanel } from './rangePanel.tsx'
import { ScopesPanel } from './scopesPanel.tsx'
import { TablePanel } from './tablePanel.tsx'
import { WaitsPanel } from './waitsPanel.tsx'

const TITLES: Readonly<Record<Panel, string>> = {
  details: 'Task',
  problems: 'Problems',
  pool: 'Scope',
  scopes: 'Scopes',
  cancellation: 'Cancelled',
  leaks: 'Leaks',
  path: 'Critical path',
  waits: 'Waits',
  loop: 'Event loop',
  range: 'Range',
  table: 'Table',
}

const VIEWS: Readonly<Record<Panel, (props: { readonly app: App }) => VNode>> = {
  details: DetailsPanel,
  problems: ProblemsPanel,
  pool: PoolPanel,
  scopes: ScopesPanel,
  cancellation: CancellationPanel,
  leaks: LeaksPanel,
  path: PathPanel,
  waits: WaitsPanel,
  loop: LoopPanel,
  range: RangePanel,
  table: TablePanel,
}

/** The panels beside the timeline, one at a time. */
export function Panels({ app }: { readonly app: App }): VNode {
  const current = app.panel.value
  const View = VIEWS[current]
  const show = (panel: Panel): void => {
    app.panel.value = panel
    app.keep()
  }
  const onKey = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const next = PANELS[(PANELS.indexOf(current) + by + PANELS.length) % PANELS.length] ?? current
    show(next)
    document.getElementById(`fl-tab-${next}`)?.focus()
  }
  return (
    <aside class="fl-panels" aria-label="What is known">
      <div class="fl-tabs" role="tablist" aria-label="Panels" onKeyDown={onKey}>
        {PANELS.map((panel) => (
          <button
            key={panel}
            id={`fl-tab-${panel}`}
            type="button"
            role="tab"
            aria-selected={panel === current}
            aria-controls="fl-panel"
            tabIndex={panel === current ? 0 : -1}
            onClick={() => {
              show(panel)
            }}
          >
            {TITLES[panel]}
            {panel === 'problems' && app.problemCount.value > 0 ? (
              <>
                {' '}
                <span class="fl-count">{app.problemCount}</span>
              </>
            ) : null}
          </button>
        ))}
      </div>
      <div id="fl-panel" class="fl-panel" role="tabpanel" aria-labelledby={`fl-tab-${current}`} tabIndex={0}>
        <View app={app} />
      </div>
    </aside>
  )
}
