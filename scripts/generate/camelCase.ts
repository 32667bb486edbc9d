/** `no-async-foreach` as `noAsyncForeach`. */
export function camelCase(id: string): string {
  return id.replace(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase())
}
