import * as v from 'valibot'
import { IO_KINDS } from './analysis/knowledge/names.ts'
import type { ProjectKnowledge } from './analysis/knowledge/packageRoles.ts'

/** The name of the configuration file; the nearest one above a source file holds for it. */
export const CONFIGURATION_FILE = 'forkline.json'

const names = (text: string) => v.optional(v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.description(text)))

const slot = v.strictObject({
  index: v.pipe(v.number(), v.integer(), v.minValue(0), v.description("The argument's position, from 0.")),
  property: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.description('The property that holds the signal, where the argument is an options object.'),
    ),
  ),
})

const packageRoles = v.strictObject({
  io: v.optional(
    v.pipe(
      v.record(v.string(), v.picklist(IO_KINDS)),
      v.description(
        'Kind of I/O by the name of an export, or of a method of what it makes; `*` is every other name, `memory` reaches nothing.',
      ),
    ),
  ),
  signals: v.optional(
    v.pipe(v.record(v.string(), slot), v.description('Where exports and methods take an abort signal.')),
  ),
  limiters: names('Exports that make a limiter, a queue or a pool.'),
  locks: names('Exports that make a lock.'),
  runs: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description(
        'Methods of limiters and locks that run a task and wait for it; the empty name is calling the limiter itself.',
      ),
    ),
  ),
  limitOption: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.description('The option that holds the limit, where leaving it out means none.'),
    ),
  ),
  startsAll: names(
    'Functions that start the work for every item of their first argument at once, where no further one limits them.',
  ),
  sleeps: names('Exports that wait for a time and do nothing else.'),
  keeps: names(
    'Exports, and methods of what they make, that start what the package itself waits for, and whose failures it handles: the tests of a runner, the tasks of a group.',
  ),
})

/** The shape of `forkline.json`, and of `settings.forkline` in an ESLint configuration. */
export const configurationSchema = v.strictObject({
  $schema: v.optional(v.pipe(v.string(), v.description('Where editors find this schema.'))),
  packages: v.optional(
    v.pipe(
      v.record(v.string(), packageRoles),
      v.description('Roles of packages, by module specifier; `@scope/*` covers all packages of a scope.'),
    ),
  ),
  detached: names('Functions that deliberately start work and let it run.'),
  limiters: names('Functions and objects that bound what they are given, where Forkline cannot see it.'),
  locks: names('Functions and objects under which only one task runs.'),
})

export interface ConfigurationProblem {
  /** Keys from the root to the value: `['packages', 'pg', 'io']`. */
  readonly path: readonly (string | number)[]
  /** What was expected and what is there. */
  readonly message: string
}

export interface ReadConfiguration {
  /** What can be used: a wrong entry is left out, the others hold. */
  readonly knowledge: ProjectKnowledge
  readonly problems: readonly ConfigurationProblem[]
}

/** Reads a configuration that people write by hand, so that anything may stand anywhere. */
export function readConfiguration(raw: unknown): ReadConfiguration {
  const result = v.safeParse(configurationSchema, raw)
  const problems = [...listsForObjects(raw), ...(result.issues ?? []).map(toProblem)]
  if (result.success && problems.length === 0) return { knowledge: result.output as ProjectKnowledge, problems }
  const usable = without(raw, problems)
  const rest = usable === undefined ? undefined : v.safeParse(configurationSchema, usable)
  return { knowledge: rest?.success === true ? (rest.output as ProjectKnowledge) : {}, problems }
}

/** Lists where objects belong: to the schema a list is an object too, with no keys to complain of. */
function listsForObjects(value: unknown, path: readonly string[] = []): ConfigurationProblem[] {
  if (Array.isArray(value)) return [{ path, message: 'Expected an object, got an array.' }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .filter(([key]) =>
      path.length === 0 ? key === 'packages' : path.length === 1 || key === 'io' || key === 'signals',
    )
    .flatMap(([key, inner]) => (path.length < 3 ? listsForObjects(inner, [...path, key]) : []))
}

function toProblem(issue: v.BaseIssue<unknown>): ConfigurationProblem {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))
  const isUnknownKey = issue.expected === 'never'
  const expected = issue.expected?.replaceAll('"', '`').replaceAll(' | ', ', ') ?? issue.message
  return {
    path,
    message: isUnknownKey ? 'There is no such key.' : `Expected ${words(expected)}, got ${words(issue.received)}.`,
  }
}

const WORDS = new Map([
  ['Object', 'an object'],
  ['Array', 'an array'],
  ['string', 'a string'],
  ['number', 'a number'],
  ['undefined', 'nothing'],
])

function words(text: string): string {
  const inner = /^\((.*)\)$/u.exec(text)?.[1]
  return WORDS.get(text) ?? (inner === undefined ? text.replaceAll('"', '`') : `one of ${inner}`)
}

/** The configuration less its wrong entries: whole packages, and whole keys of the top. */
function without(raw: unknown, problems: readonly ConfigurationProblem[]): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const top: Record<string, unknown> = { ...raw }
  for (const {
    path: [first, second],
  } of problems) {
    if (first === undefined) return undefined
    const entry = top[first]
    const isRow = first === 'packages' && second !== undefined && typeof entry === 'object' && entry !== null
    if (isRow) top[first] = Object.fromEntries(Object.entries(entry).filter(([name]) => name !== String(second)))
    else top[first] = undefined
  }
  return Object.fromEntries(Object.entries(top).filter(([, value]) => value !== undefined))
}
