import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { App } from '../app/app.ts'
import { duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { TrackInfo, TrackStates } from '../worker/protocol.ts'
import { Nothing, SourceLink } from './parts.tsx'
import { Space } from './space.tsx'
import { useAnswer } from './useAnswer.ts'
import { ROW_KEYS, useWindow } from './useWindow.ts'

const COLUMNS = ['Scope', 'Tasks', 'Limit', 'At once', 'Failed', 'Cancelled', 'Leaked', 'Opened', 'Lasted', 'Source']
/** Scopes are set in by one step for each that they are in, up to so many. */
const MOST_INDENTS = 12

/** The heads of the timeline as a table: what each scope is, how much ran in it, and what became of it. */
export function ScopesPanel({ app }: { readonly app: App }): VNode {
  const version = app.version.value
  const { tracks } = app.overview.value
  const states = useAnswer(() => app.worker.trackStates(), [version])
  // Reads how often something was folded or pinned, so that it is drawn again with it.
  const shown = app.layout.value >= 0 ? (app.timeline?.rows.tracks ?? []) : []
  const [current, setCurrent] = useState(0)
  const view = useWindow(shown.length)
  if (shown.length === 0) return <Nothing>No task ran in any scope.</Nothing>
  const go = (row: number): void => {
    const to = Math.min(Math.max(row, 0), shown.length - 1)
    setCurrent(to)
    view.show(to)
    app.track.value = shown[to] ?? -1
    app.announce(tracks[app.track.value]?.label ?? '')
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey) return
    const track = shown[current] ?? -1
    const by = ROW_KEYS[event.key]
    if (by !== undefined) go(by(current, view.page, shown.length))
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      if (app.timeline?.rows.isFolded(track) === (event.key === 'ArrowRight')) app.fold(track)
    } else if (event.key === 'Enter' && event.target === event.currentTarget) app.selectTrack(track)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const inSight = current >= view.first && current < view.last
  return (
    <div
      ref={view.scroller}
      class="fl-grid fl-scopes"
      onKeyDown={onKey}
      onScroll={view.onScroll}
      role="treegrid"
      tabIndex={0}
      aria-label="Scopes"
      aria-rowcount={shown.length + 1}
      {...(inSight ? { 'aria-activedescendant': `fl-scope-${String(shown[current] ?? 0)}` } : {})}
    >
      <div class="fl-grid-head" role="row" aria-rowindex={1}>
        {COLUMNS.map((title) => (
          <span key={title} role="columnheader">
            {title}
          </span>
        ))}
      </div>
      <Space height={view.before} />
      {shown.slice(view.first, view.last).map((track, place) => {
        const info = tracks[track]
        const row = view.first + place
        return info === undefined ? null : (
          <Row
            key={track}
            app={app}
            track={track}
            info={info}
            states={states}
            row={row}
            current={row === current}
            choose={() => {
              go(row)
            }}
          />
        )
      })}
      <Space height={view.behind} />
    </div>
  )
}

interface RowProps {
  readonly app: App
  readonly track: number
  readonly info: TrackInfo
  readonly states: TrackStates | undefined
  /** Counted from 0. */
  readonly row: number
  readonly current: boolean
  readonly choose: () => void
}

function Row({ app, track, info, states, row, current, choose }: RowProps): VNode {
  const folded = app.timeline?.rows.isFolded(track) ?? false
  const pinned = app.timeline?.rows.isPinned(track) ?? false
  const counted = (column: Uint32Array | undefined): string => (column?.[track] ?? 0).toLocaleString('en')
  return (
    <div
      id={`fl-scope-${String(track)}`}
      role="row"
      aria-rowindex={row + 2}
      aria-level={info.depth + 1}
      aria-expanded={!folded}
      aria-selected={current}
      class={current ? 'fl-grid-row fl-current' : 'fl-grid-row'}
      onClick={choose}
    >
      <span role="gridcell" class={`fl-indent-${String(Math.min(info.depth, MOST_INDENTS))}`}>
        <button
          type="button"
          class="fl-icon"
          tabIndex={-1}
          aria-label={folded ? 'Open' : 'Fold'}
          title={folded ? 'Open (C)' : 'Fold (C)'}
          onClick={() => {
            app.fold(track)
          }}
        >
          {folded ? '▸' : '▾'}
        </button>
        <button
          type="button"
          class="fl-icon"
          tabIndex={-1}
          aria-pressed={pinned}
          aria-label="Keep on top"
          title={pinned ? 'No longer on top (K)' : 'Keep on top (K)'}
          onClick={() => {
            app.pin(track)
          }}
        >
          {pinned ? '★' : '☆'}
        </button>
        <button
          type="button"
          class="fl-link"
          tabIndex={-1}
          onClick={() => {
            app.selectTrack(track)
          }}
        >
          {plain(info.label)}
        </button>
      </span>
      <span role="gridcell">{info.tasks.toLocaleString('en')}</span>
      <span role="gridcell">{info.limit > 0 ? info.limit.toLocaleString('en') : 'none'}</span>
      <span role="gridcell">{info.lanes.toLocaleString('en')}</span>
      <span role="gridcell">{counted(states?.failed)}</span>
      <span role="gridcell">{counted(states?.cancelled)}</span>
      <span role="gridcell">{counted(states?.leaked)}</span>
      <span role="gridcell">{duration(info.opened)}</span>
      <span role="gridcell">{duration(info.closed - info.opened)}</span>
      <span role="gridcell">
        <SourceLink app={app} place={info.location} />
      </span>
    </div>
  )
}
