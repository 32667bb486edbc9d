import type { CliHost, OutputStream } from './host.ts'

/** Whether to print in colors: as the environment says, or else on terminals that can. */
export function hasColors(stream: OutputStream, env: CliHost['env']): boolean {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return !env['NO_COLOR'] && stream.isTTY === true && env['TERM'] !== 'dumb'
}
