/**
 * A function that does `apply` in the place of `original`, and is like it in all else: name, length, properties, text.
 */
export function alike<F extends (...args: never[]) => unknown>(
  original: F,
  apply: (target: F, self: unknown, args: Parameters<F>) => unknown,
): F {
  return new Proxy(original, { apply })
}

/** Puts `value` where the property was; everything else about the property stays. False when it cannot be changed. */
export function replace(holder: object, name: PropertyKey, value: unknown): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name)
  if (descriptor === undefined || !('value' in descriptor)) return false
  return Reflect.defineProperty(holder, name, { ...descriptor, value })
}
