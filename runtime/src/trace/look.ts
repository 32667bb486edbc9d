/**
 * Looks at values of the program without running any of its code: neither getters nor proxies, which it could notice.
 */
import { types } from 'node:util'

/** How far up a chain of prototypes is looked. */
const DEPTH = 16

/** What is looked at here or further up: neither a primitive nor a proxy. */
function isOpen(value: unknown): value is object {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && !types.isProxy(value)
}

/** The value of a property that holds one, here or further up; undefined for a getter, and behind a proxy. */
export function peek(object: unknown, name: PropertyKey): unknown {
  let holder = object
  for (let depth = 0; depth < DEPTH && isOpen(holder); depth++) {
    const property = Object.getOwnPropertyDescriptor(holder, name)
    if (property !== undefined) return property.value
    holder = Object.getPrototypeOf(holder)
  }
  return undefined
}

/** As `instanceof`, by the prototype; false where a proxy is in the way. */
export function inherits(object: unknown, prototype: object): object is object {
  let holder = object
  for (let depth = 0; depth < DEPTH && isOpen(holder); depth++) {
    if (holder === prototype) return true
    holder = Object.getPrototypeOf(holder)
  }
  return false
}

/**
 * What the platform's own getter says of an object.
 *
 * @returns undefined when the object is not one of its kind, or a proxy is in the way.
 */
export function ask(prototype: object, getter: ((this: unknown) => unknown) | undefined, object: unknown): unknown {
  if (getter === undefined || !inherits(object, prototype)) return undefined
  try {
    return Reflect.apply(getter, object, [])
  } catch {
    return undefined
  }
}

/** A getter of the platform, to be taken before the program can put another one in its place. */
export function getterOf(prototype: object, name: PropertyKey): ((this: unknown) => unknown) | undefined {
  const property: { readonly get?: (this: unknown) => unknown } | undefined = Object.getOwnPropertyDescriptor(
    prototype,
    name,
  )
  return property?.get
}
