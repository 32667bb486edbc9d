import ts from 'typescript'
import { expect, test } from 'vitest'
import { signalFieldsOf } from '../../../../lint/analysis/cancellation/signalFields.ts'
import { marked } from '../marked.ts'

test.each([
  ['a parameter property', 'constructor(readonly signal: AbortSignal) {}', ['this.signal']],
  [
    'a field that the constructor fills',
    '#signal: AbortSignal\nconstructor(signal: AbortSignal) { this.#signal = signal }',
    ['this.#signal'],
  ],
  [
    'from the options',
    'end?: AbortSignal | undefined\nconstructor(options: { signal?: AbortSignal }) { this.end = options.signal }',
    ['this.end'],
  ],
  [
    'from a pattern',
    'end: AbortSignal\nconstructor({ signal }: { signal: AbortSignal }) { this.end = signal }',
    ['this.end'],
  ],
  [
    'a controller that a method aborts',
    '#end = new AbortController()\nstop() { this.#end.abort() }',
    ['this.#end.signal'],
  ],
  ['a controller that nothing aborts', '#end = new AbortController()', []],
  [
    'a controller that is made anew',
    'end = new AbortController()\nstop() { this.end.abort(); this.end = new AbortController() }',
    [],
  ],
  [
    'a signal that is set later',
    'constructor(public signal: AbortSignal) {}\nuse(signal: AbortSignal) { this.signal = signal }',
    [],
  ],
  ['a signal of its own', 'signal: AbortSignal\nconstructor() { this.signal = AbortSignal.timeout(5) }', []],
  ['a static one', 'static end = new AbortController()\nstatic stop() { this.end.abort() }', []],
  ['another type', 'constructor(readonly signal: string) {}', []],
  [
    'in the options of a parameter property',
    'constructor(private readonly options: { signal: AbortSignal }) {}\nlook() { return this.options.signal.aborted }',
    ['this.options.signal'],
  ],
  [
    'in options that the constructor keeps',
    '#options: { signal?: AbortSignal; url: string }\nconstructor(options: { signal?: AbortSignal; url: string }) { this.#options = options }\nlook() { return this.#options.signal?.aborted }',
    ['this.#options.signal'],
  ],
  [
    'in options over defaults',
    'opts: { signal?: AbortSignal }\nconstructor(given: { signal?: AbortSignal }) { this.opts = { signal: AbortSignal.timeout(5), ...given } }\nlook() { return this.opts.signal }',
    ['this.opts.signal'],
  ],
  [
    'in options that may be missing',
    'constructor(readonly init?: { abortSignal: AbortSignal }) {}\nlook() { return this.init?.abortSignal.aborted }',
    ['this.init?.abortSignal'],
  ],
  [
    'in options of which no method speaks',
    'constructor(readonly options: { signal: AbortSignal }) {}\nlook() { return this.options }',
    [],
  ],
  [
    'in options that are set later',
    'constructor(public options: { signal: AbortSignal }) {}\nuse(options: { signal: AbortSignal }) { this.options = options }\nlook() { return this.options.signal }',
    [],
  ],
  ['in options made here', 'options = { signal: AbortSignal.timeout(5) }\nlook() { return this.options.signal }', []],
  [
    'in options, where the name stands for something else',
    'constructor(readonly options: { signal: string }) {}\nlook() { return this.options.signal }',
    [],
  ],
])('%s', (_, members, expected) => {
  expect(fields(members).map(({ text }) => text)).toEqual(expected)
})

test.each([
  ['an argument', 'g(this.signal)', true],
  ['an option', 'g({ signal: this.signal })', true],
  ['looked at only', 'return this.signal.aborted', false],
  ['what a listener hangs on', 'this.signal.addEventListener("abort", () => {})', false],
])('passed on: %s', (_, body, expected) => {
  const [field] = fields(`constructor(readonly signal: AbortSignal) {}\nuse(g: (given: unknown) => void) { ${body} }`)
  expect(field?.isPassed).toBe(expected)
})

test.each([
  ['in a call of another method', 'g({ signal: this.options.signal })', true],
  ['looked at only', 'return this.options.signal.aborted', false],
])('passed on from options: %s', (_, body, expected) => {
  const [field] = fields(
    `constructor(readonly options: { signal: AbortSignal }) {}\nuse(g: (given: unknown) => void) { ${body} }`,
  )
  expect(field).toMatchObject({ property: 'signal', optional: false, isPassed: expected })
})

function fields(members: string): ReturnType<typeof signalFieldsOf> {
  const { analysis, fn } = marked(`export class Box {\n${members}\nf() {}\n}`)
  if (!ts.isClassLike(fn.parent)) throw new Error('Expected `f` to be a method')
  return signalFieldsOf(fn.parent, analysis)
}
