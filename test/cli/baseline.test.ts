import { describe, expect, it } from 'vitest'
import { matching } from './matching.ts'
import { Sandbox } from './sandbox.ts'

const FILE = 'eslint-suppressions.json'
const json = (value: unknown): string => JSON.stringify(value, null, 2)

describe('the suppressions file', () => {
  it('takes in all errors, silences them, and lets new ones through', async () => {
    const sandbox = new Sandbox({ 'src/a.ts': 'wrong; wrong; doubtful', 'b.ts': 'fine' })
    const first = await sandbox.lintJson('--suppress-all')
    expect(first.exitCode).toBe(0)
    expect(sandbox.read(FILE)).toBe(json({ 'src/a.ts': { 'forkline/no-certain': { count: 2 } } }))
    expect(first.reports.get('src/a.ts')).toMatchObject({
      errorCount: 0,
      warningCount: 1,
      suppressedMessages: [{ suppressions: [{ kind: 'file', justification: '' }] }, { ruleId: 'forkline/no-certain' }],
    })
    expect((await sandbox.run(['lint'])).exitCode).toBe(0)
    sandbox.write('src/a.ts', 'wrong; wrong; wrong')
    expect((await sandbox.lintJson()).reports.get('src/a.ts')).toMatchObject({ errorCount: 3, suppressedMessages: [] })
  })

  it('takes in the errors of single rules', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong; doubtful' })
    const args = ['lint', '--rule', 'no-likely:error', '--suppress-rule', 'no-likely']
    expect((await sandbox.run(args)).exitCode).toBe(1)
    expect(JSON.parse(sandbox.read(FILE))).toEqual({ 'a.ts': { 'forkline/no-likely': { count: 1 } } })
    expect((await sandbox.run([...args, '--suppress-rule', 'forkline/no-certain'])).exitCode).toBe(0)
  })

  it('that tolerates more than there is fails the run until it is pruned', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong; wrong', 'b.ts': 'wrong' })
    await sandbox.run(['lint', '--suppress-all'])
    sandbox.write('a.ts', 'wrong')
    sandbox.write('b.ts', 'fine')
    const unpruned = await sandbox.run(['lint'])
    expect(unpruned.exitCode).toBe(2)
    expect(unpruned.stderr).toContain('There are suppressions left that do not occur anymore')
    expect((await sandbox.run(['lint', '--pass-on-unpruned-suppressions'])).exitCode).toBe(0)
    expect((await sandbox.run(['lint', '--prune-suppressions'])).exitCode).toBe(0)
    expect(JSON.parse(sandbox.read(FILE))).toEqual({ 'a.ts': { 'forkline/no-certain': { count: 1 } } })
  })

  it('keeps what other plugins wrote, through every change', async () => {
    const others = { 'a.ts': { 'no-console': { count: 3 } }, 'gone.ts': { 'no-debugger': { count: 1 } } }
    const suppressions = json({ ...others, 'old.ts': { 'forkline/no-certain': { count: 1 } } })
    const sandbox = new Sandbox({ 'a.ts': 'wrong', [FILE]: suppressions })
    await sandbox.run(['lint', '--suppress-all'])
    expect(JSON.parse(sandbox.read(FILE))).toMatchObject({
      'a.ts': { 'no-console': { count: 3 }, 'forkline/no-certain': { count: 1 } },
      'gone.ts': others['gone.ts'],
    })
    sandbox.write('a.ts', 'fine')
    expect((await sandbox.run(['lint', '--prune-suppressions'])).exitCode).toBe(0)
    expect(sandbox.read(FILE)).toBe(json(others))
    expect((await sandbox.run(['lint'])).exitCode).toBe(0)
  })

  it('is not pruned of files that were not linted', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong', 'b.ts': 'wrong' })
    await sandbox.run(['lint', '--suppress-all'])
    const before = sandbox.read(FILE)
    expect((await sandbox.run(['lint', 'a.ts', '--prune-suppressions'])).exitCode).toBe(0)
    expect(sandbox.read(FILE)).toBe(before)
  })

  it('can lie elsewhere', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong', 'tools/README.md': '' })
    const args = ['lint', '--suppressions-location', 'tools/tolerated.json']
    expect(await sandbox.run(args)).toMatchObject({
      exitCode: 2,
      stderr: matching('The suppressions file does not exist'),
    })
    expect((await sandbox.run([...args, '--suppress-all'])).exitCode).toBe(0)
    expect((await sandbox.run(args)).exitCode).toBe(0)
    expect(sandbox.exists(FILE)).toBe(false)
  })

  it('is written after fixes, for what is left', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'mendable; wrong' })
    await sandbox.run(['lint', '--fix', '--suppress-all'])
    expect(JSON.parse(sandbox.read(FILE))).toEqual({ 'a.ts': { 'forkline/no-certain': { count: 1 } } })
  })

  it.each(['{ broken', '[]', '{ "a.ts": { "forkline/no-certain": 1 } }'])('that reads %s is an error', async (text) => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong', [FILE]: text })
    const ran = await sandbox.run(['lint'])
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(ran.stderr).toContain(`Failed to parse suppressions file at ${sandbox.path(FILE)}`)
    expect(sandbox.read(FILE)).toBe(text)
  })

  it.each([
    [['--suppress-all', '--suppress-rule', 'no-certain'], 'cannot be used together'],
    [['--suppress-all', '--prune-suppressions'], 'cannot be used together'],
    [['--suppress-rule', 'no-certain', '--prune-suppressions'], 'cannot be used together'],
    [['--suppress-rule', 'no-certian'], "Did you mean 'no-certain'?"],
    [['--suppressions-location', '.'], 'Expected a file'],
  ])('%j cannot run', async (args, stderr) => {
    const ran = await new Sandbox({ 'a.ts': 'wrong' }).run(['lint', ...args])
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(ran.stderr).toContain(stderr)
  })
})
