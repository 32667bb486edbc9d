import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { boundsOf } from '../model/histogram.ts'
import { duration } from '../render/format.ts'

export interface HistogramProps {
  readonly label: string
  readonly buckets: readonly number[]
  /** What of it was chosen, from a time up to but not including another one, in ms. The last may be `Infinity`. */
  readonly choose: (from: number, to: number) => void
}

/** Two buckets, in either order. */
interface Brush {
  readonly anchor: number
  readonly head: number
}

/** How many there are of each length. Bars are chosen by a click, by dragging over them, or with Shift from one on. */
export function Histogram({ label, buckets, choose }: HistogramProps): VNode | null {
  const [brush, setBrush] = useState<Brush | undefined>(undefined)
  const [dragging, setDragging] = useState(false)
  const used = buckets.flatMap((count, bucket) => (count > 0 ? [bucket] : []))
  const first = used[0]
  const last = used.at(-1)
  if (first === undefined || last === undefined) return null
  const most = Math.max(...buckets)
  const pick = ({ anchor, head }: Brush): void => {
    setDragging(false)
    choose(boundsOf(Math.min(anchor, head)).from, boundsOf(Math.max(anchor, head)).to)
  }
  const to = (bucket: number, extend: boolean): Brush => {
    const next = { anchor: extend && brush !== undefined ? brush.anchor : bucket, head: bucket }
    setBrush(next)
    return next
  }
  return (
    <div class="fl-histogram" role="group" aria-label={label}>
      <div
        class="fl-bars"
        onPointerLeave={() => {
          setDragging(false)
        }}
      >
        {Array.from({ length: last - first + 1 }, (_, place) => first + place).map((bucket) => (
          <Bar
            key={bucket}
            count={buckets[bucket] ?? 0}
            most={most}
            bucket={bucket}
            chosen={isWithin(bucket, brush)}
            press={(extend) => {
              to(bucket, extend)
              setDragging(true)
            }}
            enter={() => {
              if (dragging) to(bucket, true)
            }}
            release={() => {
              if (dragging) pick(to(bucket, true))
            }}
            pick={(extend) => {
              pick(to(bucket, extend))
            }}
          />
        ))}
      </div>
      <span>{duration(boundsOf(first).from)}</span>
      <span>{limit(boundsOf(last).to)}</span>
    </div>
  )
}

interface BarProps {
  readonly count: number
  readonly most: number
  readonly bucket: number
  readonly chosen: boolean
  readonly press: (extend: boolean) => void
  readonly enter: () => void
  readonly release: () => void
  /** By a key, which has no pointer to drag. */
  readonly pick: (extend: boolean) => void
}

function Bar({ count, most, bucket, chosen, press, enter, release, pick }: BarProps): VNode {
  const { from, to } = boundsOf(bucket)
  const text = `${String(count)} took ${duration(from)} to ${limit(to)}`
  const height = (40 * count) / most
  return (
    <button
      type="button"
      title={text}
      aria-label={text}
      aria-pressed={chosen}
      onPointerDown={({ shiftKey }) => {
        press(shiftKey)
      }}
      onPointerEnter={enter}
      onPointerUp={release}
      onClick={({ detail, shiftKey }) => {
        if (detail === 0) pick(shiftKey)
      }}
    >
      <svg viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" width="10" y={40 - height} height={height} />
      </svg>
    </button>
  )
}

function isWithin(bucket: number, brush: Brush | undefined): boolean {
  if (brush === undefined) return false
  return bucket >= Math.min(brush.anchor, brush.head) && bucket <= Math.max(brush.anchor, brush.head)
}

function limit(ms: number): string {
  return ms === Infinity ? 'longer' : duration(ms)
}
