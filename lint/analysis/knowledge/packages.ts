import { COORDINATION } from './packages/coordination.ts'
import { DATABASES } from './packages/databases.ts'
import type { PackageKnowledge } from './packages/model.ts'
import { MODELS } from './packages/models.ts'
import { NODE } from './packages/node.ts'
import { PROCESSES } from './packages/processes.ts'
import { SERVICES } from './packages/services.ts'
import { VENDORS } from './packages/vendors.ts'

/**
 * The table, by module specifier without a `node:` prefix. A name covers its subpaths, unless they have a row of their own;
 * `@scope/*` covers every package of a scope. Users add rows in their configuration: see docs/configuration.md.
 */
export const PACKAGES: Readonly<Record<string, PackageKnowledge>> = {
  ...NODE,
  ...PROCESSES,
  ...SERVICES,
  ...VENDORS,
  ...MODELS,
  ...DATABASES,
  ...COORDINATION,
}
