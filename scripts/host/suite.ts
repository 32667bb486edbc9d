import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runInHost, type HostResult } from './runInHost.ts'
import { temporaryFolder } from './temporaryFolder.ts'

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    types: [],
    strict: true,
    allowJs: true,
  },
}

/**
 * Runs test/host in a real VS Code, on a workspace of its own.
 *
 * @param log Told what the suite prints, line by line.
 * @throws {CannotHostError} When this machine can run no VS Code.
 */
export async function runHostSuite(log: (line: string) => void): Promise<HostResult> {
  await using workspace = await temporaryFolder()
  await writeFile(path.join(workspace.path, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  return await runInHost('suite', workspace.path, log)
}
