/** Two mistakes that everyone makes once, for who has no code at hand. */
export const EXAMPLE = `declare function fetchPage(url: string, options?: { signal?: AbortSignal }): Promise<string>

export async function readAll(urls: string[]): Promise<string[]> {
  const pages: string[] = []
  urls.forEach(async (url) => {
    pages.push(await fetchPage(url))
  })
  return pages
}

export async function warmUp(urls: string[]): Promise<void> {
  urls.map((url) => fetchPage(url))
}
`
