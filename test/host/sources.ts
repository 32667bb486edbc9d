/** Files of the workspace under test; each says in its name what Forkline finds in it. */

export const ASYNC_FOREACH = `declare function notify(id: string): Promise<void>

export async function notifyAll(ids: string[]): Promise<void> {
  ids.forEach(async (id) => {
    await notify(id)
  })
}
`

export const DROPPED_ARRAY = `declare function store(entry: string): Promise<void>
declare function commit(): Promise<void>

export async function rebuild(entries: string[]): Promise<void> {
  entries.map(async (entry) => {
    await store(entry)
  })
  await commit()
}
`

/** Both calls drop an array of promises. */
export const TWO_DROPPED_ARRAYS = `declare function store(entry: string): Promise<void>
declare function remove(entry: string): Promise<void>

export async function replace(added: string[], removed: string[]): Promise<void> {
  removed.map((entry) => remove(entry))
  added.map((entry) => store(entry))
}
`

/** JavaScript has only the code itself to tell that the callback is async. */
export const ASYNC_FOREACH_IN_JAVASCRIPT = `export async function notifyAll(notify) {
  ['a', 'b'].forEach(async (id) => {
    await notify(id)
  })
}
`

export const CLEAN = `declare function notify(id: string): Promise<void>

export async function notifyAll(ids: string[]): Promise<void> {
  for (const id of ids) {
    await notify(id)
  }
}
`
