/** How much of a file is fetched at a time, in bytes: enough for progress to show, and few requests. */
const PIECE = 8 << 20

/**
 * Fetches a file in pieces, each by a `Range` request: a plain one would be kept whole by the browser's cache. It is
 * for the page to do: what a worker asks for does not come by the way that VS Code has for files of a webview.
 *
 * @param from from which byte on.
 * @param take is given each piece, and how far the file has been read, in bytes. The next piece waits for it.
 * @throws Error when the file is not there any more, or cannot be read.
 */
export async function fetchPieces(
  url: string, from: number, size: number, take: (bytes: Uint8Array<ArrayBuffer>, until: number) => Promise<void>,
): Promise<void> {
  for (let at = from; at < size;) {
    const until = Math.min(at + PIECE, size)
    const response = await fetch(url, { headers: { Range: `bytes=${String(at)}-${String(until - 1)}` } })
    if (!response.ok) {
      throw new Error(`The recording cannot be read (${String(response.status)} ${response.statusText}). `
        + 'It may have been moved or deleted: open it again.')
    }
    let bytes = new Uint8Array(await response.arrayBuffer())
    // A server that knows no ranges gives all from the beginning.
    if (response.status !== 206) bytes = bytes.subarray(at, size)
    if (bytes.length === 0) {
      throw new Error(`The recording ends after ${String(at)} bytes, but had ${String(size)}: it was cut short while `
        + 'it was being read. Open it again.')
    }
    at += bytes.length
    await take(bytes, at)
  }
}
