/** The least that the view may show, in ms: a microsecond, which is finer than any clock. */
const SHORTEST = 0.001

/** Which stretch of time is shown, and how. Immutable: each move gives a new one. */
export class Viewport {
  /** In ms. */
  readonly start: number
  readonly end: number
  /** In CSS pixels. */
  readonly width: number

  constructor(start: number, end: number, width: number) {
    this.start = start
    this.end = Math.max(end, start + SHORTEST)
    this.width = Math.max(1, width)
  }

  /** How long the shown stretch is, in ms. */
  get span(): number {
    return this.end - this.start
  }

  /** How long a pixel is, in ms. */
  get step(): number {
    return this.span / this.width
  }

  x(time: number): number {
    return (time - this.start) / this.step
  }

  time(x: number): number {
    return this.start + x * this.step
  }

  resized(width: number): Viewport {
    return new Viewport(this.start, this.end, width)
  }

  /** @param share of the width; negative goes back in time. */
  panned(share: number, bounds: TimeRange): Viewport {
    return this.movedTo(this.start + this.span * share, bounds)
  }

  /** Shows the same length from another start, as far as `bounds` go. */
  movedTo(start: number, bounds: TimeRange): Viewport {
    const latest = Math.max(bounds.start, bounds.end - this.span)
    const held = Math.min(Math.max(start, bounds.start), latest)
    return new Viewport(held, held + this.span, this.width)
  }

  /**
   * @param factor smaller than 1 shows less, and larger.
   * @param x stays where it is, in pixels.
   */
  zoomed(factor: number, x: number, bounds: TimeRange): Viewport {
    const longest = Math.max(SHORTEST, bounds.end - bounds.start)
    const span = Math.min(Math.max(this.span * factor, SHORTEST), longest)
    const at = this.time(x)
    const start = at - (x / this.width) * span
    return new Viewport(start, start + span, this.width).movedTo(start, bounds)
  }

  /** Shows a stretch with a little room around it. */
  fitted({ start, end }: TimeRange, bounds: TimeRange): Viewport {
    const room = Math.max((end - start) * 0.05, SHORTEST)
    const from = Math.max(bounds.start, start - room)
    return new Viewport(from, Math.max(from + SHORTEST, Math.min(bounds.end, end + room)), this.width)
  }
}

/** In ms. */
export interface TimeRange {
  readonly start: number
  readonly end: number
}

/** Steps of 1, 2 and 5 for the axis, so that marks are about `gap` pixels apart. In ms. */
export function axisStep(viewport: Viewport, gap: number): number {
  const least = viewport.step * gap
  const power = 10 ** Math.floor(Math.log10(least))
  const [step = power * 10] = [1, 2, 5, 10].map((digit) => digit * power).filter((size) => size >= least)
  return step
}
