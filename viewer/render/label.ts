/** Direction marks and controls would change how what stands around them is read: they show as what they are. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A text of a recording in a form that can be shown in one line. */
export function plain(text: string): string {
  return text.replace(UNSAFE, '�')
}

/** How wide a character is about, to cut a long text before it is measured, in pixels. */
const NARROWEST = 3

/**
 * Writes as much of a text as there is room for. The font and the text's colour are those of the context.
 *
 * @param room in CSS pixels.
 */
export function writeLabel(
  context: CanvasRenderingContext2D,
  font: string,
  text: string,
  x: number,
  y: number,
  room: number,
): void {
  context.font = `11px ${font}`
  context.textBaseline = 'middle'
  const shown = plain(text.slice(0, Math.ceil(room / NARROWEST)))
  const { width } = context.measureText(shown)
  if (width <= room && shown.length === text.length) {
    context.fillText(shown, x, y)
    return
  }
  const left = room - context.measureText('…').width
  let fits = Math.min(shown.length, Math.floor((shown.length * left) / width) + 1)
  while (fits > 1 && context.measureText(shown.slice(0, fits)).width > left) fits--
  if (fits > 1) context.fillText(`${shown.slice(0, fits)}…`, x, y)
}
