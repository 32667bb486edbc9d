import type { TSESLint } from '@typescript-eslint/utils'
import { PackageRoles } from '../analysis/knowledge/packageRoles.ts'
import { readConfiguration } from '../configuration.ts'

/** All files of a run share one settings object most of the time, and all rules of a file always do. */
const known = new WeakMap<object, PackageRoles>()

/**
 * What `settings: { forkline: … }` adds to the table of packages; the same shape as `forkline.json`.
 *
 * @throws {Error} When the settings are not what they should be; ESLint shows the message and stops.
 */
export function knowledgeIn(settings: TSESLint.SharedConfigurationSettings): PackageRoles | undefined {
  const section = settings['forkline']
  if (section === undefined) return undefined
  const isObject = typeof section === 'object' && section !== null
  const kept = isObject ? known.get(section) : undefined
  if (kept) return kept
  const { knowledge, problems } = readConfiguration(section)
  const [first] = problems
  if (first) throw new Error(`settings.${['forkline', ...first.path].join('.')}: ${first.message}`)
  const roles = new PackageRoles(knowledge)
  if (isObject) known.set(section, roles)
  return roles
}
