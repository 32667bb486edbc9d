import {
  endingOf,
  scopeKind,
  scopeLabel,
  scopeLocation,
  taskLabel,
  taskLocation,
  type Location,
  type Trace,
  waitKind,
  waitLastSeen,
} from '@forkline/trace'
import { TASK_STATES } from '@forkline/trace'
import type { TaskWaits } from './taskWaits.ts'
import { waitPlace } from './waitPlace.ts'

/** A filter that cannot be read. The message says what was expected, and shows what may be written. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

/** One condition; all must hold. */
export interface Term {
  readonly key: TextKey | NumberKey
  readonly operator: ':' | '>' | '>=' | '<' | '<='
  /** Any of these, in lower case; for numbers the one in ms. */
  readonly values: readonly string[]
  readonly number: number
  readonly negated: boolean
}

const TEXT_KEYS = [
  'state',
  'name',
  'scope',
  'scope-at',
  'kind',
  'at',
  'error',
  'thread',
  'wait',
  'wait-at',
  'wait-for',
  'task',
] as const
const NUMBER_KEYS = ['dur', 'queued', 'start', 'end', 'waited', 'wait-dur'] as const

type TextKey = (typeof TEXT_KEYS)[number]
type NumberKey = (typeof NUMBER_KEYS)[number]

const STATES: readonly string[] = ['queued', 'running', 'ok', 'failed', 'cancelled', 'leaked', 'cut-off']
const UNITS: Readonly<Record<string, number>> = { us: 0.001, µs: 0.001, ms: 1, s: 1000, m: 60_000, '': 1 }

/** A word, with `"…"` around what may hold spaces. */
const WORD = /(?:[^\s"]|"[^"]*"?)+/gu
const TERM = /^(?<not>-?)(?<key>scope-at|wait-at|wait-for|wait-dur|[a-z]+)(?<operator>:|>=|<=|>|<)(?<value>.*)$/su
const NUMBER = /^(?<digits>\d+(?:\.\d+)?)(?<unit>us|µs|ms|s|m|)$/u

/**
 * Reads a filter such as `state:failed,cancelled scope:upload dur>50ms -name:"health check"`. A word alone is looked
 * for in names.
 *
 * @throws FilterError when it makes no sense.
 */
export function parseFilter(text: string): Term[] {
  return (text.match(WORD) ?? []).map((word) => {
    const groups = TERM.exec(word)?.groups
    if (groups === undefined) return textTerm('name', unquoted(word.replace(/^-/u, '')), word.startsWith('-'))
    const { key = '', operator = ':', value = '', not } = groups
    if (isOneOf(key, TEXT_KEYS)) {
      if (operator !== ':') throw new FilterError(`"${key}" is compared with ":", as in ${key}:upload.`)
      if (value === '') throw new FilterError(`What is "${key}:" to be? Write it behind the colon.`)
      return textTerm(key, unquoted(value), not === '-')
    }
    if (isOneOf(key, NUMBER_KEYS)) return numberTerm(key, operator, value, not === '-')
    throw new FilterError(`There is no "${key}". There are ${[...TEXT_KEYS, ...NUMBER_KEYS].join(', ')}.`)
  })
}

/**
 * The condition that a time is at least `from`, and less than `to`. Both in ms; `to` may be `Infinity`.
 */
export function between(key: (typeof NUMBER_KEYS)[number], from: number, to: number): string {
  const least = `${key}>=${String(from)}ms`
  return to === Infinity ? least : `${least} ${key}<${String(to)}ms`
}

/** A test of single tasks, with what is the same for many of them worked out once. */
export function matcherOf(terms: readonly Term[], trace: Trace, waitsOf: () => TaskWaits): (task: number) => boolean {
  const tests = terms
    .filter((term) => term.negated || !isOfWait(term))
    .map((term) => {
      const test = testOf(term, trace, waitsOf)
      return term.negated ? (task: number) => !test(task) : test
    })
  // What is said of waits must hold for one and the same.
  const ofWait = terms.filter((term) => !term.negated && isOfWait(term))
  if (ofWait.length > 0) tests.push(testOfWait(ofWait, trace, waitsOf))
  return (task) => tests.every((test) => test(task))
}

function isOfWait({ key }: Term): boolean {
  return key === 'wait' || key === 'wait-at' || key === 'wait-for' || key === 'wait-dur'
}

/** Whether there is a wait of the task that is all that the terms say. */
function testOfWait(terms: readonly Term[], trace: Trace, waitsOf: () => TaskWaits): (task: number) => boolean {
  return (task) =>
    waitsOf()
      .of(task)
      .some((row) =>
        terms.every((term) => {
          if (term.key === 'wait') return term.values.includes(waitKind(trace, row).toLowerCase())
          if (term.key === 'wait-for') return containsAny(scopeText(trace, (trace.waits.scope[row] ?? 0) - 1), term)
          if (term.key === 'wait-at') return isAt(waitPlace(trace, row), term)
          return compares(waitLastSeen(trace, row) - (trace.waits.start[row] ?? 0), term)
        }),
      )
}

function textTerm(key: TextKey, value: string, negated: boolean): Term {
  const values = value
    .toLowerCase()
    .split(',')
    .filter((part) => part !== '')
  const wrong = key === 'state' ? values.find((state) => !STATES.includes(state)) : undefined
  if (wrong !== undefined) throw new FilterError(`There is no state "${wrong}". There are ${STATES.join(', ')}.`)
  return { key, operator: ':', values, number: 0, negated }
}

function numberTerm(key: NumberKey, operator: string, value: string, negated: boolean): Term {
  if (operator === ':') throw new FilterError(`"${key}" is compared with > or <, as in ${key}>50ms.`)
  const { digits, unit } = NUMBER.exec(value)?.groups ?? {}
  if (digits === undefined) throw new FilterError(`"${value}" is no time. Write it as 50ms, 1.5s, 200us or 2m.`)
  return {
    key,
    operator: operator as Term['operator'],
    values: [],
    number: Number(digits) * (UNITS[unit ?? ''] ?? 1),
    negated,
  }
}

function testOf(term: Term, trace: Trace, waitsOf: () => TaskWaits): (task: number) => boolean {
  const { tasks, waits, strings } = trace
  const scopeOf = (task: number): number => (tasks.scope[task] ?? 0) - 1
  const end = (task: number): number => (Number.isNaN(tasks.end[task]) ? trace.end : (tasks.end[task] ?? 0))
  switch (term.key) {
    case 'state':
      return (task) => term.values.includes(stateOf(trace, task))
    case 'name':
      return (task) => containsAny(taskLabel(trace, task), term)
    case 'scope':
      return byScope(scopeOf, (scope) => containsAny(scopeText(trace, scope), term))
    case 'scope-at':
      return byScope(scopeOf, (scope) => scope >= 0 && isAt(scopeLocation(trace, scope), term))
    case 'kind':
      return byScope(scopeOf, (scope) => scope >= 0 && term.values.includes(scopeKind(trace, scope).toLowerCase()))
    case 'at':
      return (task) => isAt(taskLocation(trace, task), term)
    case 'error':
      return (task) => containsAny(strings.at(tasks.error.at(task)), term)
    case 'thread':
      return (task) => containsAny(trace.threads[tasks.thread[task] ?? 0]?.name ?? '', term)
    case 'task':
      return (task) => term.values.includes(String(task))
    case 'wait':
    case 'wait-at':
    case 'wait-for':
    case 'wait-dur':
      return testOfWait([term], trace, waitsOf)
    case 'dur':
      return (task) =>
        compares(tasks.state[task] === TASK_STATES.queued ? 0 : end(task) - (tasks.start[task] ?? 0), term)
    case 'queued':
      return (task) => compares(tasks.queued[task] ?? 0, term)
    case 'start':
      return (task) => compares(tasks.start[task] ?? 0, term)
    case 'end':
      return (task) => compares(end(task), term)
    case 'waited':
      return (task) => {
        let total = 0
        for (const row of waitsOf().of(task)) {
          total += waitLastSeen(trace, row) - (waits.start[row] ?? 0)
        }
        return compares(total, term)
      }
  }
}

/** What a scope is called, without the quotes around its name: a filter cannot hold them. */
function scopeText(trace: Trace, scope: number): string {
  return scope < 0 ? '' : scopeLabel(trace, scope).replaceAll('"', '')
}

/** What a task has become, in the words of the filter. */
function stateOf(trace: Trace, task: number): string {
  const state = trace.tasks.state[task]
  if (state === TASK_STATES.queued) return 'queued'
  const ending = endingOf(trace, task)
  return ending === 'cut off' ? (trace.complete ? 'cut-off' : 'running') : ending
}

function byScope(scopeOf: (task: number) => number, test: (scope: number) => boolean): (task: number) => boolean {
  const known = new Map<number, boolean>()
  return (task) => {
    const scope = scopeOf(task)
    let answer = known.get(scope)
    if (answer === undefined) {
      answer = test(scope)
      known.set(scope, answer)
    }
    return answer
  }
}

function containsAny(text: string, { values }: Term): boolean {
  const lower = text.toLowerCase()
  return values.some((value) => lower.includes(value))
}

/** `file`, `file:line` or the end of either's path. */
function isAt(location: Location | null, { values }: Term): boolean {
  if (location === null) return false
  const file = location.file.toLowerCase().replaceAll('\\', '/')
  return values.some((value) => {
    const { path = value, line } = /^(?<path>.*?):(?<line>\d+)$/u.exec(value)?.groups ?? {}
    return file.endsWith(path.replaceAll('\\', '/')) && (line === undefined || location.line === Number(line))
  })
}

function compares(value: number, { operator, number }: Term): boolean {
  switch (operator) {
    case '>':
      return value > number
    case '>=':
      return value >= number
    case '<':
      return value < number
    default:
      return value <= number
  }
}

function unquoted(value: string): string {
  return value.replaceAll('"', '')
}

function isOneOf<Key extends string>(key: string, keys: readonly Key[]): key is Key {
  return (keys as readonly string[]).includes(key)
}
