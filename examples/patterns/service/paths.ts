/** `/pages/1`, `/pages/2` and so on, for `prefix` `/pages`. */
export function paths(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}/${index + 1}`)
}
