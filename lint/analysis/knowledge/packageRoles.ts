import { LIMITER_NAMES } from './names.ts'
import { PACKAGES } from './packages.ts'
import type { PackageKnowledge } from './packages/model.ts'

/** What a project adds to the table: the same shape in every face. */
export interface ProjectKnowledge {
  /** Roles by module specifier; they are added to those of the table, and go before them where both name the same export. */
  readonly packages?: Readonly<Record<string, PackageKnowledge>>
  /** Functions that deliberately start work and let it run. */
  readonly detached?: readonly string[]
  /** Functions and objects that bound what they are given, where the linter cannot see it. */
  readonly limiters?: readonly string[]
  /** Functions and objects under which only one task runs. */
  readonly locks?: readonly string[]
}

/** The table of packages with what one project adds to it. */
export class PackageRoles {
  readonly #added: Readonly<Record<string, PackageKnowledge>>
  /** By specifier: every use of an imported name asks. */
  readonly #rows = new Map<string, PackageKnowledge | undefined>()
  readonly #detached: ReadonlySet<string>
  readonly #limiters: ReadonlySet<string>
  readonly #locks: ReadonlySet<string>

  constructor({ packages = {}, detached = [], limiters = [], locks = [] }: ProjectKnowledge = {}) {
    this.#added = packages
    this.#detached = new Set(detached)
    this.#limiters = new Set(limiters)
    this.#locks = new Set(locks)
  }

  /** What is known of a module; the most exact row counts: the specifier, its package, its scope. */
  of(specifier: string): PackageKnowledge | undefined {
    if (!this.#rows.has(specifier)) this.#rows.set(specifier, this.#row(specifier.replace(/^node:/u, '')))
    return this.#rows.get(specifier)
  }

  #row(name: string): PackageKnowledge | undefined {
    const known = rowOf(PACKAGES, name)
    const added = rowOf(this.#added, name)
    return known && added ? merge(known, added) : (added ?? known)
  }

  /** Whether a project helper deliberately detaches work; by the last name of the call, or by all of it with dots. */
  isDetached(name: string): boolean {
    return named(this.#detached, name)
  }

  /** Whether the project says that calls of something by this name are bounded, whatever they are given. */
  isBounding(name: string): boolean {
    return named(this.#limiters, name) || named(this.#locks, name)
  }

  /** Whether something by this name bounds the work it is given, as the name itself says. */
  isLimiter(name: string): boolean {
    return LIMITER_NAMES.test(lastOf(name))
  }

  /** Whether the project says that only one task runs under something by this name. */
  isLock(name: string): boolean {
    return named(this.#locks, name)
  }
}

/** The table alone. */
export const KNOWN_ROLES = new PackageRoles()

function rowOf(table: Readonly<Record<string, PackageKnowledge>>, name: string): PackageKnowledge | undefined {
  const segments = name.split('/')
  const isScoped = name.startsWith('@')
  const candidates = [
    name,
    segments.slice(0, isScoped ? 2 : 1).join('/'),
    ...(isScoped ? [`${segments[0] ?? ''}/*`] : []),
  ]
  const row = candidates.find((candidate) => Object.hasOwn(table, candidate))
  return row === undefined ? undefined : table[row]
}

function merge(known: PackageKnowledge, added: PackageKnowledge): PackageKnowledge {
  return {
    ...known,
    ...added,
    ...((known.io ?? added.io) && { io: { ...known.io, ...added.io } }),
    ...((known.signals ?? added.signals) && { signals: { ...known.signals, ...added.signals } }),
    limiters: [...(known.limiters ?? []), ...(added.limiters ?? [])],
    locks: [...(known.locks ?? []), ...(added.locks ?? [])],
    runs: [...(known.runs ?? []), ...(added.runs ?? [])],
    startsAll: [...(known.startsAll ?? []), ...(added.startsAll ?? [])],
    sleeps: [...(known.sleeps ?? []), ...(added.sleeps ?? [])],
  }
}

function named(names: ReadonlySet<string>, name: string): boolean {
  return names.size > 0 && (names.has(name) || names.has(lastOf(name)))
}

function lastOf(dotted: string): string {
  return dotted.slice(dotted.lastIndexOf('.') + 1)
}
