/** The variable by which `forkline run` tells a program and all that it starts to record themselves. */
export const VARIABLE = 'FORKLINE_RECORD'

/** What the files in the folder of notes end in: those that name a recording, and those that tell of a problem. */
export const RECORDING_NOTE = '.recording'
export const PROBLEM_NOTE = '.problem'

/** What `forkline run` asks for. */
export interface RunConfig {
  /** The run that all recordings of it name, as 32 hexadecimal digits. */
  readonly run: string
  /** The file of the first process that records itself; later ones put their process number into the name. Absolute. */
  readonly out: string
  /** A folder in which processes say how recording went: their own output is not ours to use. */
  readonly notes: string
  /** Record every promise. */
  readonly promises: boolean
  /** Let others read the recording while it grows. */
  readonly live: boolean
}

export function encodeConfig(config: RunConfig): string {
  return JSON.stringify(config)
}

/** Reads the variable; undefined when it is not set, or not by `forkline run`. */
export function decodeConfig(text: string | undefined): RunConfig | undefined {
  if (text === undefined) return undefined
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof json !== 'object' || json === null) return undefined
  const { run, out, notes, promises, live } = json as Partial<Record<keyof RunConfig, unknown>>
  if (typeof run !== 'string' || !/^[0-9a-f]{32}$/.test(run) || typeof out !== 'string' || typeof notes !== 'string') {
    return undefined
  }
  return { run, out, notes, promises: promises === true, live: live === true }
}

/**
 * `NODE_OPTIONS` with one more script to load first; what is there stays.
 *
 * It is `--require` and not `--import`: with `--import`, Node loads even a CommonJS program through its loader of
 * modules, and the first promises of the program then settle before its first `process.nextTick`, not after.
 */
export function withPreload(options: string | undefined, path: string): string {
  const ours = `--require ${quoted(path)}`
  return options === undefined || options.trim() === '' ? ours : `${options} ${ours}`
}

/** As Node takes `NODE_OPTIONS` apart: a backslash means itself outside of double quotes, and escapes inside. */
function quoted(path: string): string {
  return /[\s"]/u.test(path) ? `"${path.replaceAll(/["\\]/gu, String.raw`\$&`)}"` : path
}
