import { spawn } from 'node:child_process'
import path from 'node:path'
import { root, sampleWorkspace } from './paths.ts'
import { run } from './run.ts'

const CLI = path.join(root, 'dist/cli.js')
/** The command ends with 1 when it finds something, which here it should. */
const FOUND_OR_CLEAN = [0, 1]

/** A file of the sample workspace, and the rules that the command line reports in it. */
export interface SampleFile {
  readonly path: string
  /** Bare rule ids, without repetition. */
  readonly rules: readonly string[]
}

/** Lints the sample workspace on this terminal. */
export async function showSampleFindings(): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'lint', '.'], { cwd: sampleWorkspace, stdio: 'inherit' })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === null || !FOUND_OR_CLEAN.includes(code)) {
    throw new Error(`\`node dist/cli.js lint\` on ${sampleWorkspace} ended with ${String(code)}`)
  }
}

/**
 * The files of the sample workspace in which the command line finds something, the one with the most first.
 *
 * @throws {Error} When it finds nothing at all: the sample is there to be found fault with.
 */
export async function sampleFindings(): Promise<readonly [SampleFile, ...SampleFile[]]> {
  const stdout = await run(process.execPath, [CLI, 'lint', '--format', 'json', '.'], {
    cwd: sampleWorkspace,
    accept: FOUND_OR_CLEAN,
  })
  const results = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string | null }[] }[]
  const [first, ...others] = results
    .map(({ filePath, messages }) => ({
      path: filePath,
      rules: [...new Set(messages.flatMap(({ ruleId }) => ruleId?.replace(/^forkline\//u, '') ?? []))],
    }))
    .filter(({ rules }) => rules.length > 0)
    .toSorted((a, b) => b.rules.length - a.rules.length)
  if (first === undefined) throw new Error(`\`node dist/cli.js lint\` found nothing in ${sampleWorkspace}`)
  return [first, ...others]
}
