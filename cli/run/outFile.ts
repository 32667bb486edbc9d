import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The file of a recording whose name nobody chose: `forkline-20261121-140500.fltrace`, in the local time. */
export function defaultOutFile(cwd: string, now: Date): string {
  const [year, ...rest] = [
    now.getFullYear(),
    now.getMonth() + 1,
    now.getDate(),
    now.getHours(),
    now.getMinutes(),
    now.getSeconds(),
  ].map((number) => String(number).padStart(2, '0'))
  const [month, day, ...time] = rest
  const name = `forkline-${year ?? ''}${month ?? ''}${day ?? ''}-${time.join('')}`
  for (let count = 1; ; count++) {
    const path = join(cwd, `${name}${count === 1 ? '' : `-${String(count)}`}.fltrace`)
    if (!existsSync(path)) return path
  }
}

/** Why nothing can be recorded into a file that the user chose, and what to do; undefined when it can. */
export function whyNotInto(written: string, cwd: string): string | undefined {
  if (!existsSync(resolve(cwd, written))) return undefined
  return (
    `${written} is there already, and nothing is recorded over it: the program runs unrecorded. `
    + 'Remove the file, or name another with --out.'
  )
}
