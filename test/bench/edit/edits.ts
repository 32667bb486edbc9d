/** What a person types, one entry per pause; every state parses, so that both linters have the whole file to read. */
export function* typing(text: string, count: number): Generator<string> {
  const jobs = [...text.matchAll(/export async function job(\d+)\(ids: readonly string\[\]\)/gu)].length
  for (let step = 0; step < count; step++) {
    const job = String((step * 7 + 3) % jobs)
    // Inside a body most of the time; every fifth edit changes what the file exports.
    text = step % 5 === 4 ? changeSignature(text, job, step) : changeBody(text, job, step)
    yield text
  }
}

function changeBody(text: string, job: string, step: number): string {
  const at = text.indexOf(`export async function job${job}(`)
  const body = text.indexOf('  let total = 0', at)
  const name = String(step)
  const statement = step % 2 === 0 ? `  const step${name} = ids.length\n` : `  await cache.put(items[${name}]!)\n`
  return text.slice(0, body) + statement + text.slice(body)
}

function changeSignature(text: string, job: string, step: number): string {
  const head = `export async function job${job}(`
  return text.replace(head, `${head}option${String(step)}: number | readonly string[], `)
}
