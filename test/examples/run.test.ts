import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

const main = resolve(import.meta.dirname, '../../examples/news-pipeline/src/main.ts')

describe('the news pipeline, when it runs', () => {
  let output = ''

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [main], { env: { ...process.env, NO_COLOR: '1' } })
    output = stdout
  }, 60_000)

  /** The numbers that `pattern` captures in the program's report. */
  function numbers(pattern: RegExp): number[] {
    const match = pattern.exec(output)
    if (!match) throw new Error(`Expected ${String(pattern)} in:\n${output}`)
    return match.slice(1).map(Number)
  }

  it('returns before its detached work is done', () => {
    expect(numbers(/returned with (\d+) of 120 sent/u)[0]).toBeLessThan(120)
    expect(numbers(/returned with (\d+) of 120 stored/u)[0]).toBeLessThan(120)
    expect(numbers(/committed with (\d+) of 120 entries/u)[0]).toBeLessThan(120)
    expect(numbers(/(\d+) errors reached nobody/u)[0]).toBeGreaterThan(0)
  })

  it('loses tokens', () => {
    const [counted, charged] = numbers(/counted (\d+) tokens, the model charged (\d+)/u)
    expect(counted).toBeLessThan(Number(charged))
  })

  it('mixes up keywords', () => {
    expect(numbers(/(\d+) of 120 articles carry the keywords of another/u)[0]).toBeGreaterThan(0)
  })

  it('is refused by the model', () => {
    expect(output).toContain('failed: /model/summary answered 429')
    expect(numbers(/refused (\d+)/u)[0]).toBeGreaterThan(0)
  })

  it('stops long after it was told to', () => {
    const [took] = numbers(/trends\s+(\d+) ms/u)
    const [told] = numbers(/told to stop after (\d+) ms/u)
    expect(took).toBeGreaterThan(5 * Number(told))
  })

  it('stays alive for timers that nobody waits for', () => {
    expect(numbers(/exit\s+(\d+) ms/u)[0]).toBeGreaterThan(1_000)
  })
})
