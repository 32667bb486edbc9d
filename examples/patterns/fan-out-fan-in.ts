/**
 * Fan-out, fan-in: one stream of work is split over several workers, each item going to whichever is free, and what
 * they make of it is brought together again. Go: several goroutines on one channel, and a merge of theirs.
 */
import { merge, pipeline } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, Common } from './service/service.ts'

export interface FannedIn {
  /** In the order of the pages. */
  readonly answers: readonly Answer[]
  /** How many pages each mirror served. */
  readonly served: ReadonlyMap<string, number>
}

/** Downloads pages from four mirrors, each of which serves one caller at a time. */
export async function downloadFromMirrors({
  service,
  signal,
  pages,
}: Common & { readonly pages: readonly string[] }): Promise<FannedIn> {
  const served = new Map<string, number>()
  const found = new Map<string, Answer>()
  const branches = pipeline(pages, { signal }).fanOut(4)
  const mirrored = branches.map((branch, index) =>
    branch.map(
      async (page, task) => {
        const mirror = `/mirrors/${index + 1}`
        return { mirror, page, answer: await service.get(mirror + page, { signal: task.signal }) }
      },
      { name: `mirror ${index + 1}` },
    ),
  )
  for await (const { mirror, page, answer } of merge(...mirrored)) {
    served.set(mirror, (served.get(mirror) ?? 0) + 1)
    found.set(page, answer)
  }
  return { answers: pages.map((page) => found.get(page)).filter((answer) => answer !== undefined), served }
}

if (import.meta.main) {
  const pages = paths('/pages', 40)
  await compare('Fan-out, fan-in', {
    // The first mirror is slow: the others take over what it has no time for.
    mock: { latency: 15, behave: ({ path }) => (path.startsWith('/mirrors/1/') ? { latency: 60 } : undefined) },
    sequential: async ({ service, signal }) => {
      for (const [index, page] of pages.entries()) await service.get(`/mirrors/${1 + (index % 4)}${page}`, { signal })
    },
    concurrent: (common) => downloadFromMirrors({ ...common, pages }),
    tell: ({ served }) =>
      [...served]
        .sort()
        .map(([mirror, count]) => `${mirror} served ${count}`)
        .join(', '),
  })
}
