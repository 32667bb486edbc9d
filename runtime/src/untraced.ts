/** Stands in for `traced.ts` where there are no recordings: in browsers. Bundlers leave out calls of empty functions. */
export const TRACES: boolean = false

export function openScope(): void {}
export function openScopeAt(): void {}
export function placeWithin(): void {}
export function placeOf(): void {}
export function openOwnScope(): void {}
export function closeScope(): void {}
export function failScope(): void {}
export function queueTask(): void {}
export function startTask(): void {}
export function nextTask(): void {}
export function failCurrent(): void {}
export function endTask(): void {}
export function failTask(): void {}
export function endWith(): void {}
export function shareTask(): void {}
export function beginWait(): void {}
export function endWait(): void {}
export function traceLine(): void {}
export function enterLine(): void {}
export function leaveLine(): void {}
export function traceLevel(): void {}
export function tracePause(): void {}
export function beforeAbort(): void {}
export function afterAbort(): void {}

/** Not reached: there is no task to run in. */
export function inTask(): void {}
export function aside(): void {}
