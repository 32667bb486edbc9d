import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { decodeConfig, encodeConfig, PROBLEM_NOTE, VARIABLE, withPreload } from '@forkline/runtime/register-config'
import * as vscode from 'vscode'
import type { Programs } from './programs.ts'

/** What launches a program in Node.js: under the name that people write, and under that which the debugger gives it. */
const TYPES = ['node', 'pwa-node', 'node-terminal']

type Environment = Readonly<Record<string, string | null | undefined>>

/** Records what is debugged by a launch configuration that says `"forkline": true`. */
export class DebugRecorder implements vscode.DebugConfigurationProvider {
  readonly #preload: string
  readonly #programs: Programs
  /** What each recorded session, by its id, needs done at its end. */
  readonly #ended = new Map<string, () => Promise<void>>()

  constructor(context: vscode.ExtensionContext, programs: Programs) {
    this.#preload = context.asAbsolutePath('dist/register.cjs')
    this.#programs = programs
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      ...TYPES.map((type) => vscode.debug.registerDebugConfigurationProvider(type, this)),
      vscode.debug.onDidStartDebugSession((session) => {
        this.#started(session)
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        void this.#ended.get(session.id)?.()
        this.#ended.delete(session.id)
      }),
    )
  }

  /**
   * Has the program record itself: by the script that Node is to load first, and the variable that this reads. Done
   * last, when the debugger has made of the configuration what it is going to use.
   */
  async resolveDebugConfigurationWithSubstitutedVariables(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    // Named no more in the result, which is asked about again under the name that the debugger gives its type.
    const { forkline, ...rest } = configuration as vscode.DebugConfiguration & { readonly forkline?: unknown }
    if (forkline !== true) return configuration
    if (rest.request !== 'launch') {
      void vscode.window.showWarningMessage(
        `"${rest.name}" attaches to a program, and only one that is launched can be recorded: `
          + 'start it with `forkline run`, or take `"forkline"` out of the configuration.',
      )
      return rest
    }
    const { env = {} } = rest as { readonly env?: Environment }
    return { ...rest, env: { ...env, ...(await this.#environment(rest.name, env)) } }
  }

  async #environment(name: string, { NODE_OPTIONS: options }: Environment): Promise<Readonly<Record<string, string>>> {
    return {
      NODE_OPTIONS: withPreload(options ?? undefined, this.#preload),
      [VARIABLE]: encodeConfig({
        run: randomBytes(16).toString('hex'),
        out: await this.#programs.newFile(name),
        notes: await mkdtemp(path.join(tmpdir(), 'forkline-run-')),
        promises: false,
        live: false,
      }),
    }
  }

  #started(session: vscode.DebugSession): void {
    const { env } = session.configuration as { readonly env?: Environment }
    const config = decodeConfig(env?.[VARIABLE] ?? undefined)
    if (config === undefined) return
    const ended = this.#programs.started({ file: config.out, stop: () => vscode.debug.stopDebugging(session) })
    this.#ended.set(session.id, async () => {
      ended()
      for (const problem of await takeProblems(config.notes))
        void vscode.window.showWarningMessage(`Forkline: ${problem}`)
    })
  }
}

/** What the processes of the program said of recording, each once. Removes the folder in which they said it. */
async function takeProblems(notes: string): Promise<readonly string[]> {
  try {
    const names = (await readdir(notes)).filter((name) => name.endsWith(PROBLEM_NOTE))
    const problems = new Set<string>()
    for (const name of names) {
      for (const line of (await readFile(path.join(notes, name), 'utf8')).split('\n'))
        if (line !== '') problems.add(line)
    }
    return [...problems]
  } finally {
    await rm(notes, { recursive: true, force: true })
  }
}
