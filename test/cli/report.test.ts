import { describe, expect, it } from 'vitest'
import { makeReport } from '../../cli/reportCommand.ts'

describe('forkline trace report', () => {
  it('says what to do when there is no recording', async () => {
    await expect(makeReport('/nowhere/app.fltrace')).rejects.toThrow(/There is no .*app\.fltrace.*forkline run/u)
  })

  it('names a file that is no recording', async () => {
    await expect(makeReport(import.meta.filename)).rejects.toThrow(/report\.test\.ts: /u)
  })
})
