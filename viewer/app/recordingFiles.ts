/** How much of a file is fetched at a time, in bytes: enough for progress to show, and few requests. */
const PIECE = 4 << 20
/** The first piece is small, so that reading begins soon. */
const FIRST_PIECE = 512 << 10
/** So many pieces are on their way at a time. */
const AHEAD = 3

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Fetches a file in pieces, each by a `Range` request: a plain one would be kept whole by the browser's cache. It is
 * for the page to do: what a worker asks for does not come by the way that VS Code has for files of a webview.
 *
 * @param take is given each piece, and how far the file has been read, in bytes. One piece is taken at a time; the
 * next comes meanwhile.
 * @throws Error when the file is not there any more, or cannot be read.
 */
export async function fetchPieces(
  url: string,
  size: number,
  take: (bytes: Bytes, until: number) => Promise<void>,
): Promise<void> {
  const coming: Promise<Bytes>[] = []
  let asked = 0
  const ask = (length: number): void => {
    if (asked >= size) return
    const piece = fetchPiece(url, asked, Math.min(asked + length, size))
    // Whether it failed is looked at only when its turn comes, if it ever does.
    piece.catch(() => undefined)
    coming.push(piece)
    asked += length
  }
  ask(FIRST_PIECE)
  while (coming.length < AHEAD && asked < size) ask(PIECE)
  for (let at = 0, next = coming.shift(); next !== undefined; next = coming.shift()) {
    const bytes = await next
    ask(PIECE)
    at += bytes.length
    await take(bytes, at)
  }
}

/** @throws Error when not all of it is there. */
async function fetchPiece(url: string, at: number, until: number): Promise<Bytes> {
  const response = await fetch(url, { headers: { Range: `bytes=${String(at)}-${String(until - 1)}` } })
  if (!response.ok) {
    throw new Error(
      `The recording cannot be read (${String(response.status)} ${response.statusText}). `
        + 'It may have been moved or deleted: open it again.',
    )
  }
  let bytes = new Uint8Array(await response.arrayBuffer())
  // A server that knows no ranges gives all from the beginning.
  if (response.status !== 206) bytes = bytes.slice(at, until)
  if (bytes.length < until - at) {
    throw new Error(
      `The recording ends after ${String(at + bytes.length)} bytes, but had at least ${String(until)}: `
        + 'it was cut short while it was being read. Open it again.',
    )
  }
  return bytes
}
