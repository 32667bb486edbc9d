import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import { TABLE_COLUMNS, type TableColumn, type TableRow } from '../worker/protocol.ts'
import { SourceLink, StateBadge } from './parts.tsx'
import { Space } from './space.tsx'
import { useAnswer } from './useAnswer.ts'
import { MOST_ROWS, ROW_KEYS, useWindow } from './useWindow.ts'

const TITLES: Readonly<Record<TableColumn, string>> = {
  task: 'Task',
  scope: 'Scope',
  state: 'State',
  start: 'Start',
  duration: 'Took',
  queued: 'Queued',
  waited: 'Waited',
  lane: 'Lane',
  location: 'Source',
}

/** The same as the canvas, as a table: every task that the filter lets through. */
export function TablePanel({ app }: { readonly app: App }): VNode {
  const [{ column, descending }, setOrder] = useState<{ readonly column: TableColumn; readonly descending: boolean }>({
    column: 'start',
    descending: false,
  })
  const [current, setCurrent] = useState(0)
  const version = app.version.value
  const total = useAnswer(() => app.worker.sort(column, descending), [column, descending, version]) ?? 0
  const view = useWindow(total)
  const { first, last } = view
  const rows = useAnswer(
    async () => ({ first, list: await app.worker.rows(first, last) }),
    [first, last, total, column, descending, version],
  )
  const from = rows?.first ?? 0
  const shown = current >= from && current < from + (rows?.list.length ?? 0)
  const go = (row: number): void => {
    const to = Math.min(Math.max(row, 0), Math.min(total, MOST_ROWS) - 1)
    setCurrent(to)
    view.show(to)
    void app.worker.rows(to, to + 1).then(([found]) => {
      if (found !== undefined) void app.select(found.task)
    })
  }
  const onKey = (event: KeyboardEvent): void => {
    const by = ROW_KEYS[event.key]
    if (by === undefined || event.ctrlKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    go(by(current, view.page, total))
  }
  const sort = (by: TableColumn): void => {
    setOrder({ column: by, descending: by === column && !descending })
  }
  return (
    <div
      ref={view.scroller}
      class="fl-grid"
      onKeyDown={onKey}
      role="grid"
      tabIndex={0}
      aria-label="Tasks"
      aria-rowcount={total + 1}
      {...(shown ? { 'aria-activedescendant': `fl-row-${String(current)}` } : {})}
      onScroll={view.onScroll}
    >
      <div class="fl-grid-head" role="row" aria-rowindex={1}>
        {TABLE_COLUMNS.map((name) => (
          <span
            key={name}
            role="columnheader"
            aria-sort={name === column ? (descending ? 'descending' : 'ascending') : 'none'}
          >
            <button
              type="button"
              class="fl-sort"
              onClick={() => {
                sort(name)
              }}
            >
              {TITLES[name]}
              <span aria-hidden="true">{name === column ? (descending ? ' ▾' : ' ▴') : ''}</span>
            </button>
          </span>
        ))}
      </div>
      <Space height={view.before} />
      {(rows?.list ?? []).map((row, place) => (
        <Row
          key={row.task}
          app={app}
          row={row}
          number={(rows?.first ?? 0) + place}
          current={(rows?.first ?? 0) + place === current}
          choose={() => {
            go((rows?.first ?? 0) + place)
          }}
        />
      ))}
      <Space height={view.behind} />
      {total > MOST_ROWS ? (
        <p>Only the first {MOST_ROWS.toLocaleString('en')} are listed: sort or filter to reach the others.</p>
      ) : null}
    </div>
  )
}

interface RowProps {
  readonly app: App
  readonly row: TableRow
  /** Counted from 0. */
  readonly number: number
  readonly current: boolean
  readonly choose: () => void
}

function Row({ app, row, number, current, choose }: RowProps): VNode {
  return (
    <div
      id={`fl-row-${String(number)}`}
      role="row"
      aria-rowindex={number + 2}
      aria-selected={current}
      class={current ? 'fl-grid-row fl-current' : 'fl-grid-row'}
      onClick={choose}
      onDblClick={() => {
        void app.inspect(row.task)
      }}
    >
      <span role="gridcell">{plain(row.label)}</span>
      <span role="gridcell">{plain(row.scope)}</span>
      <span role="gridcell">
        <StateBadge state={row.state} />
      </span>
      <span role="gridcell">{duration(row.start)}</span>
      <span role="gridcell">{duration(row.duration)}</span>
      <span role="gridcell">{duration(row.queued)}</span>
      <span role="gridcell">{duration(row.waited)}</span>
      <span role="gridcell">{row.lane < 0 ? '' : String(row.lane + 1)}</span>
      <span role="gridcell">
        <SourceLink app={app} place={row.location} />
      </span>
    </div>
  )
}
