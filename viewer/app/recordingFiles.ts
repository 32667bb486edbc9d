/** How much of a file is fetched at a time, in bytes: enough for progress to show, and few requests. */
const PIECE = 8 << 20

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Fetches a file in pieces, each by a `Range` request: a plain one would be kept whole by the browser's cache. It is
 * for the page to do: what a worker asks for does not come by the way that VS Code has for files of a webview.
 *
 * @param from from which byte on.
 * @param take is given each piece, and how far the file has been read, in bytes. One piece is taken at a time; the
 * next comes meanwhile.
 * @throws Error when the file is not there any more, or cannot be read.
 */
export async function fetchPieces(
  url: string, from: number, size: number, take: (bytes: Bytes, until: number) => Promise<void>,
): Promise<void> {
  let coming = from < size ? fetchPiece(url, from, size) : undefined
  for (let at = from; coming !== undefined;) {
    const bytes = await coming
    at += bytes.length
    coming = at < size ? fetchPiece(url, at, size) : undefined
    // Whether it failed is looked at only when its turn comes, if it ever does.
    coming?.catch(() => undefined)
    await take(bytes, at)
  }
}

async function fetchPiece(url: string, at: number, size: number): Promise<Bytes> {
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
  return bytes
}
