import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import { TABLE_COLUMNS, type TableColumn, type TableRow } from '../worker/protocol.ts'
import { SourceLink, StateBadge } from './parts.tsx'
import { useAnswer } from './useAnswer.ts'

const ROW_HEIGHT = 26
/** Rows above and below what is in sight that are there too, for quick scrolling. */
const SPARE = 10
/** Browsers place nothing beyond some tens of millions of pixels: past this, rows are reached by sorting and filter. */
const MOST_ROWS = 600_000

const TITLES: Readonly<Record<TableColumn, string>> = {
  task: 'Task',
  scope: 'Scope',
  state: 'State',
  start: 'Start',
  duration: 'Took',
  queued: 'Queued',
  location: 'Source',
}

/** The same as the canvas, as a table: every task that the filter lets through. */
export function TablePanel({ app }: { readonly app: App }): VNode {
  const [{ column, descending }, setOrder] = useState<{ readonly column: TableColumn; readonly descending: boolean }>({
    column: 'start',
    descending: false,
  })
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(400)
  const [current, setCurrent] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const version = app.version.value
  const total = useAnswer(() => app.worker.sort(column, descending), [column, descending, version]) ?? 0
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - SPARE)
  const last = Math.min(total, Math.ceil((top + height) / ROW_HEIGHT) + SPARE, MOST_ROWS)
  const rows = useAnswer(
    async () => ({ first, list: await app.worker.rows(first, last) }),
    [first, last, total, column, descending, version],
  )
  useEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight)
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [])
  const from = rows?.first ?? 0
  const shown = current >= from && current < from + (rows?.list.length ?? 0)
  const go = (row: number): void => {
    const to = Math.min(Math.max(row, 0), Math.min(total, MOST_ROWS) - 1)
    setCurrent(to)
    const element = scroller.current
    if (element === null) return
    const y = to * ROW_HEIGHT
    if (y < element.scrollTop) element.scrollTop = y
    else if (y + 2 * ROW_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = y + 2 * ROW_HEIGHT - element.clientHeight
    void app.worker.rows(to, to + 1).then(([found]) => {
      if (found !== undefined) void app.select(found.task)
    })
  }
  const onKey = (event: KeyboardEvent): void => {
    const by = MOVES[event.key]
    if (by === undefined || event.ctrlKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    go(by(current, Math.floor(height / ROW_HEIGHT) - 1, total))
  }
  const sort = (by: TableColumn): void => {
    setOrder({ column: by, descending: by === column && !descending })
  }
  return (
    <div
      ref={scroller}
      class="fl-grid"
      onKeyDown={onKey}
      role="grid"
      tabIndex={0}
      aria-label="Tasks"
      aria-rowcount={total + 1}
      {...(shown ? { 'aria-activedescendant': `fl-row-${String(current)}` } : {})}
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop)
      }}
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
      <Space height={first * ROW_HEIGHT} />
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
      <Space height={Math.max(0, Math.min(total, MOST_ROWS) - last) * ROW_HEIGHT} />
      {total > MOST_ROWS ? (
        <p>Only the first {MOST_ROWS.toLocaleString('en')} are listed: sort or filter to reach the others.</p>
      ) : null}
    </div>
  )
}

const MOVES: Readonly<Record<string, (row: number, page: number, total: number) => number>> = {
  ArrowDown: (row) => row + 1,
  ArrowUp: (row) => row - 1,
  PageDown: (row, page) => row + page,
  PageUp: (row, page) => row - page,
  Home: () => 0,
  End: (_row, _page, total) => total - 1,
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
      <span role="gridcell">
        <SourceLink app={app} place={row.location} />
      </span>
    </div>
  )
}

/** Keeps the room of rows that are not there. Its height is set by script: style attributes are blocked. */
function Space({ height }: { readonly height: number }): VNode {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (element.current !== null) element.current.style.height = `${String(height)}px`
  }, [height])
  return <div ref={element} role="presentation" />
}
