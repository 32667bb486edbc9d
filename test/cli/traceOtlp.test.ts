import { describe, expect, it } from 'vitest'
import { recording, type RecordingBuilder } from '../trace/support/recording.ts'
import { Sandbox } from './sandbox.ts'

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number; readonly message?: string }
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly events: readonly { readonly name: string }[]
  readonly links: readonly { readonly spanId: string }[]
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}

async function exported(...recordings: readonly RecordingBuilder[]): Promise<{ lines: Request[]; spans: Span[] }> {
  const files = new Sandbox(
    Object.fromEntries(recordings.map((made, index) => [`${String(index)}.fltrace`, Buffer.from(made.bytes())])),
  )
  const { exitCode, stderr } = await files.run(['trace', 'export', '0.fltrace', '--to', 'otlp', '-o', 'out.jsonl'])
  if (exitCode !== 0) throw new Error(stderr)
  const lines = files
    .read('out.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Request)
  const spans = lines.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  )
  return { lines, spans }
}

function valueOf({ attributes }: Pick<Span, 'attributes'>, key: string): unknown {
  return Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0]
}

describe('the export to OpenTelemetry', () => {
  it('has spans of the process, its scopes and their tasks, each within the other', async () => {
    const made = recording()
    const scope = made.scope('pool', { name: 'p', limit: 2, from: 'f@/a.ts:3:4', end: 9 })
    const first = made.task(scope, { created: 0, start: 1, end: 5, outcome: 'failed', error: 'Error: no\n  at f' })
    made.wait('sleep', first, { at: 2, end: 4 })
    const inner = made.scope('group', { parent: first, at: 2, end: 4 })
    made.task(inner, { start: 2, end: 3, parent: first })
    const { lines, spans } = await exported(made.exit(10, 3))
    const byName = new Map(spans.map((span) => [span.name, span]))
    expect(spans.map(({ name }) => name)).toEqual(['main.js', 'pool "p"', 'group', 'pool "p"', 'group'])
    const [process, pool, group, task, child] = spans
    expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual([
      undefined,
      process?.spanId,
      task?.spanId,
      pool?.spanId,
      group?.spanId,
    ])
    expect(child?.links.map(({ spanId }) => spanId)).toEqual([task?.spanId])
    expect(task).toMatchObject({
      startTimeUnixNano: '1700000000001000000',
      endTimeUnixNano: '1700000000005000000',
      status: { code: 2, message: 'Error: no' },
    })
    expect(task?.events.map(({ name }) => name)).toEqual(['wait sleep', 'exception'])
    expect([valueOf(task as Span, 'code.file.path'), valueOf(task as Span, 'code.line.number')]).toEqual(['/a.ts', 3])
    expect(valueOf(byName.get('main.js') as Span, 'process.exit.code')).toBe(3)
    expect(valueOf(lines[0]?.resourceSpans[0]?.resource ?? { attributes: [] }, 'service.name')).toBe('main.js')
  })

  it('has ids that W3C trace context allows: the run is the trace, and no span id comes twice', async () => {
    const made = recording({ run: new Uint8Array(16) })
    for (let task = 0; task < 500; task++) made.task(0, { start: task, end: task + 1 })
    const { spans } = await exported(made.exit(600))
    for (const { traceId, spanId } of spans) {
      expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/)
      expect(spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/)
    }
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(501)
  })

  it('joins processes: one trace, and a child within its parent, exported together or apart', async () => {
    const parent = recording({ pid: 10, parentPid: 1, origin: 1000 })
    parent.task(parent.scope('group'), { start: 0, end: 1 })
    const child = recording({ pid: 11, parentPid: 10, origin: 2000 })
    child.task(child.scope('group'), { start: 0, end: 1 })
    const together = (await exported(parent.exit(5), child.exit(5))).spans
    expect(new Set(together.map(({ traceId }) => traceId))).toEqual(new Set(['ab'.repeat(16)]))
    expect(together[1]?.parentSpanId).toBe(together[0]?.spanId)
    const apart = [...(await exported(parent)).spans, ...(await exported(child)).spans]
    expect(apart.map(({ spanId }) => spanId).sort()).toEqual(together.map(({ spanId }) => spanId).sort())
  })

  it('has no request that is too large for a collector', async () => {
    const made = recording()
    for (let task = 0; task < 4500; task++) made.task(0, { start: task, end: task + 1 })
    const { lines, spans } = await exported(made.exit(5000))
    expect([lines.length, spans.length]).toEqual([3, 4501])
  })

  it('never has a span that ends before it begins, and marks what was cut off', async () => {
    const made = recording()
    made.task(made.scope('group'), { created: 1 })
    made.task(made.scope('pool'), { start: 4 })
    const { spans } = await exported(made)
    for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano))
    }
    expect(spans.map((span) => valueOf(span, 'forkline.outcome'))).toEqual([
      undefined,
      undefined,
      undefined,
      'cut off',
      'cut off',
    ])
  })
})
