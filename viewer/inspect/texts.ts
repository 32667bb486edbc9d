import { type Location, scopeLabel, taskLabel, type Trace } from '@forkline/trace'

/** Of a name no more than this is sent to the page: names may be a megabyte long. */
export const LONGEST_NAME = 300
/** No file system knows longer paths. */
const LONGEST_PATH = 4096

/** The beginning of a text, as much as may be shown of it, in characters. */
export function beginning(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}

/** What a task is called, in no more than one line or two. */
export function taskName(trace: Trace, task: number): string {
  return beginning(taskLabel(trace, task), LONGEST_NAME)
}

/** What a scope is called, in no more than one line or two; empty for -1. */
export function scopeName(trace: Trace, scope: number): string {
  return scope < 0 ? '' : beginning(scopeLabel(trace, scope), LONGEST_NAME)
}

/** A location whose texts are no longer than may be shown. */
export function shortLocation(location: Location): Location {
  const { file, function: name } = location
  if (file.length <= LONGEST_PATH && name.length <= LONGEST_NAME) return location
  return { ...location, file: beginning(file, LONGEST_PATH), function: beginning(name, LONGEST_NAME) }
}
