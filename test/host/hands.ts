/** What a person does at the keyboard and with the mouse. Only where the editor runs in a browser that is ours. */
export const hasHands = process.env['FORKLINE_HOST_SHIM'] !== undefined

/** Presses a key, as `F8` or `Control+F`. */
export function press(key: string): void {
  console.log(`[press] ${key}`)
}

/** Writes a text where the focus is. */
export function write(text: string): void {
  console.log(`[write] ${text}`)
}

/** Clicks on what a CSS selector finds first, once it is there. */
export function click(selector: string): void {
  console.log(`[click] ${selector}`)
}
