import fs from 'node:fs'

const BOM = '\uFEFF'

/**
 * What to put before the text of a file when it is written back: its byte order mark, or nothing.
 * `undefined` when the bytes on disk are not this text in UTF-8, so that writing would change more than was meant.
 */
export function prefixOnDisk(file: string, text: string): string | undefined {
  try {
    const bytes = fs.readFileSync(file)
    return ['', BOM].find((prefix) => bytes.equals(Buffer.from(prefix + text)))
  } catch {
    return undefined
  }
}
