import type { Palette } from './tile.ts'

/** All colours of the page, from VS Code's theme. */
export interface Theme {
  readonly spans: Palette
  /** By the number of a `TASK_STATES`, and that of leaked tasks behind them: what a span is filled with. */
  readonly states: readonly string[]
  /** What is written on such a span. */
  readonly onStates: readonly string[]
  readonly background: string
  readonly foreground: string
  readonly muted: string
  readonly header: string
  readonly grid: string
  readonly focus: string
  readonly selection: string
  readonly border: string
  readonly blocked: string
  readonly path: string
  readonly whisker: string
  readonly font: string
}

/** Each colour by VS Code's variable, and what holds where there is none, as in a report outside VS Code. */
const VARIABLES = {
  ok: ['--vscode-charts-blue', '#3794ff'],
  running: ['--vscode-charts-green', '#89d185'],
  failed: ['--vscode-charts-red', '#f14c4c'],
  cancelled: ['--vscode-charts-yellow', '#cca700'],
  leaked: ['--vscode-charts-purple', '#b180d7'],
  blocked: ['--fl-blocked', '#e0902f'],
  background: ['--vscode-editor-background', '#1e1e1e'],
  foreground: ['--vscode-editor-foreground', '#cccccc'],
  muted: ['--vscode-descriptionForeground', '#9d9d9d'],
  header: ['--vscode-sideBar-background', '#252526'],
  grid: ['--vscode-editorIndentGuide-background1', '#404040'],
  focus: ['--vscode-focusBorder', '#007fd4'],
  selection: ['--vscode-editor-selectionBackground', '#264f78'],
  border: ['--vscode-panel-border', '#80808059'],
  path: ['--vscode-editor-foreground', '#cccccc'],
  whisker: ['--vscode-charts-lines', '#80808099'],
} as const satisfies Record<string, readonly [variable: string, fallback: string]>

/** Black and white can be read equally well on a colour of this luminance. */
const EVEN = 0.179

/** Reads the theme off an element. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element)
  const css = (name: keyof typeof VARIABLES): string => {
    const [variable, fallback] = VARIABLES[name]
    const value = style.getPropertyValue(variable).trim()
    return value === '' ? fallback : value
  }
  const pixel = pixelReader()
  const spans = {
    ok: pixel(css('ok')),
    running: pixel(css('running')),
    failed: pixel(css('failed')),
    cancelled: pixel(css('cancelled')),
    leaked: pixel(css('leaked')),
  }
  const states = [spans.running, spans.running, spans.ok, spans.failed, spans.cancelled, spans.leaked]
  return {
    spans,
    states: states.map((colour) => cssColour(colour)),
    onStates: states.map((colour) => (luminance(colour) > EVEN ? '#000000' : '#ffffff')),
    background: css('background'),
    foreground: css('foreground'),
    muted: css('muted'),
    header: css('header'),
    grid: css('grid'),
    focus: css('focus'),
    selection: css('selection'),
    border: css('border'),
    blocked: css('blocked'),
    path: css('path'),
    whisker: css('whisker'),
    font: style.getPropertyValue('--vscode-font-family').trim() || 'system-ui, sans-serif',
  }
}

/** Calls back whenever VS Code changes the theme. Gives what stops it. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] })
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] })
  return () => {
    observer.disconnect()
  }
}

/** Colours may be written in any way that CSS knows: a canvas tells what they come to. */
function pixelReader(): (colour: string) => number {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  return (colour) => {
    if (context === null) return 0xff808080
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = colour
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
    return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
  }
}

export function cssColour(pixel: number, opacity = 1): string {
  return `rgb(${String(pixel & 0xff)} ${String((pixel >> 8) & 0xff)} ${String((pixel >> 16) & 0xff)} / ${String(opacity)})`
}

/** Relative luminance as the Web Content Accessibility Guidelines define it, from 0 to 1. */
export function luminance(pixel: number): number {
  const linear = [pixel, pixel >> 8, pixel >> 16].map((channel) => {
    const share = (channel & 0xff) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
}
