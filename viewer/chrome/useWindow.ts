import { useEffect, useRef, useState } from 'preact/hooks'

export const ROW_HEIGHT = 26
/** Rows above and below what is in sight that are there too, for quick scrolling. */
const SPARE = 10
/** Browsers place nothing beyond some tens of millions of pixels: past this, rows are reached by sorting and filter. */
export const MOST_ROWS = 600_000

/** Which of very many rows are in sight, and how to bring others there. */
export interface RowWindow {
  readonly scroller: { current: HTMLDivElement | null }
  readonly onScroll: (event: { readonly currentTarget: HTMLDivElement }) => void
  /** From which row on, up to but not including which other one, rows are to be there. */
  readonly first: number
  readonly last: number
  /** How many rows fit. */
  readonly page: number
  /** Of the rows before and behind those that are there, in pixels. */
  readonly before: number
  readonly behind: number
  /** Scrolls until a row is in sight, below a head that sticks. */
  show(row: number): void
}

/** @param total how many rows there are. */
export function useWindow(total: number): RowWindow {
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(400)
  const scroller = useRef<HTMLDivElement>(null)
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
  const most = Math.min(total, MOST_ROWS)
  const first = Math.min(Math.max(0, Math.floor(top / ROW_HEIGHT) - SPARE), most)
  const last = Math.min(most, Math.ceil((top + height) / ROW_HEIGHT) + SPARE)
  return {
    scroller,
    onScroll: ({ currentTarget }) => {
      setTop(currentTarget.scrollTop)
    },
    first,
    last,
    page: Math.max(1, Math.floor(height / ROW_HEIGHT) - 1),
    before: first * ROW_HEIGHT,
    behind: Math.max(0, most - last) * ROW_HEIGHT,
    show: (row) => {
      const element = scroller.current
      if (element === null) return
      const y = row * ROW_HEIGHT
      if (y < element.scrollTop) element.scrollTop = y
      else if (y + 2 * ROW_HEIGHT > element.scrollTop + element.clientHeight)
        element.scrollTop = y + 2 * ROW_HEIGHT - element.clientHeight
    },
  }
}

/** Keys that move among rows: from one to another, given how many fit and how many there are. */
export const ROW_KEYS: Readonly<Record<string, (row: number, page: number, total: number) => number>> = {
  ArrowDown: (row) => row + 1,
  ArrowUp: (row) => row - 1,
  PageDown: (row, page) => row + page,
  PageUp: (row, page) => row - page,
  Home: () => 0,
  End: (_row, _page, total) => total - 1,
}
