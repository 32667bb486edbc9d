import type { ChildProcess } from 'node:child_process'
import { isatty } from 'node:tty'

const FORWARDED =
  process.platform === 'win32'
    ? (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const)
    : (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const)

/**
 * What a terminal sends to all that runs in it by itself. A terminal that is closed tells only the process that was
 * started in it first, which may be this one.
 */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGBREAK']

/**
 * Passes the signals that this process gets on to the program, and survives them itself. In a terminal, the program
 * has Ctrl+C already: a second one would mean "at once" to many.
 *
 * @returns Ends it.
 */
export function forwardSignals(child: ChildProcess): () => void {
  const inTerminal = isatty(0) || isatty(1) || isatty(2)
  const ends = FORWARDED.map((signal) => {
    const forward = (): void => {
      if (!inTerminal || !FROM_TERMINAL.includes(signal)) child.kill(signal)
    }
    process.on(signal, forward)
    return () => process.off(signal, forward)
  })
  return () => {
    for (const end of ends) end()
  }
}
