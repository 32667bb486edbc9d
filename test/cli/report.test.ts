import { describe, expect, it } from 'vitest'
import { Sandbox } from './sandbox.ts'

describe('forkline trace report', () => {
  it('says what to do when there is no recording', async () => {
    const { exitCode, stderr } = await new Sandbox({}).run(['trace', 'report', 'app.fltrace'])
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/There is no .*app\.fltrace.*forkline run/u)])
  })

  it('names a file that is no recording', async () => {
    const { exitCode, stderr } = await new Sandbox({ 'app.fltrace': 'a text' }).run(['trace', 'report', 'app.fltrace'])
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/app\.fltrace: /u)])
  })
})
