import { describe, expect, it } from 'vitest'
import { Sandbox } from './sandbox.ts'

describe('--fix', () => {
  it('writes the fixed files, and reports what is left in them', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'mendable; wrong', 'b.ts': 'wrong' })
    const { reports, exitCode } = await sandbox.lintJson('--fix')
    expect(sandbox.read('a.ts')).toBe('sound; wrong')
    expect(reports.get('a.ts')).toMatchObject({ output: 'sound; wrong', errorCount: 1, messages: [{ column: 8 }] })
    expect(reports.get('a.ts')).not.toHaveProperty('source')
    expect(reports.get('b.ts')).not.toHaveProperty('output')
    expect(exitCode).toBe(1)
  })

  it('goes on until nothing changes any more', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'first; mendable', 'b.ts': 'first' })
    expect((await sandbox.run(['lint', '--fix'])).exitCode).toBe(0)
    expect(sandbox.read('a.ts')).toBe('third; sound')
    expect(sandbox.read('b.ts')).toBe('third')
  })

  it('stops after ten passes when fixes undo each other', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'ping' })
    expect((await sandbox.run(['lint', '--fix'])).exitCode).toBe(1)
    expect(sandbox.read('a.ts')).toBe('ping')
  })

  it('takes back a fix that leaves a syntax error', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'unbalanced' })
    const { reports, stderr } = await sandbox.lintJson('--fix')
    expect(sandbox.read('a.ts')).toBe('unbalanced')
    expect(reports.get('a.ts')).toMatchObject({ errorCount: 1, fatalErrorCount: 0 })
    expect(stderr).toContain('would leave a syntax error')
  })

  it('keeps a byte order mark and line ends', async () => {
    const sandbox = new Sandbox({ 'a.ts': '\uFEFFmendable\r\nfine\r\n' })
    await sandbox.run(['lint', '--fix'])
    expect(sandbox.read('a.ts')).toBe('\uFEFFsound\r\nfine\r\n')
  })

  it('leaves files in other encodings alone', async () => {
    const latin1 = Buffer.from('mendable // caf\u00E9', 'latin1')
    const sandbox = new Sandbox({ 'a.ts': latin1 })
    const { stderr } = await sandbox.lintJson('--fix')
    expect(stderr).toContain('is not UTF-8')
    expect(sandbox.bytes('a.ts')).toEqual(latin1)
  })

  it('fixes errors only with --quiet', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'mendable; fixableWarning' })
    await sandbox.run(['lint', '--fix', '--quiet'])
    expect(sandbox.read('a.ts')).toBe('sound; fixableWarning')
  })

  it('leaves suppressed findings and those below the level alone', async () => {
    const text = 'mendable // eslint-disable-line forkline/no-certain\nfixableWarning\n'
    const sandbox = new Sandbox({ 'a.ts': text })
    await sandbox.run(['lint', '--fix', '--level', 'certain'])
    expect(sandbox.read('a.ts')).toBe(text)
  })
})

describe('--fix-dry-run', () => {
  it('shows the fixed text and writes nothing', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'first' })
    const { reports, exitCode } = await sandbox.lintJson('--fix-dry-run')
    expect(reports.get('a.ts')).toMatchObject({ output: 'third', messages: [] })
    expect(exitCode).toBe(0)
    expect(sandbox.read('a.ts')).toBe('first')
  })
})
