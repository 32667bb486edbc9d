/** Stands in for `stack.ts` where its size matters more: in browsers. Bundlers leave out calls of empty functions. */
export function leadToAwaiter(): void {}
