/** For platforms that do not tell. */
const USUAL_CORES = 4

/** `os.availableParallelism()` on Node, without an import that browsers would stumble over. */
export function availableParallelism(): number {
  const node = (globalThis as { process?: Partial<NodeJS.Process> }).process
  const os = node?.getBuiltinModule?.('node:os')
  if (os !== undefined) return os.availableParallelism()
  const browser = (globalThis as { navigator?: Partial<Navigator> }).navigator
  return browser?.hardwareConcurrency ?? USUAL_CORES
}
