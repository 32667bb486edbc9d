/**
 * fast-check, with the same draws on each run, so that a change never fails for what was there before it. `npm run nightly`
 * draws anew; `FORKLINE_SEED` repeats what it found.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['FORKLINE_SEED'] ?? 20_261_121) })

export * from 'fast-check'
export { default } from 'fast-check'
