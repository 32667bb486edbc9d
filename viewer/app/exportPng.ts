import type { App } from './app.ts'

/** Saves what is seen as a picture. */
export async function exportPng(app: App): Promise<void> {
  const canvases = [...document.querySelectorAll<HTMLCanvasElement>('.fl-canvas canvas')]
  const [spans] = canvases
  if (spans === undefined) return
  const picture = new OffscreenCanvas(spans.width, spans.height)
  const context = picture.getContext('2d')
  for (const canvas of canvases) context?.drawImage(canvas, 0, 0)
  const blob = await picture.convertToBlob({ type: 'image/png' })
  app.host.post({ type: 'save', name: `${app.name.value}.png`, bytes: new Uint8Array(await blob.arrayBuffer()) })
}
