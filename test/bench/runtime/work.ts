/** Numbers to work on. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** The least that a task can do: what is measured is what happens around it. */
// eslint-disable-next-line @typescript-eslint/require-await -- a task that settles at once, as a promise
export async function work(item: number): Promise<number> {
  return item
}

export function sumOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
